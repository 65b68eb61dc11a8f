// SPDX-License-Identifier: Apache-2.0
// The disk is full, its files are deleted or replaced under a running gateway, others may read them, or two gateways
// want them.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {chmod, copyFile, mkdtemp, readdir, rename, rm, stat} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, test} from 'node:test';
import {binary, Gateway, Program} from '../peers/gateway.mjs';
import {until, within} from '../peers/wait.mjs';

const message = {content: 'Hello', destination_number: '+61491570156', delivery_report: true};
let gateway, folder;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'tidings-disk-'))));
afterEach(async () => {
    await gateway?.close();
    gateway = undefined;
    await rm(folder, {recursive: true, force: true});
});
const start = async (options) => (gateway = await Gateway.start({data: folder, ...options}));
const at = (name) => join(gateway.data, name);

// Sends until the gateway ends. Gives the ids it acknowledged, and of how many requests that began after `attack`.
async function sendThrough(attack) {
    const acknowledged = [];
    let attacked = false, late = 0, ended = false;
    gateway.program.exited.then(() => (ended = true));
    const sender = async () => {
        while (!ended) {
            const isLate = attacked;
            const answer = await gateway.client.post('/v1/messages', {messages: [message]}).catch(() => undefined);
            if (answer?.status !== 202) continue;
            acknowledged.push(answer.json.messages[0].message_id);
            late += isLate;
        }
    };
    const senders = [sender(), sender(), sender()];
    await until('messages to be acknowledged', () => acknowledged.length >= 30);
    await attack();
    attacked = true;
    const end = await within('the gateway to stop', gateway.program.exited);
    await Promise.all(senders);
    return {acknowledged, late, end};
}

describe('a file that is deleted or replaced under load stops the gateway', () => {
    const attacks = {
        'the log deleted': () => rm(at('tidings.db-wal')),
        'its index deleted': () => rm(at('tidings.db-shm')),
    };
    for (const [name, attack] of Object.entries(attacks)) {
        test(`${name}: nothing that was acknowledged is lost`, async () => {
            await start();
            const {acknowledged, end} = await sendThrough(attack);
            assert.equal(end.signal, 'SIGABRT', end.err);
            assert.match(end.err, /tidings\.db-\w+ was deleted while it was in use.*stopping/);
            await gateway.launch();
            for (const id of acknowledged) assert.equal((await gateway.client.get(`/v1/messages/${id}`)).status, 200);
        });
    }

    const losses = {
        'the database deleted': () => rm(at('tidings.db')),
        'the database replaced': async () => {
            await copyFile(at('tidings.db'), at('copy'));
            await rename(at('copy'), at('tidings.db'));
        },
        'the folder renamed': () => rename(folder, `${folder}-aside`),
    };
    for (const [name, attack] of Object.entries(losses)) {
        test(`${name}: nothing is acknowledged afterwards`, async () => {
            await start();
            try {
                const {late, end} = await sendThrough(attack);
                assert.equal(late, 0);
                assert.equal(end.signal, 'SIGABRT', end.err);
                assert.match(end.err, /tidings\.db was (deleted|replaced) while it was in use.*stopping/);
            } finally {
                await rm(`${folder}-aside`, {recursive: true, force: true});
            }
        });
    }
});

// Files of the running gateway may not grow beyond so many bytes; nothing is written to them that is beyond.
const limitFiles = (bytes) => execFileSync('prlimit', ['--pid', `${gateway.program.child.pid}`, `--fsize=${bytes}:`]);

describe('a disk that takes no more', () => {
    const readiness = async () => (await gateway.client.get('/readyz', {auth: null})).status;

    test('refuses what cannot be kept, says so, and works again by itself', async () => {
        await start();
        const [{message_id}] = await gateway.client.send(message);
        await gateway.client.reaches(message_id, 'delivered');
        limitFiles(4096);
        for (let i = 0; i < 20; ++i) {
            const answer = await gateway.client.post('/v1/messages', {messages: [message]});
            assert.equal(answer.status, 503, answer.text);
            assert.ok(answer.headers.get('retry-after'));
            assert.equal(await readiness(), 503);
        }
        assert.equal((await gateway.client.get('/healthz', {auth: null})).status, 200);
        assert.equal(await gateway.client.status(message_id), 'delivered');
        limitFiles('unlimited');
        await until('readyz, though nobody sends', async () => (await readiness()) === 200);
        const [next] = await gateway.client.send(message);
        await gateway.client.reaches(next.message_id, 'delivered');
        const told = gateway.program.err.match(/cannot write .*tidings\.db/g);
        assert.ok(told.length >= 1 && told.length <= 5, gateway.program.err);
        assert.match(gateway.program.err, /can be written again/);
    });

    test('lets no start pass that cannot work, and the next one works', async () => {
        for (let kib = 0, started = false; !started; kib = kib * 2 || 4) {
            assert.ok(kib < 16_384);
            const flags = ['serve', '--data', folder, '--listen', '127.0.0.1:0', '--sandbox'];
            const program = new Program(['-c', `ulimit -f ${kib}; exec "$0" "$@"`, binary, ...flags], {}, 'bash');
            const listens = program.printed(/^listening/m).then(() => undefined, () => program.exited);
            const end = await Promise.race([program.exited, listens]);
            started = !end;
            if (started) {
                await program.end('SIGKILL');
            } else {
                assert.equal(end.code, 1, `${kib} KiB: ${JSON.stringify(end)}`);
                assert.match(end.err, /^tidings: (cannot|the store cannot) .*$/m, `${kib} KiB`);
            }
        }
        await start();
    });
});

describe('the files', () => {
    async function assertPrivate() {
        for (const name of ['.', ...(await readdir(folder, {recursive: true}))]) {
            const found = await stat(join(folder, name));
            assert.equal((found.mode & 0o777).toString(8), found.isDirectory() ? '700' : '600', name);
        }
    }
    const database = ['tidings.db', 'tidings.db-wal', 'tidings.db-shm'];
    const names = [...database, 'secret.key', 'admin.token', 'sandbox.json', 'lock'];

    test("are the owner's alone whatever the umask, and become so again", async () => {
        const umask = process.umask(0);
        try {
            await start();
        } finally {
            process.umask(umask);
        }
        const [{message_id}] = await gateway.client.send(message);
        await gateway.client.reaches(message_id, 'delivered');
        await assertPrivate();
        const there = await readdir(folder);
        for (const name of names) assert.ok(there.includes(name), name);

        await gateway.kill();  // so that the log of the database stays
        for (const name of await readdir(folder)) await chmod(at(name), name === 'sandbox' ? 0o755 : 0o644);
        await chmod(folder, 0o755);
        await gateway.launch();
        await assertPrivate();
        assert.match(gateway.program.err, /others could use \S+secret\.key \(mode 644\)/);
    });

    test('have one owner, though somebody deletes the lock', async () => {
        await start();
        await rm(at('lock'));
        const second = new Program(['serve', '--data', folder, '--listen', '127.0.0.1:0']);
        const end = await within('the second one to give up', second.exited);
        assert.equal(end.code, 1);
        assert.match(end.err, /^tidings: another process uses the data folder/m);
        await gateway.client.send(message);
    });
});
