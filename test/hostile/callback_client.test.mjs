// SPDX-License-Identifier: Apache-2.0
// Endpoints of callbacks that speak HTTP badly, or another protocol, and what becomes of their connections.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {randomBytes} from 'node:crypto';
import {createServer as createTlsServer} from 'node:https';
import {once} from 'node:events';
import {mkdtemp, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {Gateway} from '../peers/gateway.mjs';
import {RawHttp, answer} from '../peers/raw_http.mjs';
import {until} from '../peers/wait.mjs';

const reports = 3;  // of a message: enroute, submitted, delivered

let folder, gateway, client, admin;
before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tidings-'));
    const request = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=here.example ' +
        '-addext subjectAltName=IP:127.0.0.1';
    const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')];
    execFileSync('openssl', [...request.split(' '), ...files], {stdio: 'ignore'});
    const env = {SSL_CERT_FILE: join(folder, 'cert.pem')};
    gateway = await Gateway.start({config: 'stop_wait_s = 1\n', env});
    client = gateway.client;
    admin = {auth: `Bearer ${await gateway.adminToken()}`};
});
after(async () => {
    await gateway?.close();
    await rm(folder, {recursive: true, force: true});
});

const send = async (callback_url) => (await client.send({
    content: 'Hello', destination_number: '+61491570156', delivery_report: true, callback_url,
}))[0].message_id;
const log = async (id) => (await client.get(`/admin/v1/callbacks?message=${id}`, admin)).json.callbacks;
// The first attempt of the first callback of a message, once there is one.
async function firstAttempt(id) {
    const callbacks = await until('an attempt', async () => {
        const found = await log(id);
        return found.some(({last_attempt}) => last_attempt) && found;
    });
    const {id: event} = callbacks.find(({last_attempt}) => last_attempt);
    const [{attempt}] = (await client.get(`/admin/v1/callbacks/${event}/attempts`, admin)).json.attempts;
    return attempt;
}
// All callbacks of a message were delivered, each at its first attempt.
const allAtOnce = (id) => until('all callbacks', async () => {
    const found = await log(id);
    return found.length === reports && found.every(({state, attempts}) => state === 'delivered' && attempts === 1);
});
async function withRaw(options, use) {
    const raw = await RawHttp.start(options);
    try {
        return await use(raw);
    } finally {
        await raw.close();
    }
}

test('callbacks to an endpoint go over one connection, with the same head each time', () => withRaw({}, async (raw) => {
    const url = raw.url('/a/../b?c=%20d').replace('http://', 'http://me:p%40ss@');
    for (let i = 0; i < 3; ++i) await allAtOnce(await send(url));
    assert.equal(raw.connections, 1);
    assert.equal(raw.journal.entries.length, 3 * reports);
    for (const {head, text} of raw.journal.entries) {
        const lines = head.split('\r\n');
        assert.equal(lines[0], 'POST /a/../b?c=%20d HTTP/1.1');
        const fixed = [
            `Host: 127.0.0.1:${raw.port}`, 'User-Agent: Tidings/0.1', 'Accept: */*',
            `Authorization: Basic ${btoa('me:p@ss')}`, 'Content-Type: application/json',
            `Content-Length: ${text.length}`,
        ];
        for (const line of fixed) assert.ok(lines.includes(line), `${line}\n${head}`);
        assert.equal(lines.length, 1 + fixed.length + 1, head);  // and webhook-id
    }
}));

test('a connection that the endpoint closes while it is idle is not used again', () => withRaw({}, async (raw) => {
    raw.script = (socket) => socket.end(answer(200));
    await allAtOnce(await send(raw.url()));
    assert.equal(raw.connections, reports);
}));

test('a request that meets the close of its connection is sent again, on a new one', () => withRaw({}, async (raw) => {
    const seen = new Map();
    raw.script = (socket, {connection}) => {
        seen.set(connection, (seen.get(connection) ?? 0) + 1);
        if (seen.get(connection) > 1) socket.resetAndDestroy();
        else socket.write(answer(200));
    };
    await allAtOnce(await send(raw.url()));
    assert.equal(raw.connections, reports);
    assert.equal(raw.journal.entries.length, 2 * reports - 1);
}));

test('a close behind several answers costs no callback', () => withRaw({}, async (raw) => {
    const seen = new Map();
    raw.script = (socket, {connection}) => {
        seen.set(connection, (seen.get(connection) ?? 0) + 1);
        if (seen.get(connection) < 4) socket.write(answer(200));
        else if (seen.get(connection) === 4) socket.end(answer(200));
    };
    const ids = [];
    for (let i = 0; i < 6; ++i) ids.push(await send(raw.url()));
    for (const id of ids) await allAtOnce(id);
    assert.ok(raw.connections > 1);
}));

test('who closes new connections, too, has failed', () => withRaw({}, async (raw) => {
    raw.script = (socket) => socket.destroy();
    const {status, error} = await firstAttempt(await send(raw.url()));
    assert.equal(status, null);
    assert.ok(error);
    const ids = raw.journal.entries.map(({head}) => /webhook-id: (\S+)/.exec(head)[1]);
    assert.equal(new Set(ids).size, ids.length, 'none was sent twice');
}));

test('behind an answer with something after it nothing is asked on that connection', () => withRaw({}, async (raw) => {
    raw.script = (socket) => socket.write(answer(200) + answer(500));
    await allAtOnce(await send(raw.url()));
    assert.equal(raw.connections, reports);
}));

test('answers come in pieces, behind others, and in every form that HTTP has', async () => {
    const chunked = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x="y"\r\nok\r\n0\r\nX: y\r\n\r\n';
    const cases = [
        'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n' + answer(200, 'ok'), chunked,
        'HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok', 'HTTP/1.1 204 No Content\r\n\r\n',
    ];
    for (const bytes of cases) await withRaw({}, async (raw) => {
        raw.script = (socket) => {
            let next = 0;
            const drip = () => {
                if (next === bytes.length) return;
                socket.write(bytes[next++]);
                setImmediate(drip);
            };
            drip();
        };
        await allAtOnce(await send(raw.url()));
        assert.equal(raw.connections, 1, bytes);
    });
    await withRaw({}, async (raw) => {
        raw.script = (socket) => socket.end('HTTP/1.0 200 OK\r\n\r\nuntil the end');
        await allAtOnce(await send(raw.url()));
    });
});

test('what is no answer is a failure, at once', async () => {
    const head = 'HTTP/1.1 200 OK\r\n';
    const cases = [
        '220 mail.example ESMTP\r\n', 'SSH-2.0-OpenSSH\r\n', 'HTTP/2 200\r\n\r\n', 'HTTP/1.1 099 X\r\n\r\n',
        'HTTP/1.1 600 X\r\nContent-Length: 0\r\n\r\n', 'HTTP/1.1 101 X\r\nUpgrade: h2c\r\n\r\n', 'x'.repeat(1 << 20),
        `${head}X: ${'x'.repeat(1 << 20)}`, 'HTTP/1.1 100 X\r\n\r\n'.repeat(100_000),
        `${head}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`, `${head}Content-Length: -1\r\n\r\n`,
        `${head}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
        `${head}Transfer-Encoding: chunked\r\n\r\nzz\r\n`,
        `${head}Transfer-Encoding: chunked\r\n\r\n${`1;${'x'.repeat(100)}\r\na\r\n`.repeat(20_000)}`,
        `${head}Transfer-Encoding: chunked\r\n\r\n0\r\n${'X: y\r\n'.repeat(50_000)}`,
    ];
    await Promise.all(cases.map((bytes) => withRaw({}, async (raw) => {
        raw.script = (socket) => socket.write(bytes);
        const {status, error, took_ms} = await firstAttempt(await send(raw.url()));
        assert.equal(status, null, bytes.slice(0, 100));
        assert.doesNotMatch(error, /in time/, `${bytes.slice(0, 100)} took ${took_ms} ms`);
    })));
});

test('an answer before the request was read counts', () => withRaw({atHeaders: true}, async (raw) => {
    const handset = '+61491570157', ours = '+61491570150';
    const film = {content_type: 'video/3gpp', content: randomBytes(2 << 20).toString('base64'), original_name: 'b.3gp'};
    const hook = {url: raw.url(), method: 'POST', encoding: 'JSON', events: ['RECEIVED_MMS']};
    const made = await client.post('/v1/webhooks/messages', hook);
    assert.equal(made.status, 201, made.text);
    raw.script = (socket) => socket.write(answer(200, 'early'));
    const sent = await client.post(`/sandbox/handsets/${handset}/messages`, {to: ours, attachments: [film]});
    assert.equal(sent.status, 202, sent.text);
    const [{last_attempt: last}] = await until('the callback', async () => {
        const {callbacks} = (await client.get(`/admin/v1/callbacks?webhook=${made.json.id}`, admin)).json;
        return callbacks.length === 1 && callbacks[0].state === 'delivered' && callbacks;
    });
    assert.equal(last.status, 200);
    assert.equal(last.answer, 'early');
    await client.call('DELETE', `/v1/webhooks/messages/${made.json.id}`);
}));

test('names that nobody has, and ports where nobody listens, fail by themselves', async () => {
    const port = await withRaw({}, async (raw) => raw.port);
    for (const url of ['http://nobody.invalid/', `http://127.0.0.1:${port}/`]) {
        const {status, error} = await firstAttempt(await send(url));
        assert.equal(status, null);
        assert.match(error, /not found|refused/, url);
    }
    const {error} = await firstAttempt(await send('http://192.168.7.9/'));
    assert.equal(error, 'address refused by policy');
});

test('TLS sessions are used again, and connections too', async () => {
    const tls = {key: await readFile(join(folder, 'key.pem')), cert: await readFile(join(folder, 'cert.pem'))};
    for (const keeps of [false, true]) for (const version of ['TLSv1.2', 'TLSv1.3']) {
        const handshakes = [];
        const server = createTlsServer({...tls, minVersion: version, maxVersion: version}, (request, response) => {
            response.shouldKeepAlive = keeps;
            request.resume().on('end', () => response.end('ok'));
        });
        server.on('secureConnection', (socket) => handshakes.push(socket.isSessionReused()));
        server.listen(0, '127.0.0.1');
        await once(server, 'listening');
        await allAtOnce(await send(`https://127.0.0.1:${server.address().port}/`));
        assert.deepEqual(handshakes, keeps ? [false] : [false, true, true], version);
        server.closeAllConnections();
        server.close();
    }
});
