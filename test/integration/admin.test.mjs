// SPDX-License-Identifier: Apache-2.0
// Every call of /admin/v1, and what follows from it for applications.
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';
import {Gateway} from '../peers/gateway.mjs';
import {basic, hmac} from '../peers/client.mjs';
import {until} from '../peers/wait.mjs';

const to = '+61491570156';
const unparsable = 'Request failed to parse correctly. Please ensure input is valid and try again.';
const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();

let gateway, client, auth;
before(async () => {
    gateway = await Gateway.start();
    client = gateway.client;
    auth = `Bearer ${await gateway.adminToken()}`;
});
after(() => gateway.close());

const admin = (method, path, body, expected) => client.call(method, `/admin/v1${path}`, {body, auth}).then((answer) => {
    if (expected) assert.equal(answer.status, expected, `${method} ${path} ${JSON.stringify(body)}: ${answer.text}`);
    return answer;
});

let accounts = 0;
// A new account with a key: its id and what its requests need.
async function newAccount(fields = {}) {
    const id = `account-${++accounts}`;
    await admin('POST', '/accounts', {id, ...fields}, 201);
    const {json} = await admin('POST', `/accounts/${id}/keys`, {scheme: 'basic'}, 201);
    const own = {auth: basic(json.key, json.secret)};
    return {id, key: json.key, own};
}

async function refused(method, path, body, ...details) {
    const {json} = await admin(method, path, body, 400);
    assert.deepEqual(json, {message: unparsable, details}, JSON.stringify(body));
}

const send = (own, messages, headers = {}) => client.post('/v1/messages', {messages}, {...own, headers});
const sendOne = async (own, fields) => {
    const answer = await send(own, [{content: 'Hello', destination_number: to, ...fields}]);
    assert.equal(answer.status, 202, answer.text);
    return answer.json.messages[0].message_id;
};
const statusOf = async (own, id) => (await client.get(`/v1/messages/${id}`, own)).json.status;
const reportsOf = async (own) => (await client.get('/v1/delivery_reports', own)).json.delivery_reports;
const isLast = ({status}) => !['enroute', 'submitted'].includes(status);
const endOf = (own, id) => until(`the end of ${id}`, async () =>
    (await reportsOf(own)).find((report) => report.message_id === id && isLast(report))?.error_code);
const creditsOf = async (own) => (await client.get('/v1/messaging/credits', own)).json.credits;

describe('accounts', () => {
    const defaults = {
        parent: null, default_source: null, unregistered_source: 'reject',
        features: {
            mms: true, tts: true, inbound_mms: false, signature_keys: false, opt_out: true,
            familiar_sender: false, familiar_source: false, billing_units: false,
        },
        requests_per_second: 0, messages_per_second: 0, priority: 'normal', duplicate_window_s: 0,
        opt_out_confirmation: null, daily_cap: 0, monthly_cap: 0, blocked_sources: [], drop_patterns: [],
        hold_patterns: [], converter: 'off', hours: 'off', zone: 'UTC', country: null, send_both: false, credits: null,
    };

    test('are added with defaults or with every field, shown, and listed by id', async () => {
        const {json: plain} = await admin('POST', '/accounts', {id: 'b.plain'}, 201);
        assert.deepEqual(plain, {id: 'b.plain', ...defaults});
        const fields = {
            parent: 'b.plain', default_source: '+61491570150', unregistered_source: 'substitute',
            features: {
                mms: false, tts: false, inbound_mms: true, signature_keys: true, opt_out: false,
                familiar_sender: true, familiar_source: true, billing_units: true,
            },
            requests_per_second: 1_000_000, messages_per_second: 1, priority: 'low', duplicate_window_s: 604_800,
            opt_out_confirmation: 'No more messages.', daily_cap: 1, monthly_cap: 1_000_000_000,
            blocked_sources: ['+61491570151', 'Bank'], drop_patterns: ['free * prize', 'casino*'],
            hold_patterns: ['Lottery!'],
            converter: 'lossless', hours: 'recipient', zone: 'Australia/Sydney', country: 'AU', send_both: true,
            credits: -5,
        };
        const {json: full} = await admin('POST', '/accounts', {id: 'a-full', ...fields}, 201);
        assert.deepEqual(full, {id: 'a-full', ...fields});
        assert.deepEqual((await admin('GET', '/accounts/a-full', undefined, 200)).json, full);
        const {json} = await admin('GET', '/accounts', undefined, 200);
        const ids = json.accounts.map(({id}) => id);
        assert.deepEqual(ids, [...ids].sort());
        assert.deepEqual(json.accounts.find(({id}) => id === 'a-full'), full);
        const none = {parent: null, default_source: null, credits: null};
        assert.deepEqual((await admin('POST', '/accounts', {id: 'c', ...none}, 201)).json, {id: 'c', ...defaults});
    });

    test('are changed field by field', async () => {
        const {id} = await newAccount({default_source: 'Bakery', credits: 7});
        const change = (body) => admin('PATCH', `/accounts/${id}`, body, 200).then(({json}) => json);
        const before = {id, ...defaults, default_source: 'Bakery', credits: 7};
        const features = {...defaults.features, mms: false};
        assert.deepEqual(await change({features: {mms: false}}), {...before, features});
        const now = {...before, features, unregistered_source: 'allow', messages_per_second: 50};
        assert.deepEqual(await change({unregistered_source: 'allow', messages_per_second: 50}), now);
        assert.deepEqual(await change({priority: 'high'}), {...now, priority: 'high'});
        await change({priority: 'normal'});
        const rules = {converter: 'strict', hours: 'account', zone: 'Europe/London'};
        assert.deepEqual(await change(rules), {...now, ...rules});
        await change({converter: 'off', hours: 'off', zone: 'UTC'});
        assert.deepEqual(await change({default_source: ''}), {...now, default_source: null});
        assert.deepEqual(await change({default_source: '61491570150'}), {...now, default_source: '+61491570150'});
        assert.deepEqual(await change({default_source: null}), {...now, default_source: null});
        assert.deepEqual((await admin('GET', `/accounts/${id}`, undefined, 200)).json, {...now, default_source: null});
    });

    test('with faults are refused, and every fault is told', async () => {
        const source = '/default_source: must be a number of 8 to 15 digits, a short code of 3 to 7, or a name of at ' +
            'most 11 characters of the GSM alphabet.';
        const limit = 'must be a whole number from 0 to 1000000.';
        await refused('POST', '/accounts', {
            id: 'x/y', parent: 'nobody', default_source: 'twelve chars', unregistered_source: 'never',
            features: {mms: 1, more: true}, requests_per_second: -1, messages_per_second: '5',
            duplicate_window_s: 604_801, credits: 0.5, x: 1, converter: 'on', hours: true, zone: '+10:00',
            country: 'Australia',
        }, '/id: must have 1 to 64 letters, digits, dots, hyphens and underscores, and begin with a letter or a digit.',
        '/parent: no such account.', '/credits: must be a whole number from -1000000000000 to 1000000000000.', source,
        '/unregistered_source: must be one of reject, substitute, allow.', '/features/mms: must be true or false.',
        `/requests_per_second: ${limit}`, `/messages_per_second: ${limit}`,
        '/duplicate_window_s: must be a whole number from 0 to 604800.',
        '/converter: must be one of off, strict, lossless.', '/hours: must be a string.',
        '/zone: must be a time zone of the IANA database, as Australia/Sydney.',
        '/country: must be the two capital letters of a country, as AU.', '/features/more: unknown field.',
        '/x: unknown field.');
        const pattern = 'must each be one line of at most 200 bytes with a word in it';
        const hundred_and_one = Array(101).fill('casino');
        await refused('PATCH', '/accounts/sandbox', {
            daily_cap: -1, monthly_cap: 1.5, blocked_sources: ['Bank', '12'], drop_patterns: ['casino', '*'],
            hold_patterns: hundred_and_one,
        }, '/daily_cap: must be a whole number from 0 to 1000000000.',
        '/monthly_cap: must be a whole number from 0 to 1000000000.',
        source.replace('default_source', 'blocked_sources'),
        `/drop_patterns: ${pattern}.`, '/hold_patterns: must have at most 100 entries.');
        for (const drop_patterns of [['two\nlines'], ['x'.repeat(201)], ['']]) {
            await refused('PATCH', '/accounts/sandbox', {drop_patterns}, `/drop_patterns: ${pattern}.`);
        }
        for (const id of [undefined, '']) await refused('POST', '/accounts', {id}, '/id: is required.');
        for (const body of ['', '[]', '{', 'null']) {
            await refused('POST', '/accounts', body, 'The body must be a JSON object.');
        }
        for (const default_source of ['+61 491 570', '12', '1234567890123456', 'Grüße 世界', '+6149157015x999']) {
            await refused('POST', '/accounts', {id: 'x', default_source}, source);
        }
        await refused('PATCH', '/accounts/sandbox', {}, 'The body must have at least one field.');
        await refused('PATCH', '/accounts/sandbox', {features: {}}, 'The body must have at least one field.');
        await refused('PATCH', '/accounts/sandbox', {features: null}, '/features: must be an object.');
        await refused('PATCH', '/accounts/sandbox', {unregistered_source: null},
            '/unregistered_source: must be a string.');
        for (const field of ['id', 'parent', 'credits']) {
            await refused('PATCH', '/accounts/sandbox', {[field]: null}, `/${field}: unknown field.`);
        }
        await admin('POST', '/accounts', {id: 'sandbox'}, 409);
    });

    test('that do not exist are not found by any call', async () => {
        for (const id of ['nobody', 'SANDBOX', '%2E%2E', 'a%2Fb']) {
            for (const [method, path, body] of [
                ['GET', ''], ['PATCH', '', {default_source: null}], ['DELETE', ''], ['POST', '/credits', {set: 1}],
                ['GET', '/keys'], ['POST', '/keys', {scheme: 'basic'}], ['GET', '/keys/x'],
                ['PATCH', '/keys/x', {expires_at: null}], ['DELETE', '/keys/x'], ['POST', '/keys/x/rotate', {}],
            ]) await admin(method, `/accounts/${id}${path}`, body, 404);
        }
    });

    test('are removed with keys and numbers, but not before their sub-accounts; ids do not come back', async () => {
        const parent = await newAccount(), child = await newAccount({parent: parent.id});
        await admin('POST', '/numbers', {number: '+61491577001', account: parent.id}, 201);
        const {json} = await admin('DELETE', `/accounts/${parent.id}`, undefined, 409);
        assert.deepEqual(json.details, ['The account has sub-accounts: remove them first.']);
        await admin('DELETE', `/accounts/${child.id}`, undefined, 204);
        await admin('DELETE', `/accounts/${parent.id}`, undefined, 204);
        assert.notEqual((await client.get('/v1/replies', parent.own)).status, 200);
        await admin('GET', `/accounts/${parent.id}`, undefined, 404);
        await admin('POST', '/accounts', {id: parent.id}, 409);
        await admin('POST', '/numbers', {number: '+61491577001', account: 'sandbox'}, 201);
    });

    test('reject, substitute or allow sources that are not theirs', async () => {
        const {id, own} = await newAccount({default_source: '+61491577010'});
        await admin('POST', '/numbers', {number: '+61491577011', account: id}, 201);
        const from = (source_number) => sendOne(own, {source_number, delivery_report: true});
        const received = async () => (await client.get(`/sandbox/handsets/${to}/messages`)).json.messages.at(-1).from;
        assert.equal(await endOf(own, await from('+61491577999')), '303');
        assert.equal(await endOf(own, await from('+61491577011')), '220');
        assert.match(await received(), /61491577011$/);
        await admin('PATCH', `/accounts/${id}`, {unregistered_source: 'substitute'}, 200);
        assert.equal(await endOf(own, await from('+61491577999')), '220');
        assert.match(await received(), /61491577010$/);
        await admin('PATCH', `/accounts/${id}`, {unregistered_source: 'allow'}, 200);
        assert.equal(await endOf(own, await from('+61491577999')), '220');
        assert.match(await received(), /61491577999$/);
    });

    test('may use the features that are on', async () => {
        const {id, own} = await newAccount({features: {mms: false}});
        const message = {content: 'Look', destination_number: to, format: 'MMS'};
        assert.equal((await send(own, [message])).status, 403);
        assert.equal((await send(own, [{...message, format: 'TTS'}])).status, 202);
        await admin('PATCH', `/accounts/${id}`, {features: {mms: true, tts: false}}, 200);
        assert.equal((await send(own, [message])).status, 202);
        assert.equal((await send(own, [{...message, format: 'TTS'}])).status, 403);
    });
});

describe('credits', () => {
    test('are set, added and lifted, and the account sees them', async () => {
        const {id, own} = await newAccount();
        const change = async (body) => (await admin('POST', `/accounts/${id}/credits`, body, 200)).json.credits;
        const {json} = await admin('POST', `/accounts/${id}/credits`, {add: 5}, 409);
        assert.equal(json.message, 'The account is not prepaid');
        assert.ok(await creditsOf(own) > 1_000_000);
        assert.equal(await change({set: 10}), 10);
        assert.equal(await creditsOf(own), 10);
        assert.equal(await change({add: -30}), -20);
        assert.equal(await creditsOf(own), -20);
        assert.equal((await admin('GET', `/accounts/${id}`)).json.credits, -20);
        assert.equal(await change({unlimited: true}), null);
        assert.ok(await creditsOf(own) > 1_000_000);
    });

    test('are changed in one way at a time', async () => {
        const path = '/accounts/sandbox/credits', one = 'The body must have exactly one of add, set, unlimited.';
        for (const body of [{}, {add: 1, set: 1}, {set: 1, unlimited: true}]) await refused('POST', path, body, one);
        await refused('POST', path, {unlimited: false}, '/unlimited: must be true.');
        await refused('POST', path, {set: null}, '/set: must be a whole number from -1000000000000 to 1000000000000.');
        await refused('POST', path, {sett: 5}, one, '/sett: unknown field.');
    });

    test('pay for messages in their order; the rest ends in 301, and what is cancelled is paid back', async () => {
        const {own} = await newAccount({credits: 3, unregistered_source: 'allow'});
        const scheduled = {destination_number: to, delivery_report: true, scheduled: inAnHour()};
        const batch = [
            {destination_number: to, delivery_report: true, content: 'one'},
            {destination_number: to, delivery_report: true, content: 'x'.repeat(500)},  // four segments
            {...scheduled, content: 'two'},
            {destination_number: to, delivery_report: true, content: 'three'},
            {destination_number: to, delivery_report: true, content: 'four'},
        ];
        const answer = await send(own, batch);
        assert.equal(answer.status, 202, answer.text);
        const ids = answer.json.messages.map(({message_id}) => message_id);
        assert.equal(await endOf(own, ids[0]), '220');
        assert.equal(await endOf(own, ids[1]), '301');
        assert.equal(await statusOf(own, ids[1]), 'rejected');
        assert.equal(await statusOf(own, ids[2]), 'scheduled');
        assert.equal(await endOf(own, ids[3]), '220');
        assert.equal(await endOf(own, ids[4]), '301');
        assert.equal(await creditsOf(own), 0);
        assert.equal((await client.put(`/v1/messages/${ids[2]}`, {status: 'cancelled'}, own)).status, 200);
        assert.equal(await creditsOf(own), 1);
    });
});

describe('keys', () => {
    const getsIn = async (own) => (await client.get('/v1/replies', own)).status === 200;

    test('are made, listed and shown without their secret, changed and removed', async () => {
        const {id, key: first} = await newAccount();
        const {json: made} = await admin('POST', `/accounts/${id}/keys`, {
            scheme: 'hmac', expires_at: '2096-01-01T00:00:00+10:00', body_digest_required: true, sha1_allowed: false,
            priority: 'high',
        }, 201);
        const {secret, ...shown} = made;
        assert.deepEqual(shown, {
            key: made.key, scheme: 'hmac', account: id, expires_at: '2095-12-31T14:00:00.000Z', expired: false,
            body_digest_required: true, sha1_allowed: false, priority: 'high',
        });
        const path = `/accounts/${id}/keys/${made.key}`;
        assert.deepEqual((await admin('GET', path, undefined, 200)).json, shown);
        const {json: {keys}} = await admin('GET', `/accounts/${id}/keys`, undefined, 200);
        assert.deepEqual(keys.map(({key}) => key), [first, made.key].sort());
        assert.ok(!JSON.stringify(keys).includes(secret));

        const pair = {hmac_key: made.key, hmac_secret: secret};
        const signed = async (options) =>
            (await client.call('GET', '/v1/replies', {auth: null, headers: hmac(pair, 'GET', '/v1/replies', undefined,
                options)})).status === 200;
        assert.ok(!await signed({algorithm: 'sha1'}));
        assert.ok(await signed({algorithm: 'sha256'}));
        const change = {sha1_allowed: true, expires_at: null, priority: null};
        assert.deepEqual((await admin('PATCH', path, change, 200)).json, {...shown, ...change});
        assert.ok(await signed({algorithm: 'sha1'}));
        await admin('DELETE', path, undefined, 204);
        assert.ok(!await signed({algorithm: 'sha256'}));
        await admin('DELETE', path, undefined, 404);
    });

    test('belong to one account', async () => {
        const {key} = await newAccount();
        for (const [method, path, body] of [
            ['GET', ''], ['PATCH', '', {expires_at: null}], ['POST', '/rotate', {}], ['DELETE', ''],
        ]) await admin(method, `/accounts/sandbox/keys/${key}${path}`, body, 404);
    });

    test('with faults are refused', async () => {
        const {id, key} = await newAccount();
        const path = `/accounts/${id}/keys`, forHmac = 'is for keys with the scheme hmac.';
        await refused('POST', path, {}, '/scheme: is required.');
        await refused('POST', path, {scheme: 'HMAC'}, '/scheme: must be one of basic, hmac.');
        await refused('POST', path, {scheme: null, y: 1}, '/scheme: must be a string.', '/y: unknown field.');
        await refused('POST', path, {scheme: 'basic', expires_at: '2020-01-01T00:00:00Z', sha1_allowed: true},
            `/sha1_allowed: ${forHmac}`, '/expires_at: must be in the future.');
        await refused('POST', path, {scheme: 'hmac', expires_at: 'soon', sha1_allowed: null},
            '/expires_at: must be an ISO 8601 date and time.', '/sha1_allowed: must be true or false.');
        await refused('PATCH', `${path}/${key}`, {}, 'The body must have at least one field.');
        await refused('PATCH', `${path}/${key}`, {body_digest_required: true}, `/body_digest_required: ${forHmac}`);
        await refused('PATCH', `${path}/${key}`, {scheme: 'hmac'}, '/scheme: unknown field.');
        for (const overlap_s of [-1, 2_592_001, '60', null]) {
            await refused('POST', `${path}/${key}/rotate`, {overlap_s},
                '/overlap_s: must be a whole number from 0 to 2592000.');
        }
    });

    test('end when they expire', async () => {
        const {id, key, own} = await newAccount();
        assert.ok(await getsIn(own));
        const expires_at = new Date(Date.now() + 700).toISOString();
        await admin('PATCH', `/accounts/${id}/keys/${key}`, {expires_at}, 200);
        await until('the end of the key', async () => !await getsIn(own));
        assert.ok(Date.now() >= Date.parse(expires_at));
        const {json} = await admin('GET', `/accounts/${id}/keys/${key}`, undefined, 200);
        assert.deepEqual([json.expires_at, json.expired], [expires_at, true]);
    });

    test('are rotated: both get in until the overlap ends', async () => {
        const {id, key, own} = await newAccount();
        const rotate = (of, body) => admin('POST', `/accounts/${id}/keys/${of}/rotate`, body, 201);
        const {json: second} = await rotate(key, undefined);
        const day = Date.parse(second.replaces.expires_at) - Date.now();
        assert.ok(day > 86_300_000 && day <= 86_400_000, second.replaces.expires_at);
        assert.equal(second.replaces.key, key);
        assert.equal(second.scheme, 'basic');
        assert.equal(second.expires_at, null);
        const next = {auth: basic(second.key, second.secret)};
        assert.ok(await getsIn(own) && await getsIn(next));
        const {json: third} = await rotate(key, {overlap_s: 1});
        assert.ok(await getsIn({auth: basic(third.key, third.secret)}));
        await until('the end of the old key', async () => !await getsIn(own));
        assert.ok(await getsIn(next));
        await rotate(second.key, {overlap_s: 0});
        assert.ok(!await getsIn(next));

        const {json: signed} = await admin('POST', `/accounts/${id}/keys`, {
            scheme: 'hmac', body_digest_required: true, sha1_allowed: false,
        }, 201);
        const {json: successor} = await rotate(signed.key, {});
        assert.deepEqual([successor.scheme, successor.body_digest_required, successor.sha1_allowed],
            ['hmac', true, false]);
    });
});

describe('numbers', () => {
    const listed = async () => (await admin('GET', '/numbers', undefined, 200)).json.numbers;

    test('are given to an account or to the pool, and taken away', async () => {
        const {id, own} = await newAccount();
        const {json: pooled} = await admin('POST', '/numbers', {number: '61491578001', pool: true}, 201);
        assert.deepEqual(pooled, {number: '+61491578001', account: null, pool: true});
        await admin('POST', '/numbers', {number: '12345', account: id}, 201);
        const numbers = await listed();
        assert.ok(numbers.some((one) => one.number === '12345' && one.account === id && !one.pool));
        assert.ok(numbers.some((one) => one.number === '+61491578001' && one.pool));
        for (const owner of [{pool: true}, {account: id}, {account: 'sandbox'}]) {
            await admin('POST', '/numbers', {number: '+61491578001', ...owner}, 409);
        }
        assert.equal(await endOf(own, await sendOne(own, {delivery_report: true})), '220');  // from the pool
        await admin('DELETE', '/numbers/+61491578001', undefined, 204);
        await admin('DELETE', '/numbers/+61491578001', undefined, 404);
        await admin('DELETE', '/numbers/12345?account=sandbox', undefined, 404);
        await admin('DELETE', `/numbers/12345?account=${id}`, undefined, 204);
    });

    test('that are names may be of several accounts, and are taken from one of them', async () => {
        const [one, other] = [await newAccount(), await newAccount()];
        for (const {id} of [one, other]) await admin('POST', '/numbers', {number: 'Bäckerei &', account: id}, 201);
        await admin('POST', '/numbers', {number: 'Bäckerei &', account: one.id}, 409);
        const path = `/numbers/${encodeURIComponent('Bäckerei &')}`;
        await refused('DELETE', path, undefined, 'Several accounts have this name: say which by ?account=ID.');
        for (const query of ['acount=x', 'account=x&account=y', 'account=%zz']) {
            await refused('DELETE', `${path}?${query}`, undefined, 'The query may be account=ID and nothing else.');
        }
        await admin('DELETE', `${path}?account=${one.id}`, undefined, 204);
        await admin('DELETE', path, undefined, 204);
        assert.ok(!(await listed()).some(({number}) => number === 'Bäckerei &'));
    });

    test('with faults are refused', async () => {
        const one = 'The body must have exactly one of account, pool.';
        await refused('POST', '/numbers', {number: '+61491578002'}, one);
        await refused('POST', '/numbers', {number: '+61491578002', account: 'sandbox', pool: true}, one);
        await refused('POST', '/numbers', {number: '+61491578002', account: 'nobody'}, '/account: no such account.');
        await refused('POST', '/numbers', {number: '+61491578002', pool: false}, '/pool: must be true.');
        await refused('POST', '/numbers', {number: 'Bakery', pool: true},
            '/number: must be a number: nobody can reply to a name.');
        await refused('POST', '/numbers', {account: 'sandbox', z: 1}, '/number: is required.', '/z: unknown field.');
    });

    test('of nobody have their replies listed, newest first', async () => {
        const stranger = '+61491570177';
        for (const content of ['first', 'second']) {
            const answer = await client.post(`/sandbox/handsets/${stranger}/messages`, {to: '+61491578555', content});
            assert.equal(answer.status, 202);
            await until(`${content} on the list`, async () => {
                const {json} = await admin('GET', '/unmatched_replies', undefined, 200);
                return json.unmatched_replies[0]?.content === content;
            });
        }
        const {json} = await admin('GET', '/unmatched_replies', undefined, 200);
        const [newest, older] = json.unmatched_replies;
        const {date_received, ...rest} = newest;
        assert.deepEqual(rest, {
            link: 'sandbox', source_number: stranger, destination_number: '+61491578555', content: 'second',
        });
        assert.ok(Math.abs(Date.parse(date_received) - Date.now()) < 60_000);
        assert.equal(older.content, 'first');
    });
});

describe('limits', () => {
    test('of requests and messages are kept, told in headers, and lifted', async () => {
        const {id, own} = await newAccount({requests_per_second: 1000, messages_per_second: 2});
        const three = Array(3).fill({content: 'Hello', destination_number: to});
        const first = await send(own, three);  // into debt
        assert.equal(first.status, 202);
        assert.equal(first.headers.get('ratelimit-limit'), '2');
        assert.equal(first.headers.get('ratelimit-remaining'), '0');
        const second = await send(own, three);
        assert.equal(second.status, 429);
        assert.ok(Number(second.headers.get('retry-after')) >= 1);
        assert.deepEqual(second.json.details, ['The account may send 2 messages a second.']);
        assert.equal((await client.get('/v1/replies', own)).status, 200, 'other requests pass');
        await admin('PATCH', `/accounts/${id}`, {messages_per_second: 0, requests_per_second: 0}, 200);
        const third = await send(own, three);
        assert.equal(third.status, 202);
        assert.equal(third.headers.get('ratelimit-limit'), null);
    });
});

describe('a trace', () => {
    test('tells the sender and every step of a message of any account', async () => {
        const {id, own} = await newAccount({default_source: '+61491577020'});
        const message = await sendOne(own, {delivery_report: true});
        await endOf(own, message);
        const {json} = await admin('GET', `/messages/${message}/trace`, undefined, 200);
        assert.equal(json.account, id);
        assert.equal(json.sender, '+61491577020');
        assert.equal(json.message.source_number, undefined, 'only the trace tells it');
        assert.equal(json.message.status, 'delivered');
        assert.deepEqual(json.steps.map(({code}) => code), ['101', '200', '220']);
        assert.equal(json.steps[0].what, 'from 61491577020');
        assert.match(json.steps[1].what, /^on sandbox as [0-9a-f]+$/);
        assert.match(json.steps[2].what, /^receipt for [0-9a-f]+$/);
    });

    test('of an unknown message is not found', async () => {
        await admin('GET', '/messages/877c19ef-fa2e-4cec-827a-e1df9b5509f7/trace', undefined, 404);
        await admin('GET', '/messages/x/trace', undefined, 404);
    });
});

describe('Idempotency-Key', () => {
    const hello = [{content: 'Hello', destination_number: to}];
    const keyed = (own, key, messages = hello) => send(own, messages, {'Idempotency-Key': key});

    test('gives the same answer again and sends nothing twice', async () => {
        const {own} = await newAccount({credits: 10, default_source: '+61491570150'});
        const first = await keyed(own, 'order 7'), again = await keyed(own, 'order 7');
        assert.deepEqual([first.status, again.status], [202, 202]);
        assert.equal(again.text, first.text);
        assert.equal(first.headers.get('Idempotent-Replayed'), null);
        assert.equal(again.headers.get('Idempotent-Replayed'), 'true');
        assert.equal(await creditsOf(own), 9);
        const other = await keyed(own, 'order 7', [{...hello[0], content: 'Other'}]);
        assert.equal(other.status, 422, other.text);
        assert.equal((await keyed(own, 'order 8')).headers.get('Idempotent-Replayed'), null);
    });

    test('is not used up by a request that was refused', async () => {
        const {own} = await newAccount();
        assert.equal((await keyed(own, 'k', [{content: 'Hello', destination_number: 'x'}])).status, 400);
        assert.equal((await keyed(own, 'k')).status, 202);
    });

    test('belongs to its account', async () => {
        const [one, other] = [await newAccount(), await newAccount()];
        const [first, second] = [await keyed(one.own, 'same'), await keyed(other.own, 'same')];
        assert.deepEqual([first.status, second.status], [202, 202]);
        assert.equal(second.headers.get('Idempotent-Replayed'), null);
        assert.notEqual(first.json.messages[0].message_id, second.json.messages[0].message_id);
    });

    test('lets one of many requests at once in', async () => {
        const {own} = await newAccount({credits: 100, default_source: '+61491570150'});
        for (let round = 0; round < 5; ++round) {
            const answers = await Promise.all(Array.from({length: 4}, () => keyed(own, `race ${round}`)));
            const accepted = answers.filter(({status}) => status === 202);
            assert.ok(accepted.length >= 1);
            assert.equal(new Set(accepted.map(({json}) => json.messages[0].message_id)).size, 1);
            for (const {status} of answers) assert.ok([202, 409].includes(status), String(status));
            assert.equal(await creditsOf(own), 99 - round);
        }
    });
});
