// SPDX-License-Identifier: Apache-2.0
// Who gets in: Basic and HMAC with every leniency that existing clients need, and admin's bearer token.
import assert from 'node:assert/strict';
import {createHash, createHmac} from 'node:crypto';
import {after, before, describe, test} from 'node:test';
import {basic, hmac} from '../peers/client.mjs';
import {Gateway} from '../peers/gateway.mjs';
import {until} from '../peers/wait.mjs';

const path = '/v1/messages';
const scheduled = new Date(Date.now() + 3_600_000).toISOString();
const body = JSON.stringify({messages: [{content: 'Hello', destination_number: '+61491570156', scheduled}]});
const unicode = JSON.stringify({messages: [{content: 'Héllo 你好 😀', destination_number: '+61491570156', scheduled}]});

let gateway, client, keys;
before(async () => {
    gateway = await Gateway.start();
    ({client, keys} = gateway);
});
after(() => gateway.close());

const withHeaders = (method, target, headers, data) => client.call(method, target, {auth: null, headers, body: data});
const signed = (method, target, data, options) =>
    withHeaders(method, target, hmac(keys, method, target, data, options), data);
const md5 = (data) => createHash('md5').update(data).digest('hex');

async function getsIn(answer) {
    const {status, text} = await answer;
    assert.ok(status === 200 || status === 202, `${status} ${text}`);
}

async function isRefused(answer, message = /./) {
    const {status, json} = await answer;
    assert.equal(status, 401);
    assert.match(json.message, message);
}

describe('Basic', () => {
    const get = (Authorization) => withHeaders('GET', '/v1/replies', {Authorization});

    test('gets in, however the scheme is spelt', async () => {
        const [, token] = basic(keys.key, keys.secret).split(' ');
        for (const scheme of ['Basic', 'basic', 'BASIC']) await getsIn(get(`${scheme} ${token}`));
        assert.match(keys.key, /^[A-Za-z0-9]{20}$/);
        assert.match(keys.secret, /^[A-Za-z0-9]{30}$/);
    });

    test('no credentials are a 401 that says how to give some', async () => {
        const answer = await client.get('/v1/replies', {auth: null});
        assert.equal(answer.status, 401);
        assert.equal(answer.text, '{"message":"Unauthorized"}');
        assert.match(answer.headers.get('www-authenticate'), /^Basic realm="/);
    });

    test('wrong ones are a 401 that does not say what is wrong', async () => {
        for (const [key, secret] of [[keys.key, 'x'], [keys.key, ''], ['x', keys.secret], ['', ''],
            [keys.key, `${keys.secret}x`], [keys.hmac_key, keys.hmac_secret], [keys.key, `:${keys.secret}`]]) {
            const answer = await get(basic(key, secret));
            assert.equal(answer.status, 401, `${key}:${secret}`);
            assert.equal(answer.text, '{"message":"Invalid authentication credentials"}');
            assert.match(answer.headers.get('www-authenticate'), /^Basic realm="/);
        }
    });

    test('what is no credentials at all does not get in', async () => {
        for (const text of ['Basic', 'Basic !!!', `Basic ${Buffer.from(keys.key).toString('base64')}`, 'Bearer x', 'x',
            'hmac', 'hmac username="x"']) {
            const {status} = await get(text);
            assert.equal(status, 401, text);
        }
    });

    test('an unknown sub-account is refused in the very bytes that old clients compare', async () => {
        const headers = {Authorization: client.auth, Account: 'INVALID ACCOUNT'};
        const answer = await withHeaders('GET', '/v1/replies', headers);
        assert.equal(answer.status, 403);
        assert.equal(answer.text, '{"message":"Invalid account \'INVALID ACCOUNT\' in header Account"}\n');
    });
});

describe('HMAC', () => {
    test('as the reference signs, with sha1 and sha256', async () => {
        for (const algorithm of ['sha1', 'sha256']) {
            await getsIn(signed('POST', path, body, {algorithm}));
            await getsIn(signed('POST', path, unicode, {algorithm}));
            await getsIn(signed('GET', '/v1/replies', undefined, {algorithm}));
        }
    });

    test('as the official clients sign', async () => {
        for (const digestHeader of ['x-Content-MD5', 'x-content-md5']) {
            await getsIn(signed('POST', path, body, {dateHeader: 'date', digestHeader}));
        }
        await getsIn(signed('GET', '/v1/replies', undefined, {dateHeader: 'date'}));
        await getsIn(signed('GET', '/v1/replies', undefined, {dateHeader: 'x-date'}));
    });

    test('with blanks around = and , and the scheme in capitals', async () => {
        await getsIn(signed('POST', path, body, {spaced: true}));
        await getsIn(signed('POST', path, body, {scheme: 'HMAC'}));
    });

    test('a PUT may be signed as a POST, nothing else may', async () => {
        const [{message_id}] = (await client.post(path, body)).json.messages;
        const target = `/v1/messages/${message_id}`;
        const cancel = '{"status":"cancelled"}';
        await isRefused(signed('PUT', target, cancel, {signedMethod: 'GET'}), /does not match/);
        await isRefused(signed('GET', target, undefined, {signedMethod: 'POST'}), /does not match/);
        await isRefused(signed('POST', path, body, {signedMethod: 'PUT'}), /does not match/);
        await getsIn(signed('PUT', target, cancel, {signedMethod: 'POST'}));
        await getsIn(signed('PUT', target, cancel));
    });

    test('the digest may be upper case, base64, or C#\'s of the text without its letters', async () => {
        await getsIn(signed('POST', path, body, {digest: md5(body).toUpperCase()}));
        await getsIn(signed('POST', path, body, {digest: createHash('md5').update(body).digest('base64')}));
        const lossy = unicode.replace(/[^\x00-\x7f]/g, '?');
        await getsIn(signed('POST', path, unicode, {digest: md5(lossy).toUpperCase()}));
        await isRefused(signed('POST', path, body, {digest: md5('other')}));
        await isRefused(signed('POST', path, unicode, {digest: md5('other')}));
    });

    test('a body without a digest gets in, as an old client sends it', async () => {
        await getsIn(signed('POST', path, body, {digestHeader: null}));
    });

    test('a date off by less than 300 s gets in, by more or missing does not', async () => {
        const at = (seconds) => new Date(Date.now() + seconds * 1000).toUTCString();
        for (const seconds of [-290, 290]) await getsIn(signed('GET', '/v1/replies', undefined, {date: at(seconds)}));
        for (const seconds of [-310, 310, -86_400]) {
            const answer = signed('GET', '/v1/replies', undefined, {date: at(seconds)});
            await isRefused(answer, /valid date or x-date header/);
        }
        await isRefused(signed('GET', '/v1/replies', undefined, {date: 'yesterday'}), /date/);
    });

    test('a date in each form of RFC 9110, 5.6.7, gets in, and under each name of its zone', async () => {
        const now = new Date();
        const fixed = now.toUTCString();  // Sat, 30 Jul 2016 05:18:52 GMT
        const [, day, month, year, time] = fixed.split(' ');
        const weekday = now.toLocaleDateString('en', {weekday: 'long', timeZone: 'UTC'});
        const zones = ['UTC', '+0000', '-0000'].map((zone) => fixed.replace('GMT', zone));
        const forms = [fixed, ...zones, `${weekday}, ${day}-${month}-${year.slice(2)} ${time} GMT`,
            `${fixed.slice(0, 3)} ${month} ${String(Number(day)).padStart(2)} ${time} ${year}`];
        for (const date of forms) {
            for (const dateHeader of ['Date', 'x-date']) {
                const answer = await signed('GET', '/v1/replies', undefined, {date, dateHeader});
                assert.equal(answer.status, 200, `${dateHeader}: ${date}: ${answer.text}`);
            }
        }
        for (const date of [fixed.replace('GMT', '+0100'), fixed.replace(' GMT', '')]) {
            await isRefused(signed('GET', '/v1/replies', undefined, {date}), /valid date or x-date header/);
        }
    });

    test('the same signature twice gets in: two polls in one second are legitimate', async () => {
        const headers = hmac(keys, 'GET', '/v1/replies');
        await getsIn(withHeaders('GET', '/v1/replies', headers));
        await getsIn(withHeaders('GET', '/v1/replies', headers));
    });

    test('a wrong secret, key, path, method, body or algorithm does not', async () => {
        const wrongSecret = {...keys, hmac_secret: 'x'};
        await isRefused(withHeaders('GET', '/v1/replies', hmac(wrongSecret, 'GET', '/v1/replies')));
        const basicKey = {...keys, hmac_key: keys.key, hmac_secret: keys.secret};
        await isRefused(withHeaders('GET', '/v1/replies', hmac(basicKey, 'GET', '/v1/replies')));
        await isRefused(withHeaders('GET', '/v1/delivery_reports', hmac(keys, 'GET', '/v1/replies')), /does not match/);
        await isRefused(withHeaders('POST', path, hmac(keys, 'POST', path, body), unicode));
        const md5Signature = hmac(keys, 'GET', '/v1/replies');
        md5Signature.Authorization = md5Signature.Authorization.replace('hmac-sha1', 'hmac-md5');
        await isRefused(withHeaders('GET', '/v1/replies', md5Signature));
    });

    test('what is not signed does not count: date and request line must be', async () => {
        const date = new Date().toUTCString();
        const sign = (names, text) => {
            const signature = createHmac('sha1', keys.hmac_secret).update(text).digest('base64');
            const Authorization = `hmac username="${keys.hmac_key}", algorithm="hmac-sha1", headers="${names}", ` +
                `signature="${signature}"`;
            return withHeaders('GET', '/v1/replies', {Date: date, Authorization});
        };
        await getsIn(sign('Date request-line', `Date: ${date}\nGET /v1/replies HTTP/1.1`));
        await getsIn(sign('request-line Date', `GET /v1/replies HTTP/1.1\nDate: ${date}`));
        await isRefused(sign('Date', `Date: ${date}`));
        await isRefused(sign('request-line', 'GET /v1/replies HTTP/1.1'));
        await isRefused(sign('', ''));
        await isRefused(sign('Date request-line x-absent', `Date: ${date}\nGET /v1/replies HTTP/1.1\nx-absent:`));
    });
});

describe('with auth_failure_status = 403', () => {
    test('wrong credentials of both schemes are a 403 without a challenge, in the same words', async () => {
        const older = await Gateway.start({config: '[api]\nauth_failure_status = 403\n'});
        try {
            const {keys: own} = older;
            const get = (given) => older.client.get('/v1/replies', {auth: null, headers: given});
            const wrong = {
                'Invalid authentication credentials': {Authorization: basic(own.key, 'x')},
                'HMAC signature does not match': hmac({...own, hmac_secret: 'x'}, 'GET', '/v1/replies'),
                'HMAC signature cannot be verified': {Authorization: 'hmac username="x"'},
            };
            for (const [message, given] of Object.entries(wrong)) {
                const answer = await get(given);
                assert.equal(answer.status, 403);
                assert.equal(answer.text, JSON.stringify({message}));
                assert.equal(answer.headers.get('www-authenticate'), null);
            }
            const none = await get({});
            assert.equal(none.status, 401);
            assert.equal(none.text, '{"message":"Unauthorized"}');
            assert.equal((await get(hmac(own, 'GET', '/v1/replies'))).status, 200);
            const account = await get({Authorization: older.client.auth, Account: 'nobody'});
            assert.equal(account.status, 403);
        } finally {
            await older.close();
        }
    });
});

describe('admin', () => {
    test('wants the token of the data folder', async () => {
        const accounts = (Authorization) =>
            withHeaders('GET', '/admin/v1/accounts', Authorization ? {Authorization} : {});
        assert.equal((await accounts()).status, 401);
        assert.equal((await accounts(client.auth)).status, 401);
        assert.equal((await accounts('Bearer x')).status, 401);
        const token = await gateway.adminToken();
        assert.equal(keys.admin_token, token);
        const {status, json} = await accounts(`Bearer ${token}`);
        assert.equal(status, 200);
        assert.ok(json.accounts.some(({id}) => id === keys.account));
    });

    test('makes accounts and keys; accounts do not see each other, and a revoked key is soon dead', async () => {
        const auth = `Bearer ${keys.admin_token}`;
        assert.equal((await client.post('/admin/v1/accounts', {id: 'Other'}, {auth})).status, 201);
        assert.equal((await client.post('/admin/v1/accounts', {id: 'Other'}, {auth})).status, 409);
        const made = await client.post('/admin/v1/accounts/Other/keys', {scheme: 'basic'}, {auth});
        assert.equal(made.status, 201);
        const other = {auth: basic(made.json.key, made.json.secret)};
        await until('the new key', async () => (await client.get('/v1/replies', other)).status === 200);

        const [{message_id}] = (await client.post(path, body)).json.messages;
        assert.equal((await client.get(`/v1/messages/${message_id}`, other)).status, 404);
        assert.equal((await client.put(`/v1/messages/${message_id}`, {status: 'cancelled'}, other)).status, 404);
        assert.equal(await client.status(message_id), 'scheduled');

        const {json} = await client.get('/admin/v1/accounts/Other/keys', {auth});
        assert.deepEqual(json.keys.map(({key}) => key), [made.json.key]);
        const gone = await client.call('DELETE', `/admin/v1/accounts/Other/keys/${made.json.key}`, {auth});
        assert.equal(gone.status, 204);
        await until('the end of the key', async () => (await client.get('/v1/replies', other)).status === 401, 3000);
    });

    test('gives numbers to accounts', async () => {
        const auth = `Bearer ${keys.admin_token}`;
        const number = '+61491579000';
        const add = async (body) => (await client.post('/admin/v1/numbers', body, {auth})).status;
        assert.equal(await add({number, account: keys.account}), 201);
        const {json} = await client.get('/admin/v1/numbers', {auth});
        assert.ok(json.numbers.some((own) => own.number === number && own.account === keys.account));
        assert.equal(await add({number: '', account: keys.account}), 400);
        assert.equal(await add({number: '+61491579001', account: 'Nobody'}), 400);
    });
});
