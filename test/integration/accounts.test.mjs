// SPDX-License-Identifier: Apache-2.0
// No account reaches what belongs to another, by no call, with no key and under no header Account but the documented.
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';
import {basic, Client, openapi} from '../peers/client.mjs';
import {Gateway} from '../peers/gateway.mjs';
import {until} from '../peers/wait.mjs';

// Each account with its parent.
const family = {Parent: undefined, Child: 'Parent', Sibling: 'Parent', Grandchild: 'Child', Stranger: undefined};
const names = Object.keys(family);
const numbers = Object.fromEntries(names.map((name, i) => [name, `+6149157012${i}`]));
const headers = [undefined, ...names, 'nobody'];
const inAnHour = new Date(Date.now() + 3_600_000).toISOString();

// For whom a key of `own` acts under that header; undefined: for nobody.
function actingFor(own, header) {
    if (header === undefined || header === own) return own;
    return family[header] === own ? header : undefined;
}

const asJson = (account) => `${JSON.stringify({message: `Invalid account '${account}' in header Account`})}\n`;

// Every call of /v1 with the field of its body that holds ids, if there is one.
const calls = Object.entries(openapi.paths).filter(([path]) => path.startsWith('/v1/')).flatMap(([path, item]) =>
    ['get', 'post', 'put', 'patch', 'delete'].filter((method) => item[method]).map((method) => {
        const schema = item[method].requestBody?.content['application/json'].schema;
        const [list] = Object.keys(schema?.properties ?? {}).filter((name) => name.endsWith('_ids'));
        return {method: method.toUpperCase(), path, list, id: path.match(/\{(\w+_id)\}/)?.[1]};
    }));

let gateway;
const clients = {};  // by account
const owned = {};    // by account: {messages, reports, replies, webhooks, keys}, lists of ids
before(async () => {
    gateway = await Gateway.start();
    const auth = `Bearer ${gateway.keys.admin_token}`;
    const make = async (path, body) => {
        const answer = await gateway.client.post(`/admin/v1/${path}`, body, {auth});
        assert.equal(answer.status, 201, answer.text);
        return answer.json;
    };
    for (const name of names) {
        const features = {signature_keys: true};
        await make('accounts', family[name] ? {id: name, features, parent: family[name]} : {id: name, features});
        const {key, secret} = await make(`accounts/${name}/keys`, {scheme: 'basic'});
        await make('numbers', {number: numbers[name], account: name});
        clients[name] = new Client(gateway.base, {key, secret});
    }
    for (const name of names) owned[name] = await possessions(name);
});
after(() => gateway.close());

// A scheduled message, a delivered one with its reports, a reply to it, a webhook and a signature key.
async function possessions(name) {
    const client = clients[name];
    const handset = numbers[name].replace('+6149157', '+6149158');
    await until('the key', async () => (await client.get('/v1/replies')).status === 200);
    const common = {
        content: `of ${name}`, destination_number: handset, delivery_report: true, source_number: numbers[name],
    };
    const sent = await client.send({...common, scheduled: inAnHour}, common);
    const [scheduled, delivered] = sent.map(({message_id}) => message_id);
    await client.reaches(delivered, 'delivered');
    await gateway.client.post(`/sandbox/handsets/${handset}/messages`, {to: numbers[name], content: `to ${name}`});
    const replies = await until('the reply', async () => {
        const list = await client.replies();
        return list.length && list;
    });
    const reports = await client.reports();
    assert.equal(reports.length, 3);
    const {json: webhook} = await client.post('/v1/webhooks/messages', {
        url: 'https://example.com/hook', method: 'POST', encoding: 'JSON', events: ['RECEIVED_MMS'],
    });
    const {json: key} = await client.post('/v1/iam/signature_keys', {digest: 'SHA256', cipher: 'RSA'});
    return {
        messages: [scheduled, delivered], reports: reports.map((report) => report.delivery_report_id),
        replies: replies.map((reply) => reply.reply_id), webhooks: [webhook.id], keys: [key.key_id],
    };
}

// Everything that the account can see of itself.
async function view(name) {
    const paths = ['/v1/replies', '/v1/delivery_reports', '/v1/webhooks/messages', '/v1/iam/signature_keys',
        ...owned[name].messages.map((id) => `/v1/messages/${id}`)];
    return Promise.all(paths.map(async (path) => (await clients[name].get(path)).text));
}

// A call with a key of `own`.
function ask(own, header, {method, path}, body) {
    return clients[own].call(method, path, {body, headers: header === undefined ? {} : {Account: header}});
}

const bodies = {PUT: {status: 'cancelled'}, PATCH: {encoding: 'XML'}};  // of calls that change what an id names

describe('what belongs to another account', () => {
    test('is not found and cannot be changed by any call that takes ids, with any key and header', async () => {
        const before = await Promise.all(names.map(view));
        const kinds = new Set();
        let asked = 0;
        for (const own of names) for (const header of headers) for (const owner of names) {
            const acting = actingFor(own, header);
            if (!acting || acting === owner) continue;
            const {messages, reports, replies, webhooks, keys} = owned[owner];
            for (const call of calls) {
                const what = `${call.method} ${call.path} by ${own} as ${header} on what is ${owner}'s`;
                if (call.list) {
                    const answer = await ask(own, header, call, {[call.list]: [...messages, ...reports, ...replies]});
                    assert.equal(answer.status, 202, what);
                    assert.equal(answer.text, '{}', what);
                }
                for (const id of call.id ? [...messages, ...reports, ...replies, ...webhooks, ...keys] : []) {
                    const path = call.path.replace(`{${call.id}}`, id);
                    const answer = await ask(own, header, {...call, path}, bodies[call.method]);
                    assert.equal(answer.status, 404, what);
                    const text = path.startsWith('/v1/iam/') ? 'Entity not found' : 'Resource not found';
                    assert.equal(answer.text, `{"message":"${text}"}`, what);
                }
                if (call.list || call.id) ++asked, kinds.add(`${call.method} ${call.path}`);
            }
        }
        assert.deepEqual([...kinds].sort(), ['DELETE /v1/iam/signature_keys/{key_id}',
            'DELETE /v1/webhooks/messages/{webhook_id}', 'GET /v1/iam/signature_keys/{key_id}',
            'GET /v1/messages/{message_id}', 'GET /v1/webhooks/messages/{webhook_id}',
            'PATCH /v1/webhooks/messages/{webhook_id}', 'POST /v1/delivery_reports/confirmed',
            'POST /v1/replies/confirmed', 'PUT /v1/messages/{message_id}']);
        assert.equal(asked, 13 * 4 * kinds.size);
        assert.deepEqual(await Promise.all(names.map(view)), before);
    });

    test('is in no list', async () => {
        for (const own of names) for (const header of headers) {
            const acting = actingFor(own, header);
            if (!acting) continue;
            const {replies} = (await ask(own, header, {method: 'GET', path: '/v1/replies'})).json;
            assert.deepEqual(replies.map((reply) => reply.reply_id), owned[acting].replies, `${own} as ${header}`);
            for (const reply of replies) assert.equal(reply.vendor_account_id.account_id, acting);
            const {json} = await ask(own, header, {method: 'GET', path: '/v1/delivery_reports'});
            const ids = json.delivery_reports.map((report) => report.delivery_report_id);
            assert.deepEqual(ids, owned[acting].reports, `${own} as ${header}`);
        }
    });

    test('is there for its own account, and for its parent\'s key under its name', async () => {
        for (const [own, header] of [['Child', undefined], ['Child', 'Child'], ['Parent', 'Child'],
            ['Child', 'Grandchild'], ['Stranger', 'Stranger']]) {
            const [id] = owned[header ?? own].messages;
            const call = {method: 'GET', path: `/v1/messages/${id}`};
            assert.equal((await ask(own, header, call)).json.status, 'scheduled', `${own} as ${header}`);
        }
    });

    test('a message sent under the name of a child is the child\'s', async () => {
        const body = {messages: [{content: 'x', destination_number: '+61491570156', scheduled: inAnHour}]};
        const answer = await ask('Parent', 'Child', {method: 'POST', path: '/v1/messages'}, body);
        const path = `/v1/messages/${answer.json.messages[0].message_id}`;
        assert.equal((await clients.Child.get(path)).status, 200);
        assert.equal((await clients.Parent.get(path)).status, 404);
        assert.equal((await ask('Parent', 'Child', {method: 'PUT', path}, {status: 'cancelled'})).status, 200);
    });
});

describe('the header Account', () => {
    test('with another name than the own or a child\'s is refused on every call, to the byte', async () => {
        let refused = 0;
        for (const own of names) for (const header of headers) {
            if (actingFor(own, header)) continue;
            for (const call of calls) {
                const path = call.path.replace(/\{\w+\}/, owned[own].messages[0]);
                const body = call.method === 'GET' ? undefined : {};
                const answer = await ask(own, header, {...call, path}, body);
                assert.equal(answer.status, 403, `${call.method} ${path} by ${own} as ${header}`);
                assert.equal(answer.text, asJson(header));
                assert.match(answer.headers.get('content-type'), /^application\/json/);
                ++refused;
            }
        }
        assert.equal(refused, 22 * calls.length);
    });

    test('is compared by letter case, and quoted in the answer whatever it holds', async () => {
        const long = 'x'.repeat(12_000);
        const quoted = {
            child: 'child', CHILD: 'CHILD', 'Child2': 'Child2', 'Chil': 'Chil', 'INVALID ACCOUNT': 'INVALID ACCOUNT',
            '"': '"', 'a"b\\c\'d': 'a"b\\c\'d', 'a\tb': 'a\tb', '\\u0041': '\\u0041', '</script>': '</script>',
            '%00': '%00', [long]: long, 'caf\xe9': 'caf\ufffd', '\xff\xfe': '\ufffd\ufffd', 'caf\xc3\xa9': 'café',
            '\xf0\x9f\x98\x80': '😀', '\xed\xa0\x80': undefined, '\x80\x80': '\ufffd\ufffd',
        };
        for (const [header, text] of Object.entries(quoted)) {
            const answer = await ask('Parent', header, {method: 'GET', path: '/v1/replies'});
            assert.equal(answer.status, 403, header);
            if (text !== undefined) assert.equal(answer.text, asJson(text));
            assert.ok(answer.text.endsWith("' in header Account\"}\n"));
        }
    });

    test('that is empty is none', async () => {
        assert.equal((await ask('Parent', '', {method: 'GET', path: '/v1/replies'})).status, 200);
    });

    test('is looked at only after the credentials', async () => {
        const options = {auth: basic('x', 'y'), headers: {Account: 'nobody'}};
        const answer = await clients.Parent.get('/v1/replies', options);
        assert.equal(answer.text, '{"message":"Invalid authentication credentials"}');
    });
});
