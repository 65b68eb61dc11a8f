// SPDX-License-Identifier: Apache-2.0
// Webhooks and signature keys as applications manage them, and as the operator does.
import assert from 'node:assert/strict';
import {createPublicKey} from 'node:crypto';
import {after, before, describe, test} from 'node:test';
import {basic} from '../peers/client.mjs';
import {Gateway} from '../peers/gateway.mjs';

const path = '/v1/webhooks/messages';
const unparsable = 'Request failed to parse correctly. Please ensure input is valid and try again.';
const unknown = '0197a1b2-0000-7000-8000-000000000001';
const minimal = {url: 'https://example.com/hook', method: 'POST', encoding: 'JSON', events: ['RECEIVED_SMS']};

let gateway, client, admin;
before(async () => {
    gateway = await Gateway.start();
    client = gateway.client;
    const auth = `Bearer ${await gateway.adminToken()}`;
    admin = async (method, rest, body, expected) => {
        const answer = await client.call(method, `/admin/v1${rest}`, {body, auth});
        assert.equal(answer.status, expected, `${method} ${rest}: ${answer.text}`);
        return answer.json;
    };
});
after(() => gateway.close());

let accounts = 0;
// A new account: its id, and its calls, which check the status.
async function newAccount(fields = {features: {signature_keys: true}}) {
    const id = `webhooks-${++accounts}`;
    await admin('POST', '/accounts', {id, ...fields}, 201);
    const {key, secret} = await admin('POST', `/accounts/${id}/keys`, {scheme: 'basic'}, 201);
    const call = async (method, rest, body, expected, headers) => {
        const answer = await client.call(method, rest, {body, auth: basic(key, secret), headers});
        assert.equal(answer.status, expected, `${method} ${rest} ${JSON.stringify(body)}: ${answer.text}`);
        return answer.json;
    };
    return {id, call};
}

async function refused(call, method, rest, body, ...details) {
    assert.deepEqual(await call(method, rest, body, 400), {message: unparsable, details}, JSON.stringify(body));
}

describe('webhooks', () => {
    test('are made, shown, changed and removed', async () => {
        const {call} = await newAccount();
        const {id, ...made} = await call('POST', path, minimal, 201);
        assert.deepEqual(made, {...minimal, headers: {}, retries: 0});
        assert.deepEqual(await call('GET', `${path}/${id}`, undefined, 200), {id, ...made});

        const change = {
            url: 'https://example.com/$mtId?x=$esc.url($mtContent)', method: 'PUT', encoding: 'XML',
            headers: {'X-B': '1', 'x-a': ''}, events: ['FAILED_DR', 'ENROUTE_DR', 'FAILED_DR'],
            template: '<a>$mtId</a>',
        };
        const changed = await call('PATCH', `${path}/${id}`, change, 200);
        assert.deepEqual(changed, {id, ...change, events: ['ENROUTE_DR', 'FAILED_DR'], retries: 0});
        assert.deepEqual(Object.keys(changed.headers), ['X-B', 'x-a']);
        const php = {url: null, template: '', headers: {}, method: null};
        const {template, ...rest} = changed;
        assert.deepEqual(await call('PATCH', `${path}/${id}`, php, 200), {...rest, headers: {}});
        await call('PATCH', `${path}/${id}`, {headers: {'X-B': '1'}}, 200);
        assert.deepEqual(await call('PATCH', `${path}/${id}`, {headers: []}, 200), {...rest, headers: {}});
        await refused(call, 'PATCH', `${path}/${id}`, {headers: ['x']}, '/headers: must be an object of strings.');

        await call('DELETE', `${path}/${id}`, undefined, 204);
        for (const method of ['GET', 'DELETE']) await call(method, `${path}/${id}`, undefined, 404);
        await call('PATCH', `${path}/${id}`, change, 404);
    });

    test('have limits and settings of their own', async () => {
        const {call} = await newAccount();
        const full = {
            ...minimal, headers: {Authorization: 'Bearer x'}, template: '{"id":"$mtId"}', read_timeout: 60000,
            retries: 5, retry_delay: 60,
        };
        const {id, ...made} = await call('POST', path, full, 201);
        assert.deepEqual(made, full);
        await refused(call, 'PATCH', `${path}/${id}`, {retries: 1, retry_delay: 5, read_timeout: 1},
            '/read_timeout: is fixed when the webhook is made.', '/retries: is fixed when the webhook is made.',
            '/retry_delay: is fixed when the webhook is made.');
        const other = {...minimal, url: 'https://example.com/other', retries: 0, retry_delay: 5, read_timeout: 1};
        const {retry_delay, ...shown} = other;
        const {id: _, headers, ...second} = await call('POST', path, other, 201);
        assert.deepEqual(second, shown, 'without retries there is no delay between them');
    });

    test('are refused with a reason for each field', async () => {
        const {call} = await newAccount();
        await refused(call, 'POST', path, {}, '/url: is required.', '/method: is required.', '/encoding: is required.',
            '/events: is required.');
        await refused(call, 'POST', path, {url: null, method: null, encoding: null, events: null},
            '/url: is required.', '/method: is required.', '/encoding: is required.', '/events: is required.');
        for (const [fields, ...details] of [
            [{url: 'ftp://example.com/'}, '/url: line 1, column 1: not an http or https URL with a host.'],
            [{url: 'https://-x.com'}, '/url: line 1, column 1: not an http or https URL with a host.'],
            [{url: 'https://$mtContent/'}, '/url: line 1, column 9: references may stand in path and query only.'],
            [{url: 'https://example.com/#a'},
                '/url: line 1, column 21: neither directives nor fragments (#) may stand in a URL.'],
            [{url: `https://example.com/${'x'.repeat(981)}`}, '/url: must have at most 1000 characters.'],
            [{method: 'post'}, '/method: must be one of GET, POST, PATCH, PUT, DELETE.'],
            [{encoding: 'YAML'}, '/encoding: must be one of JSON, FORM_ENCODED, XML.'],
            [{events: []}, '/events: must name at least one event.'],
            [{events: ['RECEIVED_SMS', 'READ_DR']}, "/events: 'READ_DR' is no event."],
            [{events: 'RECEIVED_SMS'}, '/events: must be a list of strings.'],
            [{headers: {'Content-Type': 'text/plain'}}, '/headers: Content-Type is not for webhooks to set.'],
            [{headers: {'webhook-Signature': 'x'}}, '/headers: webhook-Signature is not for webhooks to set.'],
            [{headers: {'X-A': 'a\r\nHost: b'}}, '/headers: a value holds control characters.'],
            [{headers: {'X A': 'a'}}, '/headers: a name holds characters that no header name has.'],
            [{headers: {['x'.repeat(201)]: 'a'}}, '/headers: a name must have 1 to 200 characters.'],
            [{headers: {'X-A': 'x'.repeat(1001)}}, '/headers: a value must have at most 1000 characters.'],
            [{headers: {'X-A': 1}}, '/headers: must be an object of strings.'],
            [{template: 'a\n #if($x)'}, '/template: line 2, column 2: #if without #end.'],
            [{template: 'x'.repeat(65537)}, '/template: line 1, column 1: longer than 65536 bytes.'],
            [{read_timeout: 0}, '/read_timeout: must be a whole number from 1 to 60000.'],
            [{retries: 6}, '/retries: must be a whole number from 0 to 5.'],
            [{retry_delay: 4}, '/retry_delay: must be a whole number from 5 to 60.'],
        ]) {
            await refused(call, 'POST', path, {...minimal, ...fields}, ...details);
        }
        await refused(call, 'POST', path, '[]', 'The body must be a JSON object.');
        const {id} = await call('POST', path, {...minimal, unknown: 1}, 201);
        for (const body of [{}, {url: null, events: null}, {unknown: 1}]) {
            await refused(call, 'PATCH', `${path}/${id}`, body, 'The body must have at least one field.');
        }
        await refused(call, 'PATCH', `${path}/${id}`, {events: []}, '/events: must name at least one event.');
        await refused(call, 'PATCH', `${path}/${id}`, {template: '#end'},
            '/template: line 1, column 1: #end without its beginning.');
    });

    test('with the same URL and method there is one of', async () => {
        const {call} = await newAccount();
        const twice = {message: 'A webhook with the given url and method already exists.'};
        await call('POST', path, minimal, 201);
        assert.deepEqual(await call('POST', path, {...minimal, encoding: 'XML'}, 409), twice);
        const {id} = await call('POST', path, {...minimal, method: 'GET'}, 201);
        assert.deepEqual(await call('PATCH', `${path}/${id}`, {method: 'POST'}, 409), twice);
        await (await newAccount()).call('POST', path, minimal, 201);
    });

    test('are listed by page, in both spellings and with a slash', async () => {
        const {call} = await newAccount();
        const all = [];
        for (let i = 0; i < 3; ++i) {
            all.push(await call('POST', path, {...minimal, url: `https://example.com/${i}`}, 201));
        }
        assert.deepEqual(await call('GET', path, undefined, 200), {page: 0, pageSize: 20, pageData: all});
        for (const query of ['?page=0&page_size=2', '/?page=0&pageSize=2', '?pageSize=2&x=1', '/?page_size=2']) {
            const page = {page: 0, pageSize: 2, pageData: all.slice(0, 2)};
            assert.deepEqual(await call('GET', path + query, undefined, 200), page, query);
        }
        const last = {page: 1, pageSize: 2, pageData: all.slice(2)};
        assert.deepEqual(await call('GET', `${path}?page=1&page_size=2`, undefined, 200), last);
        assert.deepEqual((await call('GET', `${path}?page=9`, undefined, 200)).pageData, []);
        await refused(call, 'GET', `${path}?page=-1&pageSize=101`, undefined, 'page property value is invalid',
            'pageSize property value is invalid');
        await refused(call, 'GET', `${path}?page=x&page_size=-1`, undefined, 'page property value is invalid',
            'page_size property value is invalid');
        for (const query of ['?page=0&pageSize=0', '?page_size=0']) {
            assert.deepEqual(await call('GET', path + query, undefined, 200), {page: 0, pageSize: 20, pageData: all});
        }
        await call('POST', `${path}/`, {...minimal, url: 'https://example.com/slash'}, 201);
        assert.equal((await call('GET', path, undefined, 200)).pageData.length, 4);
    });

    test('belong to their account alone, and to whoever may act for it', async () => {
        const owner = await newAccount(), stranger = await newAccount();
        const child = await newAccount({parent: owner.id, features: {signature_keys: true}});
        const {id} = await child.call('POST', path, minimal, 201);
        for (const {call} of [owner, stranger]) {
            assert.deepEqual((await call('GET', path, undefined, 200)).pageData, []);
            await call('GET', `${path}/${id}`, undefined, 404);
            await call('PATCH', `${path}/${id}`, {encoding: 'XML'}, 404);
            await call('DELETE', `${path}/${id}`, undefined, 404);
            await call('DELETE', `${path}/no-id`, undefined, 404);
        }
        const asChild = {Account: child.id};
        assert.equal((await owner.call('GET', `${path}/${id}`, undefined, 200, asChild)).id, id);
        await owner.call('PATCH', `${path}/${id}`, {encoding: 'XML'}, 200, asChild);
        await stranger.call('GET', `${path}/${id}`, undefined, 403, asChild);
        assert.equal((await child.call('GET', `${path}/${id}`, undefined, 200)).encoding, 'XML');
        await owner.call('DELETE', `${path}/${id}`, undefined, 204, asChild);
    });

    test('of every account are the operator\'s, too', async () => {
        const {id: account, call} = await newAccount();
        const {id: foreign} = await newAccount();
        const own = `/accounts/${account}/webhooks`;
        const made = await admin('POST', own, minimal, 201);
        assert.deepEqual((await call('GET', path, undefined, 200)).pageData, [made]);
        assert.deepEqual(await admin('GET', own, undefined, 200), {webhooks: [made]});
        assert.deepEqual(await admin('GET', `${own}/${made.id}`, undefined, 200), made);
        const changed = await admin('PATCH', `${own}/${made.id}`, {encoding: 'XML'}, 200);
        assert.deepEqual(changed, {...made, encoding: 'XML'});
        const elsewhere = `/accounts/${foreign}/webhooks/${made.id}`;
        await admin('GET', elsewhere, undefined, 404);
        await admin('PATCH', elsewhere, {encoding: 'JSON'}, 404);
        await admin('DELETE', elsewhere, undefined, 404);
        await admin('DELETE', `${own}/${made.id}`, undefined, 204);
        await admin('GET', '/accounts/nobody/webhooks', undefined, 404);
        await admin('POST', '/accounts/nobody/webhooks', minimal, 404);
    });
});

test('webhook secrets rotate, and are shown once', async () => {
    const {id} = await newAccount();
    const own = `/accounts/${id}/webhook_secret`;
    assert.deepEqual(await admin('GET', own, undefined, 200), {secrets: []});
    const first = await admin('POST', own, undefined, 201);
    assert.equal(first.other_until, null);
    const second = await admin('POST', own, {overlap_s: 60}, 201);
    assert.notEqual(first.secret, second.secret);
    assert.equal(Date.parse(second.other_until), Date.parse(second.created_at) + 60_000);
    assert.deepEqual(await admin('GET', own, undefined, 200), {secrets: [
        {created_at: second.created_at, expires_at: null},
        {created_at: first.created_at, expires_at: second.other_until},
    ]});
    await admin('POST', own, {overlap_s: 2592001}, 400);
    await admin('DELETE', own, undefined, 204);
    await admin('DELETE', own, undefined, 404);
    for (const method of ['GET', 'POST', 'DELETE']) {
        await admin(method, '/accounts/nobody/webhook_secret', undefined, 404);
    }
});

describe('signature keys', () => {
    const keys = '/v1/iam/signature_keys';
    const wanted = {digest: 'SHA256', cipher: 'RSA'};

    test('are made, listed, enabled, and removed', async () => {
        const {call} = await newAccount();
        const none = {message: 'Currently no key is enabled'};
        assert.deepEqual(await call('GET', `${keys}/enabled`, undefined, 404), none);
        await call('DELETE', `${keys}/enabled`, undefined, 204);

        const shown = [];
        for (const digest of ['SHA224', 'SHA256', 'SHA512']) {
            const {public_key, ...made} = await call('POST', keys, {digest, cipher: 'RSA'}, 201);
            assert.equal(made.digest, digest);
            assert.equal(made.enabled, false);
            const key = createPublicKey({key: Buffer.from(public_key, 'base64'), format: 'der', type: 'spki'});
            assert.equal(key.asymmetricKeyType, 'rsa');
            assert.equal(key.asymmetricKeyDetails.modulusLength, 2048);
            assert.deepEqual(await call('GET', `${keys}/${made.key_id}`, undefined, 200), made);
            shown.push(made);
        }
        assert.deepEqual(await call('GET', `${keys}?page=1&page_size=20`, undefined, 200), shown);
        assert.deepEqual(await call('GET', keys, undefined, 200), shown, 'the SDK asks without a page');
        assert.deepEqual(await call('GET', `${keys}?page=2&page_size=2`, undefined, 200), shown.slice(2));

        for (const {key_id} of shown.slice(0, 2)) {
            const enabled = await call('PATCH', `${keys}/enabled`, {key_id}, 200);
            assert.deepEqual(await call('GET', `${keys}/enabled`, undefined, 200), enabled);
            const all = await call('GET', `${keys}?page=1&page_size=20`, undefined, 200);
            assert.deepEqual(all.filter((key) => key.enabled), [enabled]);
            assert.equal(enabled.key_id, key_id);
        }
        await call('DELETE', `${keys}/enabled`, undefined, 204);
        assert.deepEqual(await call('GET', `${keys}/enabled`, undefined, 404), none);
        const [{key_id}] = shown;
        await call('DELETE', `${keys}/${key_id}`, undefined, 200);
        await call('DELETE', `${keys}/${key_id}`, undefined, 404);
        await call('GET', `${keys}/${key_id}`, undefined, 404);
    });

    test('are refused in the words of the documentation', async () => {
        const {call} = await newAccount();
        const bad = async (method, rest, body, ...details) =>
            assert.deepEqual(await call(method, rest, body, 400), {message: 'Bad Request', details});
        await bad('POST', keys, {digest: 'SHA256', cipher: 'RA'}, '/cipher: [RA] is invalid');
        await bad('POST', keys, {digest: 'MD5', cipher: 'RSA'}, '/digest: [MD5] is invalid');
        await bad('POST', keys, {}, '/cipher: [] is invalid', '/digest: [] is invalid');
        await bad('GET', `${keys}?page=&page_size=101`, undefined, 'page property value is invalid',
            'page_size property value is invalid');
        await bad('GET', `${keys}?page=0&page_size=20`, undefined, 'page property value is invalid');
        await bad('PATCH', `${keys}/enabled`, {}, '/key_id: Key id cannot be null');
        await bad('PATCH', `${keys}/enabled`, {key_id: null}, '/key_id: Key id cannot be null');
        await bad('PATCH', `${keys}/enabled`, {key_id: 'x'}, '/key_id: [x] is invalid');
        await refused(call, 'POST', keys, '{', 'Failed to parse message body.');
        const missing = {message: 'Entity not found'};
        assert.deepEqual(await call('PATCH', `${keys}/enabled`, {key_id: unknown}, 404), missing);
        assert.equal((await call('POST', keys, {digest: 'SHA-512', cipher: 'RSA'}, 201)).digest, 'SHA512');
    });

    test('belong to their account alone', async () => {
        const owner = await newAccount(), stranger = await newAccount();
        const {key_id} = await owner.call('POST', keys, wanted, 201);
        await owner.call('PATCH', `${keys}/enabled`, {key_id}, 200);
        const {call} = stranger;
        assert.deepEqual(await call('GET', `${keys}?page=1&page_size=20`, undefined, 200), []);
        await call('GET', `${keys}/${key_id}`, undefined, 404);
        await call('DELETE', `${keys}/${key_id}`, undefined, 404);
        await call('GET', `${keys}/enabled`, undefined, 404);
        await call('PATCH', `${keys}/enabled`, {key_id}, 404);
        await call('DELETE', `${keys}/enabled`, undefined, 204);
        assert.equal((await owner.call('GET', `${keys}/enabled`, undefined, 200)).key_id, key_id);
    });

    test('are for accounts that have the feature', async () => {
        const {call} = await newAccount({});
        const off = {message: 'This feature has not been enabled in your account.'};
        for (const [method, rest, body] of [
            ['POST', keys, wanted], ['GET', `${keys}?page=1&page_size=1`], ['GET', `${keys}/${unknown}`],
            ['DELETE', `${keys}/${unknown}`], ['GET', `${keys}/enabled`],
            ['PATCH', `${keys}/enabled`, {key_id: unknown}], ['DELETE', `${keys}/enabled`],
        ]) {
            assert.deepEqual(await call(method, rest, body, 403), off, `${method} ${rest}`);
        }
    });
});
