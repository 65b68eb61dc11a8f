// SPDX-License-Identifier: Apache-2.0
// Webhooks as receivers get them: rendered, signed, tried again, and no way out of their request.
import assert from 'node:assert/strict';
import {after, afterEach, before, test} from 'node:test';
import {basic} from '../peers/client.mjs';
import {Gateway} from '../peers/gateway.mjs';
import {Receiver, answers} from '../peers/receiver.mjs';
import {isSigned, verified} from '../peers/signatures.mjs';
import {until} from '../peers/wait.mjs';

let gateway, client, receiver, admin;
before(async () => {
    receiver = await Receiver.start();
    gateway = await Gateway.start();
    client = gateway.client;
    admin = {auth: `Bearer ${await gateway.adminToken()}`};
});
after(async () => {
    await gateway.close();
    await receiver.close();
});
afterEach(() => (receiver.script = () => 200));

let accounts = 0;
// An account of its own for each test, with what it needs to send.
async function newAccount() {
    const id = `told-${++accounts}`;
    const made = {id, unregistered_source: 'allow', default_source: `+6149157${7000 + accounts}`,
        features: {signature_keys: true}};
    assert.equal((await client.post('/admin/v1/accounts', made, admin)).status, 201);
    const {json} = await client.post(`/admin/v1/accounts/${id}/keys`, {scheme: 'basic'}, admin);
    const own = {auth: basic(json.key, json.secret)};
    const make = async (fields) => {
        const usual = {url: receiver.url(`/${id}`), method: 'POST', encoding: 'JSON', events: ['DELIVERED_DR']};
        const webhook = {...usual, ...fields};
        const answer = await client.post('/v1/webhooks/messages', webhook, own);
        assert.equal(answer.status, 201, answer.text);
        return answer.json.id;
    };
    const send = async (fields) => {
        const message = {content: 'Hello', destination_number: '+61491570156', delivery_report: true, ...fields};
        const answer = await client.post('/v1/messages', {messages: [message]}, own);
        assert.equal(answer.status, 202, answer.text);
        return answer.json.messages[0].message_id;
    };
    return {id, own, make, send};
}
const list = async (query) => (await client.get(`/admin/v1/callbacks?${query}`, admin)).json.callbacks;

test('a webhook is told of its events, with a body like that of callback_url', async () => {
    const {id, make, send} = await newAccount();
    await make({events: ['DELIVERED_DR', 'RECEIVED_SMS'], headers: {'X-Own': 'yes'}});
    const message = await send({metadata: {key: 'value'}});
    await send({delivery_report: false});
    const [call] = await receiver.calls('the report', 1, ({path}) => path === `/${id}`);
    assert.equal(call.method, 'POST');
    assert.equal(call.headers['content-type'].split(';')[0], 'application/json');
    assert.equal(call.headers['x-own'], 'yes');
    assert.equal(call.body.message_id, message);
    assert.equal(call.body.status, 'delivered');
    assert.deepEqual(call.body.metadata, {key: 'value'});
    assert.equal(call.id, call.body.delivery_report_id);
    const log = await until('nothing pending', async () => {
        const found = await list(`account=${id}`);
        return found.every(({state}) => state === 'delivered') && found;
    });
    assert.equal(log.length, 1);
    assert.equal(log[0].event, 'DELIVERED_DR');
    assert.equal(receiver.journal.entries.filter(({path}) => path === `/${id}`).length, 1);
});

test('a reply says which number the handset wrote to, also where the message named none', async () => {
    const {id, own, make, send} = await newAccount();
    await make({events: ['RECEIVED_SMS']});
    await make({url: receiver.url(`/${id}/text`), events: ['RECEIVED_SMS'], template: 'to $destinationAddress'});
    const handset = '+61491570158';
    const message = await send({destination_number: handset});
    const from = `+6149157${7000 + accounts}`;
    const inbox = async () => (await client.get(`/sandbox/handsets/${handset.slice(1)}/messages`)).json.messages;
    await until('the message', async () => (await inbox()).some((it) => it.from.replace('+', '') === from.slice(1)));
    await client.post(`/sandbox/handsets/${handset.slice(1)}/messages`, {to: from, content: 'Yes'});
    const [reply] = await receiver.calls('the reply', 1, ({path}) => path === `/${id}`);
    assert.equal(reply.body.destination_number, from);
    assert.equal(reply.body.message_id, message);
    const [text] = await receiver.calls('the template', 1, ({path}) => path === `/${id}/text`);
    assert.equal(text.text, `to ${from}`);
    const {json} = await client.get('/v1/replies', own);
    assert.equal(json.replies.find((it) => it.message_id === message).destination_number, undefined);
});

test('what a handset or a message says stays where its template puts it', async () => {
    const {id, make, send} = await newAccount();
    await make({method: 'GET', url: receiver.url(`/${id}?text=$mtContent&end=1`)});
    await make({url: receiver.url(`/${id}/post`), template: '{"text":"$esc.json($mtContent)"}'});
    const content = 'a&b=c#d\r\nHost: evil.example\r\n\r\n"/../é';
    await send({content});
    const [get] = await receiver.calls('the GET', 1, ({path}) => path.startsWith(`/${id}?`));
    assert.equal(get.method, 'GET');
    const {searchParams} = new URL(get.path, receiver.url());
    assert.equal(searchParams.get('text'), content);
    assert.equal(searchParams.get('end'), '1');
    assert.equal(get.text, '');
    assert.equal(get.headers.host, `127.0.0.1:${receiver.port}`);
    const [post] = await receiver.calls('the POST', 1, ({path}) => path === `/${id}/post`);
    assert.deepEqual(post.body, {text: content});
});

test('what is signed is what is sent, anew at each attempt, and the id of the event stays', async () => {
    const {id, own, make, send} = await newAccount();
    const made = await client.post('/v1/iam/signature_keys', {digest: 'SHA512', cipher: 'RSA'}, own);
    const {key_id, public_key} = made.json;
    assert.equal((await client.call('PATCH', '/v1/iam/signature_keys/enabled', {body: {key_id}, ...own})).status, 200);
    const {json: {secret}} = await client.post(`/admin/v1/accounts/${id}/webhook_secret`, {}, admin);
    await make({url: receiver.url(`/${id}/a//c?x=$mtContent&y=%20`), retries: 1, retry_delay: 5});
    receiver.script = ({attempt}) => (attempt === 1 ? 500 : 200);
    await send({content: 'ü ~/?'});
    await send({content: 'to url', callback_url: receiver.url(`/${id}?url=1`)});
    const mine = ({path}) => path.startsWith(`/${id}`);
    const calls = await receiver.calls('two attempts each', 8, mine, 40_000);
    for (const {method, path: target, headers, text: body} of calls) {
        assert.ok(isSigned(public_key, {method, target, headers, body}), target);
        assert.equal(headers['x-messagemedia-key-id'], key_id);
        assert.ok(Math.abs(Date.parse(headers.date) - Date.now()) < 60_000);
        verified(secret, {headers, body});
    }
    const [first, second] = calls.filter(({path}) => path.includes('/a//c'));
    assert.equal(first.path, `/${id}/a//c?x=%C3%BC%20~%2F%3F&y=%20`);
    assert.equal(second.id, first.id);
    assert.notEqual(second.headers.date, first.headers.date);
    assert.notEqual(second.headers['x-messagemedia-signature'], first.headers['x-messagemedia-signature']);
});

test('a URL beyond ASCII leaves encoded, its host by IDNA, and is signed as it leaves', async () => {
    const {id, own, make, send} = await newAccount();
    const made = await client.post('/v1/iam/signature_keys', {digest: 'SHA256', cipher: 'RSA'}, own);
    const {key_id, public_key} = made.json;
    assert.equal((await client.call('PATCH', '/v1/iam/signature_keys/enabled', {body: {key_id}, ...own})).status, 200);
    // Full-width digits are those of 127.0.0.1 to IDNA, so that no name has to be looked up.
    const url = (rest) => receiver.url(rest).replace('127.0.0.1', '１２７.0.0.1');
    await make({url: url(`/${id}/grüße/$mtId?ü=é&x=%20`)});
    const [message] = [await send(), await send({callback_url: url(`/${id}/日本?q=ü`)})];
    const mine = ({path}) => path.startsWith(`/${id}`);
    const calls = await receiver.calls('one and three', 4, mine);
    assert.deepEqual([...new Set(calls.map(({path}) => path))].sort(), [
        `/${id}/%E6%97%A5%E6%9C%AC?q=%C3%BC`, `/${id}/gr%C3%BC%C3%9Fe/${message}?%C3%BC=%C3%A9&x=%20`]);
    for (const {method, path: target, headers, text: body} of calls) {
        assert.equal(headers.host, `127.0.0.1:${receiver.port}`);
        assert.ok(isSigned(public_key, {method, target, headers, body}), target);
    }
    for (const bad of ['http://-ü.example/', 'http://ü_.example/', 'http://ü..example/', 'http://a℀b.example/']) {
        const answer = await client.post('/v1/messages',
            {messages: [{content: 'x', destination_number: '+61491570156', callback_url: bad}]}, own);
        assert.deepEqual(answer.json.details, ['/messages/0/callbackUrl: Invalid callback url'], bad);
    }
});

test('a webhook is tried as often as it says and then is a dead letter, and 410 disables it', async () => {
    const {id, own, make, send} = await newAccount();
    const webhook = await make({retries: 1, retry_delay: 5});
    receiver.script = () => 500;
    await send();
    const [dead] = await until('the dead letter', async () => {
        const found = await list(`state=dead&webhook=${webhook}`);
        return found.length > 0 && found;
    }, 30_000);
    assert.equal(dead.attempts, 2);
    assert.equal(dead.account, id);
    assert.equal(dead.url, receiver.url(`/${id}`));

    receiver.script = () => 410;
    await send();
    await until('another', async () => (await list(`state=dead&webhook=${webhook}`)).length === 2);
    const calls = receiver.journal.entries.length;
    receiver.script = () => 200;
    await until('it is disabled', async () => {
        await send();
        return (await list(`state=pending&account=${id}`)).length === 0;
    });
    assert.equal(receiver.journal.entries.slice(calls).filter(({path}) => path === `/${id}`).length, 0);
    assert.equal((await client.get(`/v1/webhooks/messages/${webhook}`, own)).status, 200);
});

test('the log shows the URL as it was sent, what a callback waits for, and all rounds of a replay', async () => {
    const {id, make, send} = await newAccount();
    const webhook = await make({url: receiver.url(`/${id}/é/$messageId`), retries: 5, retry_delay: 60});
    const attempts = async (event) =>
        (await client.get(`/admin/v1/callbacks/${event}/attempts`, admin)).json.attempts.map(({attempt}) => attempt);
    const entry = (state) => until(`an entry that is ${state}`, async () =>
        (await list(`webhook=${webhook}&state=${state}`)).find(({attempts: made}) => made > 0));
    receiver.script = () => 500;
    const url = receiver.url(`/${id}/%C3%A9/${await send()}`);
    const waiting = await entry('pending');
    assert.equal(waiting.url, url);
    assert.equal(waiting.waits_for, 'the next try after one that failed');
    const pause = Date.parse(waiting.next_attempt_at) - Date.parse(waiting.last_attempt.at);
    assert.ok(pause > 50_000 && pause < 80_000, `${pause} ms`);

    const replay = () => client.post('/admin/v1/callbacks/replay', {id: waiting.id}, admin);
    receiver.script = () => 200;
    assert.equal((await replay()).json.replayed, 1);
    await entry('delivered');
    assert.equal((await replay()).json.replayed, 1);
    const told = await until('both rounds', async () => {
        const log = await attempts(waiting.id);
        return log.length === 3 && log;
    });
    assert.deepEqual(told.map(({number, status}) => `${number} ${status}`), ['1 500', '2 200', '3 200']);
    assert.ok(told.every((attempt) => attempt.url === url));

    receiver.script = () => 500;
    for (let i = 0; i < 5; ++i) await send();  // after five failures in a row the path is left alone
    await until('five failures', async () =>
        (await list(`webhook=${webhook}&state=pending`)).filter(({attempts: made}) => made > 0).length === 5);
    const left = await until('one that waits for its endpoint', async () =>
        (await list(`webhook=${webhook}&state=pending`)).find(({waits_for}) => /endpoint/.test(waits_for)) ??
        (await send(), undefined));
    assert.ok(Date.parse(left.next_attempt_at) - Date.now() < 61_000, left.next_attempt_at);
});

test('default bodies may be those of newer documentation', async () => {
    const newer = await Gateway.start({config: '[webhook]\ndefault_body = "vendor2026"\n'});
    try {
        const own = newer.client;
        const webhook = {url: receiver.url('/newer'), method: 'POST', encoding: 'JSON',
            events: ['DELIVERED_DR', 'RECEIVED_SMS']};
        assert.equal((await own.post('/v1/webhooks/messages', webhook)).status, 201);
        await own.send({content: 'Hello', destination_number: '+61491570156', delivery_report: true});
        const [report] = await receiver.calls('the report', 1, ({path}) => path === '/newer');
        assert.equal(report.body.delay, '0');
        assert.equal(report.body.vendor_account_id.account_id, 'sandbox');
        await own.post('/sandbox/handsets/61491570156/messages', {to: '+61491570150', content: 'Yes'});
        const [, reply] = await receiver.calls('the reply', 2, ({path}) => path === '/newer');
        assert.equal(reply.body.account_id, 'sandbox');
        assert.equal(reply.body.vendor_account_id, undefined);
    } finally {
        await newer.close();
    }
});

test('the time that a webhook gives its receiver is kept', async () => {
    const {make, send} = await newAccount();
    const webhook = await make({read_timeout: 300});
    receiver.script = () => answers.silent();
    await send();
    const [dead] = await until('the dead letter', async () => {
        const found = await list(`state=dead&webhook=${webhook}`);
        return found.length > 0 && found;
    });
    assert.ok(dead.last_attempt.took_ms >= 290 && dead.last_attempt.took_ms < 5_000, `${dead.last_attempt.took_ms} ms`);
});

test('a webhook can be tested, however its test goes', async () => {
    const {id, make} = await newAccount();
    const webhook = await make({events: ['FAILED_DR']});
    const fire = async () => {
        const answer = await client.post(`/admin/v1/accounts/${id}/webhooks/${webhook}/test`, undefined, admin);
        assert.equal(answer.status, 202);
        return until('its attempt', async () => {
            const {json} = await client.get(`/admin/v1/callbacks/${answer.json.id}/attempts`, admin);
            return json.attempts[0]?.attempt;
        });
    };
    assert.equal((await fire()).status, 200);
    receiver.script = () => 500;
    assert.equal((await fire()).status, 500);
    const log = await list(`webhook=${webhook}`);
    assert.deepEqual(log.map(({event, state}) => `${event} ${state}`), ['TEST delivered']);
    const unknown = `/admin/v1/accounts/${id}/webhooks/00000000-0000-7000-8000-000000000000/test`;
    assert.equal((await client.post(unknown, undefined, admin)).status, 404);
});
