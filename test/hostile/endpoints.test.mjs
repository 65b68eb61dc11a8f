// SPDX-License-Identifier: Apache-2.0
// Receivers of callbacks that are in trouble, by the hundred, and templates that cost: the others go on beside them.
import assert from 'node:assert/strict';
import {createServer} from 'node:net';
import {once} from 'node:events';
import {after, afterEach, before, test} from 'node:test';
import {basic} from '../peers/client.mjs';
import {Gateway} from '../peers/gateway.mjs';
import {Receiver, answers} from '../peers/receiver.mjs';
import {until} from '../peers/wait.mjs';

const reports = 3;  // of a message: enroute, submitted, delivered

let gateway, client, receiver, admin;
before(async () => {
    receiver = await Receiver.start();
    // Those who never answer would hold up a stop for longer.
    gateway = await Gateway.start({config: 'stop_wait_s = 1\n'});
    client = gateway.client;
    admin = {auth: `Bearer ${await gateway.adminToken()}`};
});
after(async () => {
    await gateway.close();
    await receiver.close();
});
afterEach(() => (receiver.script = () => 200));

let accounts = 0;
// An account of its own for each who is told.
async function newAccount() {
    const id = `tenant-${++accounts}`;
    const made = {id, unregistered_source: 'allow', default_source: `+6149157${8000 + accounts}`};
    assert.equal((await client.post('/admin/v1/accounts', made, admin)).status, 201);
    const {json} = await client.post(`/admin/v1/accounts/${id}/keys`, {scheme: 'basic'}, admin);
    const own = {auth: basic(json.key, json.secret)};
    const send = async (urls, fields) => {
        const messages = urls.map((callback_url) => (
            {content: 'Hello', destination_number: '+61491570156', delivery_report: true, callback_url, ...fields}));
        const answer = await client.post('/v1/messages', {messages}, own);
        assert.equal(answer.status, 202, answer.text);
    };
    const make = (fields) => client.post('/v1/webhooks/messages',
        {url: receiver.url(`/${id}`), method: 'POST', encoding: 'JSON', events: ['DELIVERED_DR'], ...fields}, own);
    return {id, send, make};
}
const at = (path) => (call) => call.path === path;
const count = (path) => receiver.journal.entries.filter(at(path)).length;

// Servers that accept connections and never say a word.
async function startSilent(number) {
    const silent = {urls: [], connections: 0, ended: 0, sockets: new Set()};
    const accept = (socket) => {
        ++silent.connections;
        silent.sockets.add(socket.on('error', () => {}).on('close', () => ++silent.ended).resume());
    };
    const servers = await Promise.all(Array.from({length: number}, async () => {
        const server = createServer(accept).listen(0, '127.0.0.1');
        await once(server, 'listening');
        silent.urls.push(`http://127.0.0.1:${server.address().port}/`);
        return server;
    }));
    silent.close = () => {
        for (const socket of silent.sockets) socket.destroy();
        for (const server of servers) server.close();
    };
    return silent;
}

test('a path that asks to be left alone stops neither another path of its host nor another account', async () => {
    const busy = await newAccount(), other = await newAccount();
    receiver.script = ({path, body}) =>
        path === '/busy' && body.account_id !== other.id && body.vendor_account_id?.account_id !== other.id
            ? answers.text(503, '', {'Retry-After': '600'}) : 200;
    await busy.send(Array(5).fill(receiver.url('/busy')));
    await receiver.calls('the refusal', 1, at('/busy'));
    await busy.send([receiver.url('/beside')]);
    await other.send([receiver.url('/other'), receiver.url('/busy')]);
    await receiver.calls('another path', reports, at('/beside'));
    await receiver.calls('another account', reports, at('/other'));
    await receiver.calls('another account at the same path', 1 + reports, at('/busy'));
    assert.equal(count('/busy'), 1 + reports, 'the other 14 wait');
});

test('hundreds that never answer hold up nobody, known or new, of their account or of another', async () => {
    const flooding = [await newAccount(), await newAccount(), await newAccount()], other = await newAccount();
    const silent = await startSilent(300);
    // They have a minute to answer, and none of that may be over before somebody else is told.
    const told = async (what, account, path) => {
        const calls = count(path);
        await account.send([receiver.url(path)]);
        await receiver.calls(what, calls + reports, at(path));
        assert.equal(silent.ended, 0, `${what} waited for others to time out`);
    };
    try {
        await told('the known one', flooding[0], '/known');
        await Promise.all(flooding.map(async (account, i) => {
            for (const url of silent.urls.slice(100 * i, 100 * i + 100)) {
                const made = await account.make({url, read_timeout: 60_000});
                assert.equal(made.status, 201, made.text);
            }
        }));
        for (const account of flooding) await account.send([undefined]);
        await until('most of what there is to be held', () => silent.connections >= 192);
        await told('a new one of another account', other, '/new');
        await told('the known one of the same account', flooding[0], '/known');
        await told('a new one of the same account', flooding[0], '/new-too');
    } finally {
        silent.close();
    }
});

test('a template that costs too much is refused, or fails and says so, and holds up no other', async () => {
    const costly = await newAccount(), cheap = await newAccount();
    const nested = (depth, text) => (depth ? `$esc.json(${nested(depth - 1, text)})` : text);
    const refused = await costly.make({template: nested(15, `'${'\\'.repeat(3400)}'`)});
    assert.equal(refused.status, 400);
    assert.match(refused.text, /too much work/);

    // This one costs little until a message has backslashes.
    const made = await costly.make({template: nested(14, '$mtContent')});
    assert.equal(made.status, 201, made.text);
    assert.equal((await cheap.make({template: '{"text":"$esc.json($mtContent)"}'})).status, 201);
    const none = Array(10).fill(undefined);
    await costly.send(none, {content: '\\'.repeat(160)});
    await cheap.send(none.slice(0, 5), {content: '"'});
    await receiver.calls('the cheap ones', 5, at(`/${cheap.id}`));
    const dead = await until('all of the costly to end', async () => {
        const query = `state=dead&webhook=${made.json.id}`;
        const {callbacks} = (await client.get(`/admin/v1/callbacks?${query}`, admin)).json;
        return callbacks.length === 10 && callbacks;
    });
    assert.match(dead[0].last_attempt.error, /too much work/);
    assert.equal(count(`/${costly.id}`), 0);

    const fired = await client.post(`/admin/v1/accounts/${costly.id}/webhooks/${made.json.id}/test`, undefined, admin);
    assert.equal(fired.status, 202);
    await receiver.calls('what costs little', 1, at(`/${costly.id}`));
});
