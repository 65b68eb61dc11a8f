// SPDX-License-Identifier: Apache-2.0
// Callbacks to customers who are slow, down, wrong, or where nobody may go.
import assert from 'node:assert/strict';
import {createServer} from 'node:net';
import {once} from 'node:events';
import {after, afterEach, before, test} from 'node:test';
import {basic} from '../peers/client.mjs';
import {Customer} from '../peers/customer.mjs';
import {Gateway} from '../peers/gateway.mjs';
import {until} from '../peers/wait.mjs';

let gateway, client, customer;
before(async () => {
    customer = await Customer.start();
    // A proxy in the environment must not see what customers get; nothing listens there.
    const proxy = 'http://127.0.0.1:9';
    const env = {http_proxy: proxy, HTTP_PROXY: proxy, all_proxy: proxy, ALL_PROXY: proxy};
    // The silent customer would hold up a stop for longer.
    gateway = await Gateway.start({config: 'stop_wait_s = 1\n', env});
    client = gateway.client;
});
after(async () => {
    await gateway.close();
    await customer.close();
});
afterEach(() => (customer.answer = () => 200));

async function send(callback_url, fields) {
    const message = {content: 'Hello', destination_number: '+61491570156', delivery_report: true, callback_url};
    return (await client.send({...message, ...fields}))[0].message_id;
}
const about = (id) => (call) => call.body?.message_id === id;
const codesOf = (id) => customer.journal.entries.filter(about(id)).map(({body}) => body.error_code);

test('any 2xx ends a callback', async () => {
    for (const status of [200, 201, 202, 204, 299]) {
        customer.answer = () => status;
        const id = await send(customer.url(`/${status}`));
        await customer.calls(`three reports answered ${status}`, 3, about(id));
        assert.deepEqual(codesOf(id), ['101', '200', '220']);
    }
});

test('anything else is tried again later, the same report with the same id; a redirect is not followed', async () => {
    const refusals = {'/error': 500, '/gone': 404, '/moved': 302};
    const refused = new Set();
    customer.answer = ({path, body}) => {
        if (body.error_code !== '220' || refused.has(path)) return 200;
        refused.add(path);
        return {status: refusals[path], headers: {Location: customer.url('/elsewhere')}};
    };
    const last = (id) => (call) => about(id)(call) && call.body.error_code === '220';
    await Promise.all(Object.keys(refusals).map(async (path) => {
        const id = await send(customer.url(path));
        const [first, second] = await customer.calls(`the second try of ${path}`, 2, last(id));
        assert.equal(second.text, first.text);
        assert.equal(second.path, path);
        // After 5 s, up to a fifth more or less.
        assert.ok(second.at - first.at >= 3500, `${second.at - first.at} ms between tries`);
    }));
    assert.ok(!customer.journal.entries.some(({path}) => path === '/elsewhere'));
});

test('a customer who does not answer holds up nobody else', async () => {
    const other = await Customer.start();
    customer.answer = () => undefined;
    try {
        const silent = await Promise.all(Array.from({length: 20}, () => send(customer.url('/silent'))));
        const id = await send(other.url('/well'));
        await other.calls('the reports of the other', 3, about(id), 10_000);
        assert.equal(silent.length, 20);
    } finally {
        await other.close();
    }
});

test('a customer who answers without end is cut off', async () => {
    let connections = 0;
    const endless = createServer((socket) => {
        ++connections;
        socket.on('error', () => {});
        socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n');
        const chunk = `4000\r\n${'x'.repeat(0x4000)}\r\n`;
        const flood = () => {
            while (socket.writable && socket.write(chunk));
        };
        socket.on('drain', flood);
        flood();
    }).listen(0, '127.0.0.1');
    await once(endless, 'listening');
    try {
        await send(`http://127.0.0.1:${endless.address().port}/flood`);
        await until('three or more connections', () => connections >= 3, 30_000);
    } finally {
        endless.close();
    }
});

test('forbidden addresses are not called, however they are written', async () => {
    // Without --sandbox no loopback address is allowed. There is no link, so that each message fails: one report.
    const strict = await Gateway.start({sandbox: false});
    const target = await Customer.start();
    try {
        const admin = {auth: `Bearer ${await strict.adminToken()}`};
        await strict.client.post('/admin/v1/accounts', {id: 'Careful'}, admin);
        const {json} = await strict.client.post('/admin/v1/accounts/Careful/keys', {scheme: 'basic'}, admin);
        const own = {auth: basic(json.key, json.secret)};
        await until('the key', async () => (await strict.client.get('/v1/replies', own)).status === 200);
        let tries = 0;
        const hosts = ['127.0.0.1', '127.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '0.0.0.0', '0x7f000001'];
        for (const host of hosts) {
            const callback_url = `http://${host}:${target.port}/`;
            const messages = [{content: 'x', destination_number: '+61491570156', delivery_report: true, callback_url}];
            const answer = await strict.client.post('/v1/messages', {messages}, own);
            // Some spellings are no valid host for the API already.
            assert.ok([202, 400].includes(answer.status), answer.text);
            if (answer.status === 202) ++tries;
        }
        assert.ok(tries >= 2);
        const refusal = /callback \S+ attempt 1: address refused by policy/g;
        await until('the refusals', () => strict.program.err.match(refusal)?.length >= tries);
        assert.deepEqual(target.journal.entries, []);
    } finally {
        await strict.close();
        await target.close();
    }
});

test('what is pending survives SIGTERM and kill -9', async () => {
    const target = await Customer.start();
    const {port} = target;
    await target.close();
    const id = await send(`http://127.0.0.1:${port}/later`);
    await client.reaches(id, 'delivered');
    await gateway.stop();
    await gateway.launch();
    await gateway.kill();
    await gateway.launch();
    client = gateway.client;
    const back = await Customer.start(port);
    try {
        const calls = await back.calls('the three reports', 3, about(id), 60_000);
        assert.deepEqual(new Set(calls.map(({body}) => body.error_code)), new Set(['101', '200', '220']));
    } finally {
        await back.close();
    }
});
