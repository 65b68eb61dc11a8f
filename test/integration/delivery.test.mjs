// SPDX-License-Identifier: Apache-2.0
// Callbacks at receivers that misbehave, what the log tells of them, and telling them again.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {mkdtemp, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, afterEach, before, test} from 'node:test';
import {Gateway} from '../peers/gateway.mjs';
import {Receiver, answers} from '../peers/receiver.mjs';
import {until} from '../peers/wait.mjs';

let gateway, client, receiver, admin, account;
before(async () => {
    receiver = await Receiver.start();
    gateway = await Gateway.start({config: 'stop_wait_s = 1\n'});
    account = gateway.keys.account;
    await again();
});
after(async () => {
    await gateway.close();
    await receiver.close();
});
afterEach(() => (receiver.script = () => 200));

async function again() {
    client = gateway.client;
    admin = {auth: `Bearer ${await gateway.adminToken()}`};
}

async function send(callback_url, fields) {
    const message = {content: 'Hello', destination_number: '+61491570156', delivery_report: true, callback_url};
    return (await client.send({...message, ...fields}))[0].message_id;
}
const about = (id) => (call) => call.body?.message_id === id;
const final = (id) => (call) => about(id)(call) && call.body.error_code === '220';
const list = async (query) => (await client.get(`/admin/v1/callbacks?${query}`, admin)).json.callbacks;
const attempts = async (id) => (await client.get(`/admin/v1/callbacks/${id}/attempts`, admin)).json.attempts;
const replay = async (body) => (await client.post('/admin/v1/callbacks/replay', body, admin)).json.replayed;

// Has the last report of a message answered so until its first failure is logged, and gives that. Whoever resets a
// connection that was used before is asked again at once: such a failure nobody sees.
async function failedOnce(answer, path = '/') {
    receiver.script = ({body}) => (body.error_code === '220' ? answer : 200);
    const id = await send(receiver.url(path));
    const [call] = await receiver.calls('the last report', 1, final(id));
    const [{attempt}] = await until('its log', async () => {
        const logged = await attempts(call.id);
        return logged.length > 0 && logged;
    }, 40_000);
    receiver.script = () => 200;
    return {id, call, attempt};
}

test('every failure is logged, tried again with the same id, and its success is logged after it', async () => {
    const cases = [
        [500, {status: 500}],
        [answers.text(404, 'no such hook: \u00fc'), {status: 404, answer: 'no such hook: \u00fc'}],
        [answers.text(302, '', {Location: '/elsewhere'}), {status: 302}],
        [answers.reset(), {status: null}],
        [answers.halfway(), {status: null}],
        [answers.longHeaders(1 << 20), {status: null}],
    ];
    for (const [answer, expected] of cases) {
        const {id, call, attempt} = await failedOnce(answer);
        const {number, status, error, answer: text} = attempt;
        assert.equal(number, 1);
        assert.equal(status, expected.status, error);
        assert.equal(error === null, status !== null);
        if (expected.answer) assert.equal(text, expected.answer);
        const well = (it) => final(id)(it) && it.status === 200;
        const [second] = await receiver.calls('the second attempt', 1, well, 40_000);
        assert.equal(second.id, call.id);
        assert.equal(call.id, call.body.delivery_report_id);
        const logged = await until('the success', async () => {
            const all = await attempts(call.id);
            return all.length === 2 && all;
        });
        assert.equal(logged[1].attempt.status, 200);
        assert.equal(logged[1].webhook, null);
        assert.equal(logged[1].account, account);
    }
    assert.ok(!receiver.journal.entries.some(({path}) => path === '/elsewhere'));
});

test('an answer of any size and speed ends within its limits', async () => {
    const {attempt} = await failedOnce(answers.dripping(200));
    assert.equal(attempt.status, null);
    assert.ok(attempt.took_ms >= 14_000 && attempt.took_ms < 25_000, `${attempt.took_ms} ms`);
    // Its status came, and that is all that matters.
    receiver.script = () => answers.huge(200 << 20);
    const id = await send(receiver.url('/huge'));
    await receiver.calls('all three', 3, about(id), 40_000);
    await until('nothing pending', async () => (await list(`state=pending&message=${id}`)).length === 0);
    const log = await list(`message=${id}`);
    assert.deepEqual(log.map(({event, state}) => `${event} ${state}`),
        ['DELIVERED_DR delivered', 'SUBMITTED_DR delivered', 'ENROUTE_DR delivered']);
    for (const {attempts: made, last_attempt: last, delivered_at} of log) {
        assert.equal(made, 1);
        assert.equal(last.answer, 'x'.repeat(256));
        assert.equal(Date.parse(delivered_at), Date.parse(last.at) + last.took_ms);
    }
    assert.deepEqual((await attempts(log[0].id)).map(({attempt}) => attempt), [log[0].last_attempt]);
});

test('410 ends the tries at once', async () => {
    receiver.script = ({body}) => (body.error_code === '220' ? answers.text(410, 'gone') : 200);
    const id = await send(receiver.url('/gone'));
    const [dead] = await until('the dead letter', async () => {
        const found = await list(`state=dead&message=${id}`);
        return found.length && found;
    });
    assert.equal(dead.attempts, 1);
    assert.equal(dead.event, 'DELIVERED_DR');
    assert.equal(dead.url, receiver.url('/gone'));
    assert.equal(dead.last_attempt.status, 410);
    assert.equal(dead.last_attempt.answer, 'gone');

    // Told again, with the same id.
    receiver.script = () => 200;
    assert.equal(await replay({id: dead.id}), 1);
    const calls = await receiver.calls('the replay', 2, (call) => call.id === dead.id);
    assert.equal(calls[1].text, calls[0].text);
    await until('no dead letter', async () => (await list(`state=dead&message=${id}`)).length === 0);
});

test('Retry-After is waited for', async () => {
    const {id, call} = await failedOnce(answers.text(503, '', {'Retry-After': '9'}));
    const [pending] = await list(`state=pending&message=${id}`);
    const wait = Date.parse(pending.next_attempt_at) - call.at;
    assert.ok(wait > 8_000 && wait < 12_000, `${wait} ms`);
});

test('what is dead, pending or delivered can be told again, by id, account and time', async () => {
    receiver.script = () => 410;
    const begin = new Date(Date.now() - 1).toISOString();
    const ids = [await send(receiver.url('/a')), await send(receiver.url('/b'))];
    const mine = async () => (await list(`state=dead&account=${account}`)).filter((it) => ids.includes(it.message_id));
    const dead = await until('six dead letters', async () => {
        const found = await mine();
        return found.length === 6 && found;
    });
    receiver.script = () => 200;
    const end = new Date().toISOString();
    assert.ok((await replay({account, dead: true})) >= 6);
    for (const id of ids) await receiver.calls('three more', 6, about(id));
    assert.equal((await mine()).length, 0);
    const pending = 'state=pending';
    await until('nothing pending', async () =>
        (await list(pending)).every(({message_id}) => !ids.includes(message_id)));

    // They were delivered, and are told again all the same.
    assert.equal(await replay({account, from: begin, to: end}), 6);
    for (const id of ids) await receiver.calls('three more', 9, about(id));
    const [{id}] = dead;
    const told = receiver.journal.entries.filter((call) => call.id === id).length;
    await until('nothing pending', async () => (await list(pending)).every((it) => it.id !== id));
    assert.equal(await replay({id}), 1);
    await receiver.calls('once more', told + 1, (call) => call.id === id);

    const ask = (body) => client.post('/admin/v1/callbacks/replay', body, admin);
    assert.equal((await ask({id: '00000000-0000-7000-8000-000000000000'})).status, 404);
    const dead_only = {account, dead: false};
    for (const body of [{}, {dead: true}, {account}, dead_only, {id, account}, {account, to: end}, {id: 'x'}]) {
        assert.equal((await ask(body)).status, 400, JSON.stringify(body));
    }
    for (const query of ['state=gone', 'webhook=x', 'account=Nobody', 'after=x', 'what=ever']) {
        assert.equal((await client.get(`/admin/v1/callbacks?${query}`, admin)).status, 400, query);
    }
});

test('a certificate that nobody vouches for, or of another host, is refused', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tidings-'));
    const key = join(folder, 'key.pem'), certificate = join(folder, 'cert.pem');
    const request = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=elsewhere.example';
    execFileSync('openssl', [...request.split(' '), '-keyout', key, '-out', certificate], {stdio: 'ignore'});
    const wrong = await Receiver.start({tls: {key: await readFile(key), cert: await readFile(certificate)}});
    try {
        const id = await send(wrong.url());
        const pending = await until('the refusals', async () => {
            const found = await list(`message=${id}`);
            return found.length === 3 && found.every(({last_attempt}) => last_attempt) && found;
        });
        for (const {last_attempt} of pending) {
            assert.equal(last_attempt.status, null);
            assert.match(last_attempt.error, /certificate/);
        }
        assert.deepEqual(wrong.journal.entries, []);
    } finally {
        await wrong.close();
        await rm(folder, {recursive: true, force: true});
    }
});

test('dead and silent receivers hold up nobody else, and wait on disk', async () => {
    const silent = await Receiver.start();
    silent.script = () => answers.silent();
    try {
        const burst = (url, count) => client.send(...Array.from({length: count}, () => ({
            content: 'Hello', destination_number: '+61491570156', delivery_report: true, callback_url: url,
        })));
        for (let i = 0; i < 5; ++i) await burst(silent.url(), 100);
        const sent = await burst(receiver.url('/live'), 100);
        const ids = new Set(sent.map(({message_id}) => message_id));
        const mine = (call) => ids.has(call.body?.message_id);
        await receiver.calls('all of the live one', 300, mine, 10_000);
        assert.ok(silent.journal.entries.length <= 8, `${silent.journal.entries.length} requests at once`);
        // Those of one message came in their order.
        for (const id of ids) {
            const codes = receiver.journal.entries.filter(about(id)).map(({body}) => body.error_code);
            assert.deepEqual(codes, ['101', '200', '220']);
        }
    } finally {
        await silent.close();
    }
});

test('a receiver that fails again and again is left alone, then asked once, and gets all when it is back', async () => {
    const flaky = await Receiver.start();
    flaky.script = () => 500;
    try {
        const ids = [];
        for (let i = 0; i < 10; ++i) ids.push(await send(flaky.url()));
        await flaky.calls('the first failures', 5);
        await until('it is left alone', async () => {
            const before = flaky.journal.entries.length;
            await new Promise((resolve) => setTimeout(resolve, 1_000));
            return flaky.journal.entries.length === before;
        });
        const tried = flaky.journal.entries.length;
        assert.ok(tried < 15, `${tried} of 30 were tried`);
        flaky.script = () => 200;
        const told = () => new Set(flaky.journal.entries.filter(({status}) => status === 200).map(({id}) => id));
        await until('all events', () => told().size === 30, 60_000);
    } finally {
        await flaky.close();
    }
});

test('what was taken when the gateway is killed is told again after it, with the same ids', async () => {
    const slow = await Receiver.start();
    slow.script = () => answers.slow(300);
    try {
        const sent = await client.send(...Array.from({length: 20}, () => ({
            content: 'Hello', destination_number: '+61491570156', delivery_report: true, callback_url: slow.url(),
        })));
        for (let i = 0; i < 3; ++i) {
            await slow.calls('some calls', 8 * (i + 1));
            await gateway.kill();
            await gateway.launch();
            await again();
        }
        slow.script = () => 200;
        const codes = (id) => new Set(slow.journal.entries.filter(about(id)).map(({body}) => body.error_code));
        await until('every report', () => sent.every(({message_id}) => codes(message_id).size === 3), 60_000);
        const events = new Map();
        for (const {id, text} of slow.journal.entries) {
            assert.equal(events.get(id) ?? text, text);
            events.set(id, text);
        }
        assert.equal(events.size, 60);
    } finally {
        await slow.close();
    }
});
