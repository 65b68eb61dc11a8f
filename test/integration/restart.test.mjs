// SPDX-License-Identifier: Apache-2.0
// Start and stop: what survives, and what is said when a start is impossible.
import assert from 'node:assert/strict';
import {chmod, mkdtemp, mkdir, readdir, rm, stat, writeFile} from 'node:fs/promises';
import {once} from 'node:events';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, describe, test} from 'node:test';
import {Carrier} from '../peers/carrier.mjs';
import {Gateway, Program, linkTo} from '../peers/gateway.mjs';
import {until, within} from '../peers/wait.mjs';

let folder;
before(async () => (folder = await mkdtemp(join(tmpdir(), 'tidings-'))));
after(() => rm(folder, {recursive: true, force: true}));

// Runs the program, which must refuse to start: exit 1 and one sentence.
async function refusal(...args) {
    const program = new Program(args);
    const {code, err, out} = await within('the refusal', program.exited).finally(() => program.child.kill('SIGKILL'));
    assert.equal(code, 1, `${out}${err}`);
    const lines = err.trim().split('\n');
    assert.equal(lines.length, 1, err);
    return lines[0];
}
const serve = (data, ...args) => ['serve', '--data', data, '--listen', '127.0.0.1:0', ...args];

describe('SIGTERM', () => {
    test('ends with 0; the backlog, the keys and the lists are there at the next start', async () => {
        const carrier = await Carrier.start();
        const held = [];
        carrier.onSubmit = (submit) => held.push(submit);
        const gateway = await Gateway.start({config: `stop_wait_s = 1\n${linkTo(carrier)}`});
        try {
            const hello = {destination_number: '+61491570156', source_number: '+61491570157', delivery_report: true};
            const messages = Array.from({length: 30}, (_, i) => ({...hello, content: `number ${i}`}));
            const echoes = await gateway.client.send(...messages);
            await until('a full window', () => held.length === 10);
            assert.equal((await carrier.reply('+61491570156', '+61491570157', 'Hold on')).command_status, 0);
            const {keys} = gateway;
            await gateway.stop();
            assert.ok(held.length < 30);
            carrier.onSubmit = (submit) => carrier.accept(submit) && carrier.receipt(submit);
            await gateway.launch();
            assert.deepEqual({...gateway.keys, base_url: '', smpp_port: 0}, {...keys, base_url: '', smpp_port: 0});
            for (const {message_id} of echoes) await gateway.client.reaches(message_id, 'delivered');
            assert.equal((await gateway.client.replies())[0].content, 'Hold on');
        } finally {
            await gateway.close();
            await carrier.close();
        }
    });

    test('unbinds, waits for responses that are on their way, and sends nothing twice', async () => {
        const carrier = await Carrier.start();
        const gateway = await Gateway.start({config: linkTo(carrier)});
        try {
            carrier.onSubmit = () => {};
            const [{message_id}] = await gateway.client.send({content: 'Last', destination_number: '+61491570156'});
            const submit = await carrier.submits.waitFor('the submit', () => true);
            const unbound = once(submit.session, 'unbind');
            gateway.program.child.kill('SIGTERM');
            await until('the listener to close', () => gateway.client.get('/readyz').then(() => false, () => true));
            carrier.accept(submit);
            await within('unbind', unbound);
            assert.equal((await gateway.program.exited).code, 0);
            await gateway.launch();
            const status = await gateway.client.status(message_id);
            assert.equal(status, 'submitted');
            await carrier.receiver();
            await carrier.receipt(submit);
            await gateway.client.reaches(message_id, 'delivered');
            assert.equal(carrier.submits.entries.length, 1);
        } finally {
            await gateway.close();
            await carrier.close();
        }
    });

    test('twice ends at once', async () => {
        const carrier = await Carrier.start();
        carrier.onSubmit = () => {};
        const gateway = await Gateway.start({config: linkTo(carrier)});
        try {
            await gateway.client.send({content: 'Never answered', destination_number: '+61491570156'});
            await carrier.submits.waitFor('the submit', () => true);
            gateway.program.child.kill('SIGTERM');
            await until('the listener to close', () => gateway.client.get('/readyz').then(() => false, () => true));
            const before = Date.now();
            await gateway.program.end('SIGTERM');
            assert.ok(Date.now() - before < 5000);
        } finally {
            await gateway.close();
            await carrier.close();
        }
    });

    test('lets an answer in hand go out', async () => {
        const gateway = await Gateway.start();
        try {
            const batch = Array.from({length: 100}, () => ({content: 'x', destination_number: '+61491570156'}));
            const answers = Array.from({length: 10}, () => gateway.client.post('/v1/messages', {messages: batch})
                .then(({json}) => json.messages.map(({message_id}) => message_id), () => []));
            await Promise.race(answers);
            await gateway.stop();
            const ids = (await Promise.all(answers)).flat();
            assert.ok(ids.length >= 100);
            await gateway.launch();
            for (const id of ids.slice(-100)) await gateway.client.reaches(id, 'delivered');
        } finally {
            await gateway.close();
        }
    });
});

describe('a start that is impossible says why in one sentence', () => {
    test('a second process on the same data folder', async () => {
        const gateway = await Gateway.start();
        try {
            assert.match(await refusal(...serve(gateway.data)), /(use|lock|another|running)/i);
            assert.equal((await gateway.client.get('/readyz')).status, 200);
        } finally {
            await gateway.close();
        }
    });

    test('a port that is taken', async () => {
        const server = createServer().listen(0, '127.0.0.1');
        await once(server, 'listening');
        const {port} = server.address();
        const listen = ['--listen', `127.0.0.1:${port}`];
        const sentence = await refusal('serve', '--data', join(folder, 'taken'), ...listen, '--sandbox');
        assert.ok(sentence.includes(String(port)), sentence);
        server.close();
    });

    test('a folder that cannot be written, or is a file', async () => {
        const file = join(folder, 'file');
        await writeFile(file, '');
        assert.ok((await refusal(...serve(file))).includes(file));
        assert.match(await refusal(...serve('/proc/tidings')), /\/proc\/tidings/);
        if (process.getuid() !== 0) {
            const locked = join(folder, 'locked');
            await mkdir(locked);
            await chmod(locked, 0o500);
            assert.ok((await refusal(...serve(locked))).includes(locked));
        }
    });

    test('the sandbox on an address that others reach', async () => {
        const open = ['--data', join(folder, 'open'), '--listen', '0.0.0.0:0', '--sandbox'];
        assert.match(await refusal('serve', ...open), /sandbox/i);
    });

    test('a configuration with an unknown key, a wrong type, a syntax error, or that is not there', async () => {
        const file = join(folder, 'tidings.toml');
        for (const [text, pattern] of [['[listen]\ncolour = "red"\n', /colour/], ['[[link]]\nname = 7\n', /name/],
            ['[[link]\n', /tidings\.toml/], ['[[link]]\nname = "a"\n', /system_id/]]) {
            await writeFile(file, text);
            assert.match(await refusal(...serve(join(folder, 'config'), '--config', file)), pattern);
        }
        const missing = join(folder, 'missing.toml');
        assert.ok((await refusal(...serve(join(folder, 'config'), '--config', missing))).includes(missing));
    });

    test('a store from a newer version', async () => {
        const gateway = await Gateway.start({data: join(folder, 'newer')});
        await gateway.stop();
        const {execFileSync} = await import('node:child_process');
        const [store] = (await readdir(gateway.data)).filter((name) => /\.(db|sqlite3?)$/.test(name));
        execFileSync('sqlite3', [join(gateway.data, store), 'PRAGMA user_version = 9999;']);
        assert.match(await refusal(...serve(gateway.data)), /newer/i);
    });

    test('a secret key that is missing', async () => {
        const gateway = await Gateway.start({data: join(folder, 'keyless')});
        await gateway.stop();
        await rm(join(gateway.data, 'secret.key'));
        assert.match(await refusal(...serve(gateway.data)), /secret\.key/);
    });
});

test('what is secret is readable by the owner alone', async () => {
    const gateway = await Gateway.start();
    try {
        for (const name of ['admin.token', 'secret.key', 'sandbox.json']) {
            assert.equal((await stat(join(gateway.data, name))).mode & 0o777, 0o600, name);
        }
    } finally {
        await gateway.close();
    }
});
