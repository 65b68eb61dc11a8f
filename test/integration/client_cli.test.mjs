// SPDX-License-Identifier: Apache-2.0
// The commands of an application, tidings send|status|cancel|replies|reports|credits|watch, against a running gateway.
import assert from 'node:assert/strict';
import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, describe, test} from 'node:test';
import {Gateway, Program} from '../peers/gateway.mjs';
import {patience, until, within} from '../peers/wait.mjs';

let gateway, folder;
before(async () => {
    gateway = await Gateway.start();
    folder = await mkdtemp(join(tmpdir(), 'tidings-client-'));
});
after(async () => {
    await gateway.close();
    await rm(folder, {recursive: true});
});

const environment = () => ({TIDINGS_BASE_URI: gateway.base, TIDINGS_KEY: '', TIDINGS_SECRET: ''});

// Runs a command to its end: {code, out, err}.
async function run(args, env = {}) {
    const program = new Program(args, {...environment(), ...env});
    const {code, out, err} = await within(`the end of ${args.join(' ')}`, program.exited, 3 * patience);
    for (const secret of [gateway.keys.secret, gateway.keys.hmac_secret]) {
        assert.ok(!`${out}${err}`.includes(secret), 'a secret is printed');
    }
    return {code, out, err};
}

async function does(...args) {
    const {code, out, err} = await run([...args, '--data', gateway.data]);
    assert.deepEqual([code, err], [0, ''], `${args.join(' ')}: ${out}`);
    return out;
}

async function fails(code, pattern, ...args) {
    const result = await run([...args, '--data', gateway.data]);
    assert.equal(result.code, code, result.out);
    assert.match(result.err, pattern);
}

const received = async (number) =>
    (await gateway.client.get(`/sandbox/handsets/${encodeURIComponent(number)}/messages`)).json.messages;

describe('the commands of an application', () => {
    test('send, status', async () => {
        const line = await does('send', '+61491570156', '--text', 'Hello 世界');
        assert.match(line, /^[0-9a-f-]{36} {2}\+61491570156 {2}queued\n$/);
        const [id] = line.split(' ');
        await until('delivery', async () => (await does('status', id)) === `${id}  +61491570156  delivered\n`);
        assert.equal(JSON.parse(await does('status', id, '--json')).content, 'Hello 世界');
        const several = await does('send', '+61491570157', '+61491570158', '--text', 'Hi', '--json');
        assert.deepEqual(several.trim().split('\n').map((text) => JSON.parse(text).destination_number),
            ['+61491570157', '+61491570158']);
        await fails(1, /^tidings: 404 Resource not found$/m, 'status', '877c19ef-fa2e-4cec-827a-e1df9b5509f7');
        await fails(1, /^tidings: 400 .*\n {2}\/messages\/0\/destination_number: /m, 'send', '12', '--text', 'x');
        await fails(1, /--text says what/, 'send', '+61491570156');
        await fails(1, /either numbers or --file/, 'send', '--text', 'x');
    });

    test('cancel', async () => {
        const tomorrow = new Date(Date.now() + 24 * 3600_000).toISOString();
        const {message_id: id, scheduled} = JSON.parse(
            await does('send', '+61491570156', '--text', 'Later', '--at', tomorrow, '--json'));
        assert.equal(scheduled, tomorrow);
        assert.equal(await does('status', id), `${id}  +61491570156  scheduled\n`);
        assert.equal(await does('cancel', id), `${id}  +61491570156  cancelled\n`);
        await fails(1, /--at takes a date/, 'send', '+61491570156', '--text', 'x', '--at', 'tomorrow');
    });

    test('reports and replies, listed until they are confirmed', async () => {
        await does('send', '+61491570159', '--text', 'Well?', '--report', '--from', '+61491570150');
        await until('three reports', async () => (await does('reports')).split('\n').length === 4);
        assert.match(await does('reports', '--confirm'), /enroute 101.*\n.*submitted 200.*\n.*delivered 220/);
        assert.equal(await does('reports'), '');
        const reply = {to: '+61491570150', content: 'Yes!\x1b[2J'};
        await gateway.client.post('/sandbox/handsets/+61491570159/messages', reply);
        await until('the reply', async () => (await does('replies')) !== '');
        assert.match(await does('replies', '--json'), /^\{"reply_id":"[^\n]*"content":"Yes!\\u001b\[2J"[^\n]*\}\n$/);
        assert.match(await does('replies', '--confirm'), /^\S+Z {2}\+61491570159 {2}Yes! \[2J\n$/);
        assert.equal(await does('replies'), '');
    });

    test('credits, with a key from the environment or a file', async () => {
        assert.match(await does('credits'), /^\d+\n$/);
        const {key, secret, hmac_key, hmac_secret} = gateway.keys;
        const byEnvironment = await run(['credits'], {TIDINGS_KEY: key, TIDINGS_SECRET: secret});
        assert.match(byEnvironment.out, /^\d+\n$/, byEnvironment.err);
        const file = join(folder, 'key.json');
        await writeFile(file, JSON.stringify({key: hmac_key, secret: hmac_secret, scheme: 'hmac-sha256'}));
        assert.match(await does('credits', '--key-file', file), /^\d+\n$/);
        await writeFile(file, '{}');
        await fails(1, /holds no key/, 'credits', '--key-file', file);
        const {code, err} = await run(['credits', '--data', folder]);
        assert.equal(code, 1);
        assert.match(err, /no API key/);
    });

    test('watch prints what comes', async () => {
        const watch = new Program(['watch', '--interval', '0.1', '--data', gateway.data], environment());
        await does('send', '+61491570158', '--text', 'Seen?', '--report');
        await watch.printed(/delivered 220/);
        assert.equal(await does('reports'), '');
        assert.equal((await watch.end('SIGINT')).code, 0);
    });

    test('a CSV file is sent, and what failed is sent again when it was mended', async () => {
        const file = join(folder, 'customers.csv');
        const number = '+61491570110';
        const lines = Array.from({length: 230}, (_, i) => `${number},"Hello, ${i}",${i}\n`);
        const write = (bad) => writeFile(file, 'destination_number,content,customer\n' +
            lines.map((text, i) => (i === bad ? '12,"Bad",x\n' : text)).join(''));
        await write(150);
        const first = await run(['send', '--file', file, '--data', gateway.data]);
        assert.deepEqual([first.code, first.out], [1, '130 of 230 accepted, 100 failed\n'], first.err);
        const results = await readFile(`${file}.results`, 'utf8');
        assert.match(results, /^run,\w{20},230\n/);
        assert.match(results, /^152,12,failed,"?destination_number: /m);
        assert.match(results, /^102,\+61491570110,failed,not sent because of another line$/m);
        assert.match(results, /^2,\+61491570110,queued,[0-9a-f-]{36}$/m);

        await write();
        assert.equal(await does('send', '--file', file), '230 of 230 accepted, 0 failed\n');
        assert.equal(await does('send', '--file', file, '--json'), '{"total":230,"accepted":230,"failed":0}\n');
        await writeFile(file, await readFile(file, 'utf8') + `${number},More,231\n`);
        await fails(1, /230 messages when this was sent first, and now there are 231/, 'send', '--file', file);
        await until('all of them', async () => (await received(number)).length >= 230);
        const contents = (await received(number)).map(({content}) => content);
        assert.deepEqual([contents.length, new Set(contents).size], [230, 230]);
    });

    test('a CSV file whose results were lost in part is not sent twice', async () => {
        const file = join(folder, 'again.csv');
        const number = '+61491570111';
        await writeFile(file, 'destination_number,content\n' +
            Array.from({length: 150}, (_, i) => `${number},Once ${i}\n`).join(''));
        await does('send', '--file', file);
        const [run] = (await readFile(`${file}.results`, 'utf8')).split('\n');
        await writeFile(`${file}.results`, `${run}\n2,${number},queued,x\n3,${number},que`);
        assert.equal(await does('send', '--file', file), '150 of 150 accepted, 0 failed\n');
        await until('all of them', async () => (await received(number)).length >= 150);
        assert.equal((await received(number)).length, 150);
    });

    test('a CSV file whose sending was killed is sent once', async () => {
        const file = join(folder, 'killed.csv');
        const number = '+61491570112';
        const count = 900;
        await writeFile(file, 'destination_number,content\n' +
            Array.from({length: count}, (_, i) => `${number},Once ${i}\n`).join(''));
        const program = new Program(['send', '--file', file, '--data', gateway.data], environment());
        await until('results', async () =>
            (await readFile(`${file}.results`, 'utf8').catch(() => '')).includes(',queued,'));
        await program.end('SIGKILL');
        assert.equal(await does('send', '--file', file), `${count} of ${count} accepted, 0 failed\n`);
        await until('all of them', async () => (await received(number)).length >= count);
        const contents = (await received(number)).map(({content}) => content);
        assert.deepEqual([contents.length, new Set(contents).size], [count, count]);
    });

    test('a CSV file that makes no sense is not sent at all', async () => {
        const file = join(folder, 'bad.csv');
        for (const [text, pattern] of [
            ['', /the file is empty/], ['number,content\n1,x\n', /names no column destination_number/],
            ['destination_number,content\n+61491570156\n', /row 2: 1 fields where 2 are due/],
            ['destination_number,content\n+61491570156,\n', /row 2: no content/],
            ['destination_number,content,scheduled\n+61491570156,x,soon\n', /row 2: scheduled is no date/],
        ]) {
            await writeFile(file, text);
            await fails(1, pattern, 'send', '--file', file);
        }
    });
});
