// SPDX-License-Identifier: Apache-2.0
// Reloads and stops at bad moments: beside a carrier that does not answer, at the first instant, during another
// one, on a full disk.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {once} from 'node:events';
import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {test} from 'node:test';
import {Carrier, concatenation, smpp} from '../peers/carrier.mjs';
import {Gateway, Program, linkTo} from '../peers/gateway.mjs';
import {until} from '../peers/wait.mjs';

const source_number = '+61491570157';
const done = /the configuration was read again/;
let lastHandset = 491577000;

const send = async ({client}, content, to = `+61${++lastHandset}`) =>
    (await client.send({content, source_number, delivery_report: true, destination_number: to}))[0].message_id;
const taken = (carrier, content) => carrier.submits.entries.filter(({text}) => text === content).length;

async function reload(gateway, config) {
    await writeFile(gateway.configFile, config);
    gateway.program.child.kill('SIGHUP');
}
const saysSince = (gateway, from, pattern) =>
    until(pattern, () => pattern.test(gateway.program.err.slice(from)));

// Runs `body` with `count` carriers, which it may use for a gateway of its own; closes all.
async function withCarriers(count, body) {
    const carriers = [];
    for (let i = 0; i < count; ++i) carriers.push(await Carrier.start());
    const gateways = [];
    try {
        await body(carriers, async (options) => {
            gateways.push(await Gateway.start(options));
            return gateways.at(-1);
        });
    } finally {
        for (const gateway of gateways) await gateway.close();
        for (const carrier of carriers) await carrier.close();
    }
}

test('a link that leaves while its carrier is silent holds up nobody else', () =>
    withCarriers(3, async ([silent, other, added], start) => {
        const config = (window, more = '') => 'stop_wait_s = 3600\n' + linkTo(silent, {name: 'silent', window}) +
            linkTo(other, {name: 'other'}) + more;
        const gateway = await start({config: config(10)});
        const auth = `Bearer ${await gateway.adminToken()}`;
        for (const [name, prefix] of [['silent', '614915771'], ['other', '614915772'], ['added', '614915773']]) {
            const body = {link: name, destination_prefix: prefix};
            assert.equal((await gateway.client.call('PUT', `/admin/v1/routes/${name}`, {body, auth})).status, 200);
        }
        let answer;
        const asked = new Promise((resolve) => {
            silent.onSubmit = (submit) => {
                answer = () => silent.accept(submit) && silent.receipt(submit).catch(() => {});
                resolve();
            };
        });
        const stuck = await send(gateway, 'Stuck', '+61491577100');
        await asked;
        const from = gateway.program.err.length;
        await reload(gateway, config(5, linkTo(added, {name: 'added'})));
        await added.binds.waitFor('the bind of a link that is new', () => true);
        for (let i = 0; i < 20; ++i) {
            await gateway.client.reaches(await send(gateway, `Beside ${i}`, '+61491577200'), 'delivered');
            await gateway.client.reaches(await send(gateway, `New ${i}`, '+61491577300'), 'delivered');
        }
        assert.doesNotMatch(gateway.program.err.slice(from), done, 'the silent one has not left yet');
        answer();
        await saysSince(gateway, from, done);
        await gateway.client.reaches(stuck, 'delivered');
        assert.equal(taken(silent, 'Stuck'), 1);
        await silent.binds.waitForMany('a bind with the new settings', 2);
    }));

test('a SIGHUP during a reload is done after it, and a SIGTERM during one ends the process', () =>
    withCarriers(1, async ([carrier], start) => {
        const config = (window) => `stop_wait_s = 1\n${linkTo(carrier, {window})}`;
        const gateway = await start({config: config(10)});
        carrier.onSubmit = () => {};
        await send(gateway, 'Stuck');
        await carrier.submits.waitFor('the submit', () => true);
        const from = gateway.program.err.length;
        await reload(gateway, config(9));
        await reload(gateway, config(8));
        await until('two reloads', () => gateway.program.err.slice(from).match(new RegExp(done, 'g'))?.length === 2);

        const submits = carrier.submits.entries.length;
        await carrier.submits.waitForMany('the submit again', submits);
        await reload(gateway, config(7));
        await gateway.stop();
    }));

test('a message of which a part was accepted goes on with the changed link, with the same reference', () =>
    withCarriers(1, async ([carrier], start) => {
        const config = (window) => `stop_wait_s = 0\n${linkTo(carrier, {window, retry_min_ms: 600_000})}`;
        const gateway = await start({config: config(10)});
        let refuses = true;
        const parts = [];
        carrier.onSubmit = (submit) => {
            const part = concatenation(submit.udh);
            parts.push(part);
            if (part.number === 2 && refuses) return carrier.refuse(submit, 0x14);
            return carrier.accept(submit) && carrier.receipt(submit);
        };
        const id = await send(gateway, 'x'.repeat(400));
        await carrier.answered.waitForMany('the receipts of two parts', 2);
        refuses = false;
        const from = gateway.program.err.length;
        await reload(gateway, config(9));
        await saysSince(gateway, from, done);
        await gateway.client.reaches(id, 'delivered');
        assert.deepEqual(parts.map(({number}) => number).sort(), [1, 2, 2, 3]);
        assert.equal(new Set(parts.map(({reference}) => reference)).size, 1);
    }));

// Whether the program is there, and blocks or catches the signal with this number.
async function expects(pid, signal) {
    if (!/\0serve\0/.test(await readFile(`/proc/${pid}/cmdline`, 'utf8'))) return 0n;
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    const mask = (name) => BigInt(`0x${status.match(new RegExp(`^${name}:\\s*(\\w+)`, 'm'))?.[1] ?? 0}`);
    return ((mask('SigBlk') | mask('SigCgt')) >> BigInt(signal - 1)) & 1n;
}

test('a SIGHUP during the start neither kills nor is lost', async () => {
    const data = await mkdtemp(join(tmpdir(), 'tidings-'));
    try {
        const program = new Program(['serve', '--data', data, '--listen', '127.0.0.1:0', '--sandbox']);
        await until('the process to be there', async () => expects(program.child.pid, 1).catch(() => 0n));
        program.child.kill('SIGHUP');
        await program.printed(/^listening on/m);
        await until('the reload', () => done.test(program.err));
        assert.equal((await program.end('SIGTERM')).code, 0);
    } finally {
        await rm(data, {recursive: true, force: true});
    }
});

async function freePort() {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const {port} = server.address();
    server.close();
    await once(server, 'close');
    return port;
}

test('a link on which its carrier calls keeps its port when it changes', () =>
    withCarriers(1, async ([carrier], start) => {
        const port = await freePort();
        const config = (rate) => 'stop_wait_s = 1\n' + linkTo(carrier, {rate, outbind_listen: `127.0.0.1:${port}`,
            outbind_system_id: 'carrier', outbind_password: 'hello'});
        const gateway = await start({config: config(50)});
        const call = async () => {
            const session = smpp.connect({host: '127.0.0.1', port});
            await once(session, 'connect');
            carrier.serve(session);
            session.send(new smpp.PDU('outbind', {system_id: 'carrier', password: 'hello'}));
            return session;
        };
        const sessions = [await call()];
        await carrier.binds.waitForMany('a bind', 1);
        const from = gateway.program.err.length;
        await reload(gateway, config(60));
        await saysSince(gateway, from, done);
        assert.doesNotMatch(gateway.program.err.slice(from), /cannot be made/);
        sessions.push(await call());
        await carrier.binds.waitForMany('another bind', 2);
        carrier.onSubmit = (submit) => carrier.accept(submit);
        const id = await send(gateway, 'Called');
        await gateway.client.reaches(id, 'submitted');
        for (const session of sessions) session.destroy();
    }));

test('--sandbox starts although its account, or its number, is gone', async () => {
    const gateway = await Gateway.start({});
    try {
        const auth = `Bearer ${await gateway.adminToken()}`;
        const admin = async (method, path, body) =>
            (await gateway.client.call(method, `/admin/v1${path}`, {body, auth})).status;
        assert.equal(await admin('DELETE', '/accounts/sandbox'), 204);
        await gateway.stop();
        await gateway.launch();
        assert.equal(gateway.keys.account, 'sandbox-2');
        assert.match(gateway.keys.notes[0], /was removed/);
        await gateway.client.reaches(await send(gateway, 'Anew'), 'delivered');

        assert.equal(await admin('DELETE', '/accounts/sandbox-2'), 204);
        assert.equal(await admin('POST', '/accounts', {id: 'Other'}), 201);
        assert.equal(await admin('POST', '/numbers', {number: '+61491570150', account: 'Other'}), 201);
        await gateway.stop();
        await gateway.launch();
        assert.equal(gateway.keys.account, 'sandbox-3');
        assert.match(gateway.keys.notes.join(), /number \+61491570150 is not its own/);
        assert.match(gateway.program.err, /number \+61491570150 is not its own/);
        await gateway.client.reaches(await send(gateway, 'Without a number'), 'delivered');
        await gateway.stop();
        await gateway.launch();
        assert.equal(gateway.keys.account, 'sandbox-3');
    } finally {
        await gateway.close();
    }
});

test('an MMS that comes while the link of the sandbox drains is taken, or refused for now, and ends nothing', () =>
    withCarriers(1, async ([carrier], start) => {
        const gateway = await start({config: 'stop_wait_s = 2\n'});
        const {client} = gateway;
        const conduct = async (body) => assert.equal((await client.put('/sandbox/carrier', body)).status, 200);
        await conduct({answer_delay_ms: 60_000});
        await send(gateway, 'Stuck');
        const auth = `Bearer ${await gateway.adminToken()}`;
        const inFlight = async () => (await client.get('/admin/v1/links', {auth})).json.links[0]?.window_in_use === 1;
        await until('the submit', inFlight);
        const from = gateway.program.err.length;
        await reload(gateway, `stop_wait_s = 2\n${linkTo(carrier)}`);
        await carrier.binds.waitFor('the first link', () => true);

        const attachments = [{content_type: 'image/png', content: 'QUJD', original_name: 'a.png'}];
        const mms = async () => (await client.post('/sandbox/handsets/61491570199/messages',
            {to: '+61491570150', content: 'Look', attachments})).status;
        assert.doesNotMatch(gateway.program.err.slice(from), done, 'it still drains');
        assert.ok([202, 503].includes(await mms()));
        await saysSince(gateway, from, done);
        await until('an MMS over the successor', async () => (await mms()) === 202);
        await until('the reply', async () => (await client.get('/v1/replies')).json.replies.length > 0);
    }));

// Files of that process cannot grow beyond so many bytes any more.
const limitFiles = (gateway, bytes) =>
    execFileSync('prlimit', [`--pid=${gateway.program.child.pid}`, `--fsize=${bytes}`]);

test('on a full disk sending pauses, a reload waits, SIGTERM ends the process, and little goes twice', () =>
    withCarriers(1, async ([carrier], start) => {
        const config = (window) => `stop_wait_s = 2\n${linkTo(carrier, {window})}`;
        // SIGXFSZ ends a process unless it is ignored; a full disk has no such signal.
        const gateway = await start({config: config(10), before: ['sh', '-c', 'trap "" XFSZ; exec "$0" "$@"']});
        const open = [];
        carrier.onSubmit = (submit) => open.push(submit);
        const ids = [];
        for (let i = 0; i < 200; i += 100) {
            ids.push(...await gateway.client.send(...Array.from({length: 100}, (_, j) => ({content: `Full ${i + j}`,
                source_number, delivery_report: true, destination_number: `+61${++lastHandset}`}))));
        }
        await until('a full window', () => open.length === 10);

        limitFiles(gateway, '4096:unlimited');
        const accept = (submit) => carrier.accept(submit);
        carrier.onSubmit = accept;
        open.forEach(accept);
        await until('the store to be away', () => /waiting for the store/.test(gateway.program.err));
        const first = carrier.submits.entries.length;
        assert.ok(first <= 40, `${first} submits`);

        await reload(gateway, config(9));
        await gateway.stop();
        const sent = carrier.submits.entries.length;
        assert.ok(sent <= 40, `${sent} submits`);

        carrier.onSubmit = (submit) => carrier.accept(submit) && carrier.receipt(submit);
        await gateway.launch();
        for (const {message_id} of ids) await gateway.client.reaches(message_id, 'delivered', 60_000);
        for (const {content} of ids) assert.ok(taken(carrier, content) <= 2, content);
        assert.ok(carrier.submits.entries.length <= 200 + sent);
    }));
