// SPDX-License-Identifier: Apache-2.0
// The sending side of a link as its carrier sees it: how fast, over how many binds, and what becomes of a lost one.
import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {once} from 'node:events';
import {mkdir, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, afterEach, before, describe, test} from 'node:test';
import {promisify} from 'node:util';
import {Carrier, smpp} from '../peers/carrier.mjs';
import {Gateway, linkTo} from '../peers/gateway.mjs';
import {pause, until} from '../peers/wait.mjs';

const source_number = '+61491570157';
const throttled = 0x58;
let carrier, gateway, client, lastHandset = 491571000;

async function open(link, {prepare = () => {}, server} = {}) {
    carrier = await Carrier.start(0, server);
    prepare(carrier);
    gateway = await Gateway.start({config: linkTo(carrier, link)});
    client = gateway.client;
}

async function close() {
    await gateway.close();
    await carrier.close();
}

// A test with a link of its own.
const linked = (name, link, more, body) => test(name, async () => {
    await open(link, more);
    try {
        await body();
    } finally {
        await close();
    }
});

// Sends that many messages with texts of their own; gives the texts in their order.
async function send(count, name) {
    const texts = Array.from({length: count}, (_, i) => `${name} ${String(i).padStart(4, '0')}`);
    for (let i = 0; i < count; i += 100) {
        await client.send(...texts.slice(i, i + 100).map((content) => ({
            content, destination_number: `+61${++lastHandset}`, source_number, delivery_report: true,
        })));
    }
    return texts;
}

// Times are those at which the carrier read a submit; a machine that stops for a while delays some, so that the most
// within a window is asked for over a window that is longer than its hiccups.
function mostWithin(times, window) {
    let most = 0;
    for (let first = 0, last = 0; last < times.length; ++last) {
        while (times[last] - times[first] >= window) ++first;
        most = Math.max(most, last - first + 1);
    }
    return most;
}

// Accepts and sends a receipt, which goes with its connection where that is lost.
function deliver(submit) {
    carrier.accept(submit);
    carrier.receipt(submit).catch(() => {});
}

// Lets the carrier write down when it read what; `decide` answers each submit.
function record(decide = deliver) {
    const taken = [], times = [];
    carrier.onSubmit = (submit) => {
        times.push(performance.now());
        if (decide(submit) !== 'refused') taken.push(submit.text);
    };
    return {taken, times};
}

describe('a link with a rate', () => {
    before(() => open({rate: 50, window: 1}));
    after(close);
    afterEach(() => assert.equal(carrier.fault, undefined));

    test('spreads its submits evenly', async () => {
        const {taken, times} = record();
        const texts = await send(200, 'spread');
        await until('all submits', () => taken.length === texts.length);
        assert.deepEqual(taken, texts);
        const lasted = times.at(-1) - times[0];
        assert.ok(lasted > 199 / 50 * 1000 * 0.95, `200 at 50 a second took ${lasted} ms`);
        assert.ok(mostWithin(times, 1000) <= 75, `${mostWithin(times, 1000)} within a second`);
    });

    test('sends what is throttled again, in its place and without a report, and gets slower', async () => {
        let refusals = 0, pausedAt, wentOnAt;
        const {taken, times} = record((submit) => {
            if (submit.text.endsWith('0020') && refusals < 2) {
                ++refusals;
                carrier.refuse(submit, throttled);
                pausedAt = performance.now();
                return 'refused';
            }
            if (refusals === 2) wentOnAt ??= performance.now();
            deliver(submit);
        });
        const texts = await send(60, 'throttle');
        await until('all submits', () => taken.length === texts.length);
        assert.deepEqual(taken, texts, 'none lost, none twice, and in their order');
        assert.ok(wentOnAt - pausedAt > 900, `went on after ${wentOnAt - pausedAt} ms`);
        assert.ok(mostWithin(times.slice(-35), 1000) <= 25, 'a quarter of 50, and what it grew since');
        await client.drainReports();
        for (const report of client.told.values()) assert.ok(['101', '200', '220'].includes(report.error_code));
    });
});

describe('a carrier that takes less than the rate', () => {
    before(() => open({rate: 100, window: 20}));
    after(close);

    test('gets everything once, however often it throttles', async () => {
        let refusals = 0;
        const second = [];
        const {taken} = record((submit) => {
            const now = performance.now();
            while (second.length && now - second[0] > 1000) second.shift();
            if (second.length >= 30) {
                ++refusals;
                carrier.refuse(submit, throttled);
                return 'refused';
            }
            second.push(now);
            deliver(submit);
        });
        const texts = await send(150, 'narrow');
        await until('all submits', () => taken.length >= texts.length, 60_000);
        assert.ok(refusals > 0);
        assert.deepEqual(taken.sort(), texts);
    });
});

describe('a carrier that tells its congestion', () => {
    before(() => open({rate: 100, window: 100}));
    after(close);

    test('gets less, and loses nothing', async () => {
        const {taken, times} = record((submit) => {
            submit.session.send(submit.pdu.response({message_id: submit.id,
                congestion_state: taken.length === 20 ? 100 : 30}));
            carrier.receipt(submit).catch(() => {});
        });
        const texts = await send(120, 'congested');
        await until('all submits', () => taken.length >= texts.length, 60_000);
        assert.deepEqual(taken, texts);
        const longest = Math.max(...times.slice(1).map((time, i) => time - times[i]));
        assert.ok(longest > 900, `the longest pause was ${longest} ms`);
        assert.ok(mostWithin(times.slice(40), 500) <= 45, 'half of 100, and what it grew since');
    });
});

describe('several binds', () => {
    before(() => open({binds: 3, window: 4}));
    after(close);
    const sessions = () => carrier.server.sessions.filter(({kind}) => kind);
    const bound = (count) => until(`${count} binds`, () => sessions().length === count);

    test('share the queue and its load, each with a window of its own', async () => {
        await bound(3);
        const open = new Map(sessions().map((session) => [session, 0]));
        const waiting = [];
        let most = 0;
        carrier.onSubmit = (submit) => {
            const now = open.get(submit.session) + 1;
            open.set(submit.session, now);
            most = Math.max(most, now);
            waiting.push(submit);
        };
        const texts = await send(60, 'shared');
        await until('three full windows', () => waiting.length === 12);
        assert.deepEqual([...open.values()], [4, 4, 4]);
        const taken = new Map([...open.keys()].map((session) => [session, 0]));
        await until('all submits', () => {
            for (const submit of waiting.splice(0)) {
                open.set(submit.session, open.get(submit.session) - 1);
                taken.set(submit.session, taken.get(submit.session) + 1);
                deliver(submit);
            }
            return [...taken.values()].reduce((a, b) => a + b) === texts.length;
        });
        assert.equal(most, 4);
        for (const count of taken.values()) assert.ok(count >= 12, `${[...taken.values()]} by the three`);
    });

    test('take receipts and replies on whichever comes', async () => {
        for (const session of sessions()) {
            carrier.onSubmit = (submit) => carrier.accept(submit);
            const [{message_id, destination_number}] = await client.send({content: 'Any', source_number,
                destination_number: `+61${++lastHandset}`});
            const submit = await carrier.submits.waitFor('the submit',
                ({pdu}) => pdu.destination_addr === destination_number.slice(1));
            await client.reaches(message_id, 'submitted');
            const receipt = {source_addr: submit.pdu.destination_addr, destination_addr: submit.pdu.source_addr,
                esm_class: 4, short_message: `id:${submit.id} stat:DELIVRD err:000`};
            assert.equal((await carrier.deliver(receipt, session)).command_status, 0);
            await client.reaches(message_id, 'delivered');
            const reply = {source_addr: submit.pdu.destination_addr, destination_addr: submit.pdu.source_addr,
                short_message: 'Here too'};
            assert.equal((await carrier.deliver(reply, session)).command_status, 0);
            assert.equal((await client.replyTo(message_id)).content, 'Here too');
        }
    });

    test('go on when one of them is lost, and what it held in doubt is sent again', async () => {
        const [lost] = sessions();
        let held = 0;
        const {taken} = record((submit) => {
            if (submit.session === lost && ++held <= 4) {
                if (held === 4) lost.destroy();
                return 'refused';
            }
            deliver(submit);
        });
        const texts = await send(60, 'lost');
        await until('all submits', () => taken.length >= texts.length);
        assert.equal(held, 4);
        assert.deepEqual(taken.sort(), texts);
        await bound(3);
    });
});

linked('several pairs send by their transmitters alone', {bind: 'pair', binds: 2}, {}, async () => {
    await carrier.binds.waitForMany('binds', 4);
    const {taken} = record();
    const texts = await send(20, 'pairs');
    await until('all submits', () => taken.length === texts.length);
    const used = new Set(carrier.submits.entries.map(({session}) => session));
    assert.equal(used.size, 2);
    for (const session of used) assert.equal(session.kind, 'bind_transmitter');
    assert.deepEqual(carrier.binds.entries.map(({pdu}) => pdu.command).sort(),
        ['bind_receiver', 'bind_receiver', 'bind_transmitter', 'bind_transmitter']);
});

const wrongPassword = {prepare: (it) => (it.onBind = () => 0x0e)};
linked('a carrier that refuses the password is asked so many times and no more',
    {binds: 2, refusals_max: 3, reconnect_max_ms: 50}, wrongPassword, async () => {
        await until('the link to give up', () => /gives up: \d+ binds were refused/.test(gateway.program.err));
        const asked = carrier.binds.entries.length;
        assert.ok(asked === 3 || asked === 4, `${asked} binds; the other one may have been under way`);
        await pause(500);
        assert.equal(carrier.binds.entries.length, asked);
    });

let allowed = 1;
const onlyOne = {prepare: (it) => (it.onBind = () => (allowed-- > 0 ? 0 : 0x0d))};
linked('a carrier that takes fewer binds keeps those that it took',
    {binds: 2, refusals_max: 3, reconnect_max_ms: 50}, onlyOne, async () => {
        await until('one bind to give up', () => /a bind gives up.* 1 of 2 are bound/.test(gateway.program.err));
        const {taken} = record();
        await send(5, 'alone');
        await until('all submits', () => taken.length === 5);
        assert.equal(carrier.binds.entries.length, 4);
    });

let refusal;
const refusing = (first) => ({prepare: (it) => {
    refusal = first;
    it.onBind = () => refusal;
}});
const rebind = {refusals_max: 2, reconnect_min_ms: 20, reconnect_max_ms: 50};
const shown = async (name = 'carrier') => {
    const auth = `Bearer ${await gateway.adminToken()}`;
    return (await client.get('/admin/v1/links', {auth})).json.links.find((link) => link.name === name);
};
const restart = async (name) => client.post(`/admin/v1/links/${name}/restart`, undefined,
    {auth: `Bearer ${await gateway.adminToken()}`});

for (const status of [0x05, 0x08, 0x0d, 0x14, 0x58, 0x64, 0xff]) {
    linked(`bind error ${status} after a good bind is only an error of the moment`, rebind, refusing(0), async () => {
        await until('a bind', async () => (await shown()).bound === 1);
        refusal = status;
        const before = carrier.binds.entries.length;
        carrier.drop();
        await carrier.binds.waitForMany('many refusals', before + 6);
        refusal = 0;
        await until('a bind again', async () => (await shown()).bound === 1);
        assert.equal((await shown()).gave_up, false);
    });
}

for (const [how, again] of [
    ['tidings link restart', async () => assert.equal((await restart('carrier')).status, 204)],
    ['SIGHUP', () => gateway.program.child.kill('SIGHUP')],
]) {
    linked(`a link that its carrier stopped says so, and begins anew by ${how}`, rebind, refusing(0x0f), async () => {
        await until('the link to give up', async () => (await shown()).gave_up);
        assert.equal((await shown()).stopped_by, 'ESME_RINVSYSID');
        const {text} = await client.get('/metrics', {auth: null});
        assert.match(text, /tidings_link_gave_up\{link="carrier"\} 1/);
        const texts = await send(1, 'patient');
        refusal = 0;
        await again();
        await until('a bind', async () => (await shown()).bound === 1);
        assert.equal((await shown()).stopped_by, null);
        await carrier.submits.waitFor('what waited', ({text}) => text === texts[0]);
    });
}

linked('what stops a link is a setting', {...rebind, refusals_that_stop: ['05']}, refusing(0x0e), async () => {
    await carrier.binds.waitForMany('many refusals', 6);
    assert.equal((await shown()).gave_up, false);
    refusal = 0x05;
    await until('the link to give up', async () => (await shown()).stopped_by === 'ESME_RALYBND');
    assert.equal((await restart('nobody')).status, 404);
});

linked('only a silent line is asked, and bound again when two enquiries got no answer',
    {enquire_link_ms: 500}, {}, async () => {
        await carrier.binds.waitFor('a bind', () => true);
        record();
        for (const end = performance.now() + 1500; performance.now() < end; await pause(50)) await send(1, 'busy');
        assert.ok(carrier.enquiries.entries.length <= 1, 'a busy line is not asked');
        await carrier.enquiries.waitForMany('enquiries', carrier.enquiries.entries.length + 3);
        assert.equal(carrier.binds.entries.length, 1, 'a line that answers stays');
        const answered = carrier.enquiries.entries.length;
        carrier.mute = true;
        await carrier.binds.waitForMany('another bind', 2);
        assert.ok(carrier.enquiries.entries.length >= answered + 2);
    });

let binds = 0;
const firstUnanswered = {prepare: (it) => (it.onBind = () => (++binds === 1 ? undefined : 0))};
linked('a bind or a submit without an answer is made again', {response_timeout_ms: 500}, firstUnanswered, async () => {
    await carrier.binds.waitForMany('another bind', 2);
    let submits = 0;
    const {taken} = record((submit) => {
        if (++submits === 1) return 'refused';
        deliver(submit);
    });
    const texts = await send(1, 'unanswered');
    await until('the submit again', () => taken.length === 1);
    assert.deepEqual(taken, texts);
    assert.equal(carrier.binds.entries.length, 3);
});

const nack = (session, pdu, command_status) =>
    session.send(new smpp.PDU('generic_nack', {sequence_number: pdu.sequence_number, command_status}));
linked('a generic_nack answers what it names, a bind or a submit', {}, {
    prepare: (it) => {
        let binds = 0;
        it.onBind = (pdu, session) => (++binds > 1 ? 0 : void nack(session, pdu, 0x08));
    },
}, async () => {
    await carrier.binds.waitForMany('another bind', 2);
    carrier.onSubmit = ({session, pdu}) => nack(session, pdu, 0x0b);
    const [{message_id}] = await client.send({content: 'Nack', destination_number: `+61${++lastHandset}`});
    await client.reaches(message_id, 'rejected');
    assert.equal(carrier.binds.entries.length, 2, 'the session goes on');
});

linked('a gateway that stops unbinds, once what is in flight was answered', {}, {}, async () => {
    let answered = false;
    carrier.onSubmit = async (submit) => {
        await pause(700);
        answered = true;
        carrier.accept(submit);
    };
    await send(1, 'last');
    await carrier.submits.waitFor('a submit', () => true);
    await gateway.stop();
    assert.ok(answered);
    assert.equal(carrier.unbinds.entries.length, 1);
});

// A certificate authority that only this test knows, and a certificate of it for `name`.
async function authority(folder, name) {
    const openssl = (...args) => promisify(execFile)('openssl', args, {cwd: folder});
    await openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2',
        '-subj', '/CN=Test CA', '-keyout', 'ca.key', '-out', 'ca.pem');
    await openssl('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', '/CN=carrier',
        '-keyout', 'carrier.key', '-out', 'carrier.csr');
    await writeFile(join(folder, 'names'), `subjectAltName=${name}\n`);
    await openssl('x509', '-req', '-in', 'carrier.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial',
        '-days', '2', '-extfile', 'names', '-out', 'carrier.pem');
    return {
        ca_file: join(folder, 'ca.pem'),
        server: {key: await readFile(join(folder, 'carrier.key')), cert: await readFile(join(folder, 'carrier.pem'))},
    };
}

describe('TLS', () => {
    let folder, good, other;
    before(async () => {
        folder = await mkdtemp(join(tmpdir(), 'tidings-tls-'));
        await mkdir(join(folder, 'good'));
        await mkdir(join(folder, 'other'));
        good = await authority(join(folder, 'good'), 'IP:127.0.0.1');
        other = await authority(join(folder, 'other'), 'DNS:other.example.net');
    });
    after(() => rm(folder, {recursive: true}));

    test('carries messages when the certificate is of a known authority and names the host', async () => {
        await open({tls: true, ca_file: good.ca_file}, {server: good.server});
        try {
            const {taken} = record();
            await send(3, 'sealed');
            await until('all submits', () => taken.length === 3);
        } finally {
            await close();
        }
    });

    for (const [what, ca, server] of [
        ['names another host', () => other.ca_file, () => other.server],
        ['is of an unknown authority', () => other.ca_file, () => good.server],
        ['is of no authority of this machine', () => '', () => good.server],
    ]) {
        test(`tells nothing to a carrier whose certificate ${what}`, async () => {
            await open({tls: true, ca_file: ca()}, {server: server()});
            try {
                await until('the refusal', () =>
                    /cannot connect to 127.0.0.1 port \d+: certificate verify failed/.test(gateway.program.err));
                assert.equal(carrier.binds.entries.length, 0);
            } finally {
                await close();
            }
        });
    }
});

// The carrier connects, says who it is, and answers our bind on that connection as on any other.
async function outbind(port, password = 'hello') {
    const session = smpp.connect({host: '127.0.0.1', port});
    await once(session, 'connect');
    carrier.serve(session);
    session.send(new smpp.PDU('outbind', {system_id: 'carrier', password}));
    return session;
}

async function freePort() {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const {port} = server.address();
    server.close();
    await once(server, 'close');
    return port;
}

describe('a carrier that connects to us', () => {
    let port;
    before(async () => {
        port = await freePort();
        await open({outbind_listen: `127.0.0.1:${port}`, outbind_system_id: 'carrier', outbind_password: 'hello'});
    });
    after(close);

    test('is told nothing when its outbind says another password', async () => {
        const session = await outbind(port, 'guess');
        await once(session, 'close');
        assert.equal(carrier.binds.entries.length, 0);
        assert.match(gateway.program.err, /outbind was not accepted/);
    });

    test('gets our bind and the messages on its connection, again after it was lost', async () => {
        const {taken} = record((submit) => carrier.accept(submit));
        for (let round = 1; round <= 2; ++round) {
            const session = await outbind(port);
            await carrier.binds.waitForMany('a bind', round);
            assert.equal(carrier.binds.entries.at(-1).session, session);
            await send(5, `called ${round}`);
            await until('all submits', () => taken.length === 5 * round);
            session.destroy();
        }
    });
});

linked('keeps the PDUs of messages and receipts when its trace is full', {trace: 'full'}, {}, async () => {
    const [{message_id}] = await client.send({content: 'Traced', source_number,
        destination_number: `+61${++lastHandset}`});
    await client.reaches(message_id, 'delivered');
    const auth = `Bearer ${await gateway.adminToken()}`;
    const {json} = await client.get(`/admin/v1/messages/${message_id}/trace`, {auth});
    assert.deepEqual(json.pdus.map(({direction, what}) => [direction, what.split(' ')[0]]),
        [['out', 'submit_sm'], ['in', 'submit_sm_resp'], ['in', 'deliver_sm']]);
    const says = ({hex}, text) => assert.ok(hex.includes(Buffer.from(text).toString('hex')), hex);
    says(json.pdus[0], 'Traced');
    says(json.pdus[2], 'stat:DELIVRD');
});
