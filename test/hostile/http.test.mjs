// SPDX-License-Identifier: Apache-2.0
// Strangers and tenants who want the listener's memory, time, connections and descriptors.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {mkdtemp, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, describe, test} from 'node:test';
import {basic, Client, validate} from '../peers/client.mjs';
import {binary, Gateway, Program} from '../peers/gateway.mjs';
import {pause, until} from '../peers/wait.mjs';
import {Wire} from '../peers/wire.mjs';

const MiB = 1 << 20;
const portOf = (base) => Number(new URL(base).port);
const head = (method, path, ...fields) =>
    `${method} ${path} HTTP/1.1\r\n${['Host: x', ...fields].join('\r\n')}\r\n\r\n`;
const chunked = 'Transfer-Encoding: chunked';
const stranger = `Authorization: ${basic('nobody', 'nothing')}`;
const message = JSON.stringify({messages: [{content: 'Hello', destination_number: '+61491570156'}]});

// Resident memory of a process.
const resident = (pid) => Number(readFileSync(`/proc/${pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)[1]) * 1024;

// Writes `piece` again and again, as fast as it is taken, until the other side closes or `max` bytes went.
async function pour(wire, piece, max) {
    let sent = 0;
    for (; sent < max && !wire.closed && !wire.socket.destroyed; sent += piece.length) {
        if (wire.socket.write(piece)) continue;
        await Promise.race([
            new Promise((resolve) => wire.socket.once('drain', resolve)),
            new Promise((resolve) => wire.socket.once('close', resolve)), pause(1000),
        ]);
    }
    return sent;
}

// The one answer before the end of the connection; while we still send, its reset may overtake the answer.
async function refusal(wire, status) {
    const [answer] = await wire.end();
    if (!answer) return;
    assert.equal(answer.status, status);
    validate('POST', '/v1/messages', answer);
}

describe('without a key', () => {
    let gateway, port, start;
    before(async () => {
        gateway = await Gateway.start();
        port = portOf(gateway.base);
        start = resident(gateway.program.child.pid);
    });
    after(() => gateway.close());
    const staysSmall = () => {
        const grown = resident(gateway.program.child.pid) - start;
        assert.ok(grown < 100 * MiB, `${Math.round(grown / MiB)} MiB more than at the start`);
    };

    test('a body is not waited for, whatever is wrong with its request', async () => {
        const length = `Content-Length: ${8 * MiB}`;
        for (const [status, request] of [
            [404, head('POST', '/nowhere', length)], [404, head('POST', '/nowhere', chunked)],
            [405, head('DELETE', '/v1/messages', length)], [401, head('POST', '/v1/messages', length)],
            [401, head('POST', '/v1/messages', stranger, length)],
            [401, head('POST', '/v1/messages', stranger, chunked)],
            [401, head('POST', '/admin/v1/accounts', stranger, length)],
            [401, head('PUT', '/sandbox/carrier', stranger, length)],
            [401, head('POST', '/v1/messages', stranger, length, 'Expect: 100-continue')],
        ]) {
            const wire = new Wire(port).write(request);
            const [answer] = await wire.end();
            assert.equal(answer.status, status, request);
            assert.equal(answer.headers.get('connection'), 'close');
            assert.ok(!wire.text.includes('100 Continue'));
        }
    });

    test('a small body costs no client its connection', async () => {
        const request = head('POST', '/v1/messages', stranger, `Content-Length: ${message.length}`) + message;
        const wire = new Wire(port).write(request + request);
        assert.deepEqual((await wire.answers(2)).map(({status}) => status), [401, 401]);
        wire.write(head('POST', '/nowhere', chunked) + '5\r\nabcde\r\n0\r\n\r\n');
        wire.write(head('GET', '/healthz', 'Content-Length: 3') + 'abc' + head('GET', '/healthz'));
        assert.deepEqual((await wire.answers(5)).slice(2).map(({status}) => status), [404, 200, 200]);
        wire.socket.destroy();
    });

    test('150 bodies to a path that does not exist take no memory', async () => {
        const piece = 'x'.repeat(64 << 10);
        await Promise.all(Array.from({length: 150}, async () => {
            const wire = new Wire(port).write(head('POST', '/nowhere', `Content-Length: ${8 * MiB}`));
            await pour(wire, piece, MiB);
            wire.socket.end();
            const [answer] = await wire.end();
            if (answer) assert.equal(answer.status, 404);
        }));
        staysSmall();
    });

    test('floods of framing are cut, and nothing of them is kept', async () => {
        const mine = `Authorization: ${gateway.client.auth}`;
        const filler = 'x'.repeat(64 << 10);
        for (const [begin, piece] of [
            ['1;', filler], ['1;a="', filler], ['0\r\nX: ', filler], ['0\r\n', 'X: y\r\n'.repeat(10_000)],
            ['', '1\r\n \r\n'.repeat(10_000)], ['1', ' '.repeat(64 << 10)],
        ]) {
            const wire = new Wire(port).write(head('POST', '/v1/messages', mine, chunked) + begin);
            await pour(wire, piece, 16 * MiB);
            await refusal(wire, 431);
        }
        staysSmall();
    });

    test('millions of tiny values are refused without being read', async () => {
        for (const tiny of ['{},', '[],', '1,', '{"a":1},']) {
            const body = `{"messages":[${tiny.repeat(Math.floor(7.9 * MiB / tiny.length))}{}]}`;
            const answer = await gateway.client.post('/v1/messages', body);
            assert.equal(answer.status, 400);
            assert.deepEqual(answer.json.details, ['The body has more than 10000 values.']);
        }
    });

    test('what is said about a request repeats none of its bytes', async () => {
        const auth = `Bearer ${await gateway.adminToken()}`;
        const body = JSON.stringify({'\u001b[2J\u0000\u009b': 1, ['x'.repeat(100_000)]: 2});
        for (const [method, path] of [['PUT', '/admin/v1/routes/%FF%00'], ['POST', '/admin/v1/accounts']]) {
            const answer = await gateway.client.call(method, path, {body, auth});
            assert.equal(answer.status, 400);
            assert.ok(answer.text.length < 5000, `${answer.text.length}`);
            assert.doesNotMatch(JSON.stringify(answer.json.details), /[\x00-\x1f\x7f-\x9f]|\\u00/);
        }
    });

    test('/metrics wants the token from whoever comes through a proxy', async () => {
        const get = (options) => gateway.client.get('/metrics', options);
        assert.equal((await get({auth: null})).status, 200);
        for (const name of ['X-Forwarded-For', 'Forwarded', 'X-Real-IP', 'Via']) {
            assert.equal((await get({auth: null, headers: {[name]: '192.0.2.1'}})).status, 401);
        }
        const auth = `Bearer ${await gateway.adminToken()}`;
        assert.equal((await get({auth, headers: {'X-Forwarded-For': '192.0.2.1'}})).status, 200);
        const open = await Gateway.start({config: '[admin]\nopen_metrics = true\n'});
        try {
            const answer = await open.client.get('/metrics', {auth: null, headers: {'X-Forwarded-For': '192.0.2.1'}});
            assert.equal(answer.status, 200);
        } finally {
            await open.close();
        }
    });
});

describe('with a key', () => {
    // Messages of the longest text, all escaped: more than a megabyte.
    const text = '\\ud83d\\ude00'.repeat(2500);
    const large = `{"messages":[${Array(40).fill(`{"content":"${text}","destination_number":"+61491570156"}`)}]}`;

    test('all bodies together have a budget, of which one account gets half', async () => {
        const gateway = await Gateway.start({config: '[listen]\nbodies_max_mib = 4\nbody_max_kib = 1024\n'});
        try {
            const port = portOf(gateway.base);
            const post = (auth, length) =>
                head('POST', '/v1/messages', `Authorization: ${auth}`, `Content-Length: ${length}`);
            const mine = gateway.client.auth;
            const body = message + ' '.repeat(MiB - message.length);
            const halves = [0, 1].map(() => new Wire(port).write(post(mine, MiB) + body.slice(0, -1)));
            const refused = await until('a refusal', async () => {
                const wire = new Wire(port).write(post(mine, MiB / 2));
                const answer = await Promise.race([wire.end().then(([first]) => first), pause(100)]);
                wire.socket.destroy();
                return answer;
            });
            assert.equal(refused.status, 503);
            assert.ok(Number(refused.headers.get('retry-after')) >= 1);
            validate('POST', '/v1/messages', refused);
            assert.equal((await gateway.client.get('/v1/replies')).status, 200);

            const admin = {auth: `Bearer ${await gateway.adminToken()}`};
            await gateway.client.post('/admin/v1/accounts', {id: 'Other'}, admin);
            const made = await gateway.client.post('/admin/v1/accounts/Other/keys', {scheme: 'basic'}, admin);
            const other = new Client(gateway.base, {key: made.json.key, secret: made.json.secret});
            assert.equal((await other.post('/v1/messages', body.slice(0, MiB / 2))).status, 202);

            for (const wire of halves) {
                wire.write(body.slice(-1));
                assert.equal((await wire.answers(1))[0].status, 202);
                wire.socket.destroy();
            }
            assert.equal((await gateway.client.post('/v1/messages', body.slice(0, MiB / 2))).status, 202);
        } finally {
            await gateway.close();
        }
    });

    test('others are answered while large requests wait for their turn', async () => {
        const gateway = await Gateway.start();
        try {
            let done = 0;
            const pending = Array.from({length: 4}, async () => {
                const answer = await gateway.client.post('/v1/messages', large);
                ++done;
                return answer.status;
            });
            for (let i = 0; i < 10; ++i) {
                const {headers} = await gateway.client.get('/v1/replies');
                assert.ok(headers);
            }
            assert.ok(done < pending.length, 'the small requests had to wait for all of the large ones');
            assert.deepEqual(await Promise.all(pending), Array(4).fill(202));
        } finally {
            await gateway.close();
        }
    });
});

describe('connections', () => {
    test('strangers take no place from clients, nor from /healthz', async () => {
        const gateway = await Gateway.start({config: '[listen]\nconnections_max = 20\n'});
        const wires = [];
        try {
            const port = portOf(gateway.base);
            const wire = () => (wires.push(new Wire(port)), wires.at(-1));
            const mine = `Authorization: ${gateway.client.auth}`;
            for (let i = 0; i < 100; ++i) wire().write('GET /healthz HTTP/1.1\r\nHost:');
            await until('the first to go', () => wires[0].closed);
            for (const path of ['/v1/replies', '/healthz']) {
                const [answer] = await wire().write(head('GET', path, mine)).answers(1);
                assert.equal(answer.status, 200);
            }
            // When all are clients, a new one hears so, but a monitor gets its answer.
            const clients = [];
            for (let full = false; !full;) {
                const next = wire().write(head('GET', '/v1/replies', mine));
                const [answer] = await next.answers(1);
                full = answer.status === 503;
                if (full) assert.equal(answer.headers.get('retry-after'), '1');
                else clients.push(next);
                assert.ok(clients.length <= 20);
            }
            const [health] = await wire().write(head('GET', '/healthz')).answers(1);
            assert.equal(health.status, 200);
            const [again] = await clients[0].write(head('GET', '/v1/replies', mine)).answers(2);
            assert.equal(again.status, 200);
        } finally {
            for (const one of wires) one.socket.destroy();
            await gateway.close();
        }
    });

    test('with 64 descriptors the gateway keeps those it needs', async () => {
        const data = await mkdtemp(join(tmpdir(), 'tidings-'));
        const flags = ['serve', '--data', data, '--listen', '127.0.0.1:0', '--sandbox'];
        const program = new Program(['-c', 'ulimit -n 64; exec "$0" "$@"', binary, ...flags], {}, '/bin/sh');
        const wires = [];
        try {
            const [, base] = await program.printed(/^listening on (http:\S+)$/m);
            const client = new Client(base, JSON.parse(await readFile(join(data, 'sandbox.json'), 'utf8')));
            await until('readyz', async () => (await client.get('/readyz', {auth: null})).status === 200);
            const open = async (count) => {
                for (let i = 0; i < count; ++i) wires.push(new Wire(portOf(base)));
                await until('the last to be connected', () => wires.at(-1).socket.readyState !== 'opening');
            };
            for (let round = 0; round < 5; ++round) {
                await open(100);
                const health = () => client.get('/healthz', {auth: null}).catch(() => ({}));
                await until('/healthz', async () => (await health()).status === 200);
            }
            const text = {content: 'Hi', destination_number: '+61491570156'};
            const sent = await until('202', () => client.send(text).catch(() => undefined));
            await client.reaches(sent[0].message_id, 'delivered');
            assert.ok((program.err.match(/accepting/g) ?? []).length <= 2, program.err);
        } finally {
            for (const wire of wires) wire.socket.destroy();
            const {code, err} = await program.end('SIGTERM');
            await rm(data, {recursive: true, force: true});
            assert.equal(code, 0, err);
        }
    });
});
