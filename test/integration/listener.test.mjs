// SPDX-License-Identifier: Apache-2.0
// The HTTP listener against clients that are fast, slow, wrong or hostile, byte by byte.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import https from 'node:https';
import net from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, describe, test} from 'node:test';
import {validate} from '../peers/client.mjs';
import {Gateway, Program} from '../peers/gateway.mjs';
import {pause, until, within} from '../peers/wait.mjs';
import {Wire} from '../peers/wire.mjs';

let gateway, port, auth;
before(async () => {
    gateway = await Gateway.start();
    port = Number(new URL(gateway.base).port);
    auth = `Authorization: ${gateway.client.auth}\r\n`;
});
after(() => gateway.close());

const message = JSON.stringify({messages: [{content: 'Hello', destination_number: '+61491570156'}]});
const get = (path = '/v1/replies', more = '') => `GET ${path} HTTP/1.1\r\nHost: x\r\n${auth}${more}\r\n`;
const post = (body, more = '') => `POST /v1/messages HTTP/1.1\r\nHost: x\r\n${auth}Content-Type: application/json\r\n` +
    `Content-Length: ${Buffer.byteLength(body)}\r\n${more}\r\n${body}`;
const chunked = (body) => `POST /v1/messages HTTP/1.1\r\nHost: x\r\n${auth}Content-Type: application/json\r\n` +
    `Transfer-Encoding: chunked\r\n\r\n${body}`;

describe('HTTP/1.1', () => {
    test('keeps a connection, and answers pipelined requests in order', async () => {
        const wire = new Wire(port);
        wire.write(get() + post(message) + get('/nowhere') + post('{') + get('/v1/messaging/credits'));
        const answers = await wire.answers(5);
        assert.deepEqual(answers.map(({status}) => status), [200, 202, 404, 400, 200]);
        wire.write(get());
        assert.equal((await wire.answers(6))[5].status, 200);
        wire.socket.destroy();
    });

    test('closes when asked, and for HTTP/1.0', async () => {
        assert.equal((await new Wire(port).write(get('/v1/replies', 'Connection: close\r\n')).end())[0].status, 200);
        const old = new Wire(port).write(`GET /v1/replies HTTP/1.0\r\n${auth}\r\n`);
        assert.equal((await old.end())[0].status, 200);
    });

    test('takes a request byte by byte', async () => {
        const wire = new Wire(port);
        for (const byte of post(message)) {
            wire.write(byte);
            await new Promise(setImmediate);
        }
        assert.equal((await wire.answers(1))[0].status, 202);
        wire.socket.destroy();
    });

    test('takes chunked bodies, header names in any case, and Expect: 100-continue', async () => {
        const size = message.length.toString(16);
        const wire = new Wire(port).write(chunked(`${size}\r\n${message}\r\n0\r\n\r\n`));
        assert.equal((await wire.answers(1))[0].status, 202);
        wire.write(post(message).replace('Content-Type', 'CONTENT-TYPE').replace('Content-Length', 'content-length'));
        assert.equal((await wire.answers(2))[1].status, 202);
        wire.socket.destroy();
        const expecting = new Wire(port).write(post(message, 'Expect: 100-continue\r\n'));
        await until('202', () => / 202 /.test(expecting.text));
        expecting.socket.destroy();
    });

    test('answers a client that sends everything and closes its half', async () => {
        const wire = new Wire(port);
        wire.socket.end(post(message));
        assert.equal((await wire.end())[0].status, 202);
    });
});

describe('limits', () => {
    const refused = async (bytes, status) => {
        const [answer] = await new Wire(port).write(bytes).end();
        assert.equal(answer?.status, status);
        validate('POST', '/v1/messages', answer);
    };

    test('an over-long header or request line is a 431 or 414 in JSON', async () => {
        await refused(get('/v1/replies', `X-Long: ${'x'.repeat(100_000)}\r\n`), 431);
        await refused(get('/v1/replies', 'X-Many: x\r\n'.repeat(10_000)), 431);
        const [answer] = await new Wire(port).write(get(`/${'x'.repeat(100_000)}`)).end();
        assert.ok([414, 431].includes(answer.status), answer.status);
        validate('GET', '/x', answer);
    });

    test('an over-long body is a 413 in JSON, announced or not', async () => {
        const announced = post('', '').replace('Content-Length: 0', 'Content-Length: 100000000');
        await refused(announced, 413);
        const wire = new Wire(port).write(chunked(''));
        const chunk = `10000\r\n${' '.repeat(0x10000)}\r\n`;
        for (let sent = 0; sent < 300 && !wire.text && !wire.closed; ++sent) {
            if (!wire.socket.write(chunk)) {
                await Promise.race([new Promise((resolve) => wire.socket.once('drain', resolve)), pause(200)]);
            }
        }
        // While we still send, the reset of the connection may overtake the answer.
        const [answer] = await wire.end();
        if (answer) assert.equal(answer.status, 413);
    });

    test('the largest legal request fits: 100 full messages, all escaped', async () => {
        const face = '\\ud83d\\ude00';
        const long = face.repeat(5000);
        const [key, value] = [face.repeat(99), face.repeat(256)];
        const metadata = Array.from({length: 10}, (_, i) => `"${i}${key}":"${value}"`);
        const one = `{"content":"${long}","destination_number":"+61491570156","metadata":{${metadata}},` +
            `"scheduled":"${new Date(Date.now() + 3_600_000).toISOString()}"}`;
        const wire = new Wire(port).write(post(`{"messages":[${Array(100).fill(one)}]}`));
        assert.equal((await wire.answers(1))[0].status, 202);
        wire.socket.destroy();
    });

    test('a byte order mark before the JSON is skipped', async () => {
        const wire = new Wire(port).write(post(`\ufeff${message}`) + chunked(
            `${(message.length + 3).toString(16)}\r\n\ufeff${message}\r\n0\r\n\r\n`));
        assert.deepEqual((await wire.answers(2)).map(({status}) => status), [202, 202]);
        wire.socket.destroy();
    });

    test('an encoded body is a 415 with a sentence, and the connection goes on', async () => {
        const wire = new Wire(port);
        const codings = ['gzip', 'GZIP', 'br', 'x-unknown', 'identity\r\nContent-Encoding: deflate'];
        for (const coding of codings) wire.write(post(message, `Content-Encoding: ${coding}\r\n`));
        for (const coding of ['identity', 'Identity']) wire.write(post(message, `Content-Encoding: ${coding}\r\n`));
        wire.write(get('/v1/replies', 'Content-Encoding: gzip\r\n'));  // there is nothing that is encoded
        const answers = await wire.answers(codings.length + 3);
        for (const answer of answers.slice(0, codings.length)) {
            assert.equal(answer.status, 415, answer.text);
            assert.match(answer.json.message, /^Content-Encoding is not supported/);
            assert.equal(answer.headers.get('accept-encoding'), 'identity');
            validate('POST', '/v1/messages', answer);
        }
        assert.deepEqual(answers.slice(codings.length).map(({status}) => status), [202, 202, 200]);
        wire.socket.destroy();
    });

    test('a bare line feed in the header is a 400 with a sentence, wherever it stands', async () => {
        const whole = post(message).split('\r\n');
        for (let i = 0; i < 6; ++i) {
            const bytes = whole.map((line, at) => line + (at === i ? '\n' : '\r\n')).join('').slice(0, -2);
            await refused(bytes, 400);
        }
        await refused(post(message).replaceAll('\r\n', '\n'), 400);
    });

    test('malformed requests are a 400 in JSON and the end of the connection', async () => {
        for (const bytes of [
            'nonsense\r\n\r\n', 'GET\r\n\r\n', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n',
            `GET / HTTP/1.1\r\nno colon\r\n\r\n`, chunked('zz\r\nxx\r\n0\r\n\r\n'),
            chunked('5\r\nabcdefgh\r\n0\r\n\r\n'),
            post(message).replace(/Content-Length: \d+/, 'Content-Length: x'),
            post(message).replace(/Content-Length: \d+/, 'Content-Length: -1'),
            // Two lengths that differ, or length and chunks: the smuggler's tools.
            post(message, 'Content-Length: 1\r\n'),
        ]) await refused(bytes, 400);
    });

    test('a request with both length and chunks is refused', async () => {
        const [answer] = await new Wire(port).write(post('0\r\n\r\n', 'Transfer-Encoding: chunked\r\n')).end();
        assert.equal(answer.status, 400);
    });

    test('a client that dawdles is told so and cut off, while others are served', async () => {
        const strict = await Gateway.start({config: '[listen]\nheader_timeout_ms = 300\nbody_timeout_ms = 300\n'});
        try {
            const strictPort = Number(new URL(strict.base).port);
            const mine = `Authorization: ${strict.client.auth}\r\n`;
            const begun = new Wire(strictPort).write(post(message).replace(auth, mine).slice(0, -5));
            const header = new Wire(strictPort).write('GET /v1/replies HTTP/1.1\r\nHost:');
            assert.equal((await strict.client.get('/v1/replies')).status, 200);
            for (const wire of [begun, header]) {
                const [answer] = await wire.end();
                assert.equal(answer?.status, 408);
                validate('GET', '/v1/replies', answer);
            }
        } finally {
            await strict.close();
        }
    });

    test('a thousand connections that say nothing do not keep others out', async () => {
        const idle = Array.from({length: 1000}, () => new Wire(port));
        assert.equal((await gateway.client.get('/v1/replies')).status, 200);
        for (const wire of idle) wire.socket.destroy();
    });

    test('a client that asks and does not read holds up nobody', async () => {
        const wire = new Wire(port);
        wire.socket.pause();
        wire.write(get('/openapi.yaml').repeat(2000));
        assert.equal((await gateway.client.get('/v1/replies')).status, 200);
        wire.socket.destroy();
    });
});

describe('TLS', () => {
    test('serves with the configured certificate, and says nothing to plain HTTP', async () => {
        const folder = mkdtempSync(join(tmpdir(), 'tidings-tls-'));
        const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
        const request = 'req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost ' +
            '-addext subjectAltName=IP:127.0.0.1';
        execFileSync('openssl', [...request.split(' '), '-keyout', key, '-out', certificate], {stdio: 'ignore'});
        const config = join(folder, 'tidings.toml');
        writeFileSync(config, `[listen]\ncertificate = "${certificate}"\nkey = "${key}"\n`);
        const program = new Program(['serve', '--data', join(folder, 'data'), '--listen', '127.0.0.1:0', '--sandbox',
            '--config', config]);
        try {
            const [, tlsPort] = await program.printed(/^listening on https:\/\/127\.0\.0\.1:(\d+)$/m);
            const agent = new https.Agent({ca: readFileSync(certificate), keepAlive: true});
            const ask = () => within('an answer over TLS', new Promise((resolve, reject) => {
                https.get({host: '127.0.0.1', port: tlsPort, path: '/readyz', agent}, (response) => {
                    const answer = {status: response.statusCode, protocol: response.socket.getProtocol()};
                    response.resume().on('end', () => resolve(answer));
                }).on('error', reject);
            }));
            await until('readyz', async () => (await ask()).status === 200);
            assert.match((await ask()).protocol, /^TLSv1\.[23]$/);
            agent.destroy();
            const plain = net.connect(Number(tlsPort), '127.0.0.1');
            let bytes = '';
            plain.on('data', (data) => (bytes += data.toString('latin1'))).on('error', () => {});
            plain.write(get());
            await within('the end of plain HTTP', new Promise((resolve) => plain.on('close', resolve)), 60_000);
            assert.ok(!bytes.startsWith('HTTP/1.1 2'));
        } finally {
            const {code, err} = await program.end('SIGTERM');
            rmSync(folder, {recursive: true, force: true});
            assert.equal(code, 0, err);
        }
    });
});
