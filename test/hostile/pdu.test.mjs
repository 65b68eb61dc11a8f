// SPDX-License-Identifier: Apache-2.0
// A carrier that speaks bytes instead of SMPP. Whatever it sends, the gateway stays, the link of that carrier comes
// back, and messages of another link go on beside it.
import assert from 'node:assert/strict';
import {after, afterEach, before, describe, test} from 'node:test';
import {readFile} from 'node:fs/promises';
import {Carrier} from '../peers/carrier.mjs';
import {Gateway, linkTo} from '../peers/gateway.mjs';
import {commands, pdu, RawCarrier, shortMessage, status, text, tlv} from '../peers/raw_smpp.mjs';
import {until} from '../peers/wait.mjs';

const source_number = '+61491570157';
const message_payload = 0x0424;
const pdu_max = 66 * 1024;  // the longest that the gateway reads

let good, raw, gateway, client, last = 0;

before(async () => {
    [good, raw] = [await Carrier.start(), await RawCarrier.start()];
    // Many a case here costs a connection: links that come back at once keep the tests short.
    const config = linkTo(good, {name: 'good'}) +
        linkTo(raw, {name: 'raw', reconnect_max_ms: 100, refusals_max: 100});
    // What a sanitizer keeps back of freed memory would hide what the gateway keeps.
    gateway = await Gateway.start({config, env: {ASAN_OPTIONS: 'exitcode=99:quarantine_size_mb=8'}});
    client = gateway.client;
    const auth = `Bearer ${await gateway.adminToken()}`;
    for (const [link, destination_prefix] of [['good', '614'], ['raw', '642']]) {
        const body = {link, destination_prefix};
        assert.equal((await client.call('PUT', `/admin/v1/routes/${link}`, {body, auth})).status, 200);
    }
    await Promise.all([good, raw].map(({binds}) => binds.waitFor('a bind', () => true)));
});
after(async () => {
    await gateway.close();
    await Promise.all([good.close(), raw.close()]);
});

const send = async (prefix, content) => (await client.send({content, source_number, delivery_report: true,
    destination_number: `${prefix}${String(++last).padStart(7, '0')}`}))[0].message_id;

// Somebody else's message, while the raw carrier is at it: it must leave and be delivered.
const goesOn = async () => client.reaches(await send('+6149', 'Beside it'), 'delivered');

// The raw link's own: it must be bound (again) and submit.
async function isBack() {
    const content = `Back ${last}`;
    await send('+6421', content);
    await raw.submits.waitFor('a submit over the raw link', ({frame}) => frame.body.includes(content));
}

// What the gateway holds, in MiB.
async function resident() {
    const lines = await readFile(`/proc/${gateway.program.child.pid}/status`, 'utf8');
    return Number(lines.match(/^VmRSS:\s+(\d+) kB$/m)[1]) / 1024;
}

// A message from a handset, with a text of its own, since a repeated one would be told only once.
const deliver = (more = {}) => shortMessage({content: `From a handset ${++last}`, ...more});

// Nothing else follows on that connection: it is alive.
async function isAlive(session) {
    const sequence = 700_000 + ++last;
    const {status} = await session.ask('enquire_link', {sequence});
    assert.equal(status, 0);
}

describe('a carrier that sends', () => {
    afterEach(async () => {
        await goesOn();
        await isBack();
    });

    for (const length of [0, 3, 4, 15, pdu_max + 1, 2 ** 31, 2 ** 32 - 1]) {
        test(`a length of ${length} is told so, and loses its connection`, async () => {
            const session = await raw.session();
            session.send(pdu('deliver_sm', {sequence: 5, length}));
            await goesOn();
            const nack = await session.frame('generic_nack', 0);
            assert.equal(nack.status, status.invalid_length);
            await session.end();
        });
    }

    test('a PDU in two pieces, cut at every byte, is understood each time', async () => {
        const session = await raw.session();
        const size = pdu('deliver_sm', {body: deliver()}).length;
        for (let at = 1; at < size; ++at) {
            const bytes = pdu('deliver_sm', {sequence: at, body: deliver()});
            await session.sent(bytes.subarray(0, at));
            await session.sent(bytes.subarray(at));
        }
        await goesOn();
        for (let at = 1; at < size; ++at) {
            assert.equal((await session.frame('deliver_sm_resp', at)).status, status.ok, `cut at ${at}`);
        }
        assert.equal(session.closed, false);
    });

    test('a PDU whose body ends at every byte but the last gets one answer, and the line stays', async () => {
        const session = await raw.session();
        const body = deliver({tlvs: [tlv(message_payload, Buffer.from('of no use'))]});
        for (let size = 0; size < body.length; ++size) {
            session.send(pdu('deliver_sm', {sequence: 1000 + size, body: body.subarray(0, size)}));
        }
        for (let size = 0; size < body.length; ++size) await session.frame('deliver_sm_resp', 1000 + size);
        await isAlive(session);
        const answers = session.heard.entries.filter(({command, sequence}) =>
            command === commands.deliver_sm_resp && sequence >= 1000 && sequence < 1000 + body.length);
        assert.equal(answers.length, body.length);
        // Up to short_message nothing can be guessed.
        for (const {sequence, status: answer} of answers) {
            if (sequence - 1000 < body.length - 20) assert.equal(answer, status.invalid_length, `${sequence}`);
        }
        // The log gets one line for it, whatever the number.
        assert.equal(gateway.program.err.match(/refused a malformed deliver_sm/g).length, 1);
    });

    test('a PDU and is gone in the middle of it', async () => {
        const bytes = pdu('deliver_sm', {body: deliver()});
        for (const at of [1, 4, 15, 16, 17, bytes.length >> 1, bytes.length - 1]) {
            const session = await raw.session();
            await session.sent(bytes.subarray(0, at));
            session.socket.resetAndDestroy();
            await session.end();
        }
    });

    test('PDUs of 64 KiB and the longest there is', async () => {
        const session = await raw.session();
        const longest = tlv(message_payload, Buffer.alloc(65_535, 'x'));
        const {status: answer} = await session.ask('deliver_sm', {sequence: 3, body: deliver({content: '',
            tlvs: [longest]})});
        assert.ok(Number.isInteger(answer));
        const fill = pdu_max - 16 - shortMessage({}).length - longest.length - 4;
        const body = shortMessage({tlvs: [longest, tlv(0x1400, Buffer.alloc(fill))]});
        assert.equal(body.length + 16, pdu_max);
        assert.equal((await session.ask('deliver_sm', {sequence: 4, body})).status, status.ok);
        await isAlive(session);
    });

    test('commands that do not exist, and such as are not for us', async () => {
        const session = await raw.session();
        const unknown = [0x0A, 0x1000, 0x7FFFFFFF, 0x00010200];
        unknown.forEach((command, i) => session.send(pdu(command, {sequence: 40 + i, body: Buffer.alloc(300, 1)})));
        for (const command of [0x8000FFFF, 0xFFFFFFFF, commands.alert_notification, commands.outbind]) {
            session.send(pdu(command, {sequence: 50, body: Buffer.from('no such thing\0\0\0\0')}));
        }
        for (let i = 0; i < unknown.length; ++i) {
            assert.equal((await session.frame('generic_nack', 40 + i)).status, status.invalid_command);
        }
        assert.equal((await session.ask('bind_transceiver', {sequence: 60})).status, status.invalid_length);
        assert.equal((await session.ask('submit_sm', {sequence: 61, body: deliver()})).status, status.invalid_command);
        await isAlive(session);
        assert.equal(session.heard.entries.filter(({sequence}) => sequence === 50).length, 0);
    });

    test('sequence numbers at both ends of what 32 bits hold', async () => {
        const session = await raw.session();
        for (const sequence of [0, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF]) {
            const answer = await session.ask('deliver_sm', {sequence, body: deliver()});
            assert.equal(answer.status, status.ok);
            assert.equal((await session.ask('enquire_link', {sequence})).status, status.ok);
        }
    });

    test('responses that nobody asked for', async () => {
        const session = await raw.session();
        const names = ['submit_sm_resp', 'data_sm_resp', 'deliver_sm_resp', 'enquire_link_resp', 'unbind_resp',
            'bind_transceiver_resp', 'generic_nack'];
        // Far from the numbers that requests of ours have by now.
        const sequences = [0, ...Array.from({length: 300}, (_, i) => 1_000_000 + i), 0x7FFFFFFF, 0xFFFFFFFF];
        const flood = names.flatMap((name) => sequences.map((sequence) =>
            pdu(name, {sequence, body: name === 'generic_nack' ? undefined : text('unasked')})));
        await session.sent(Buffer.concat(flood));
        await isAlive(session);
    });

    test('the answer to a submit twice, once as success and once as refusal', async () => {
        const ordinary = raw.onSubmit;
        raw.onSubmit = ({session, frame: {sequence}}) => session.send(Buffer.concat([
            pdu('submit_sm_resp', {sequence, body: text('twice')}), pdu('submit_sm_resp', {sequence, status: 0x45})]));
        const id = await send('+6421', 'Answered twice');
        await client.reaches(id, 'submitted');
        raw.onSubmit = ordinary;
        await isAlive(await raw.session());
        assert.equal(await client.status(id), 'submitted');
    });

    test('parameters that end beyond their PDU', async () => {
        const session = await raw.session();
        for (const [sequence, length] of [[70, 1], [71, 40], [72, 65_535]]) {
            const tlvs = [tlv(message_payload, Buffer.alloc(0), length)];
            // What stands before it counts, unless all of the text is lost with it.
            assert.equal((await session.ask('deliver_sm', {sequence, body: deliver({tlvs})})).status, status.ok);
            const lost = {sequence: sequence + 10, body: deliver({tlvs, content: ''})};
            assert.equal((await session.ask('deliver_sm', lost)).status, status.invalid_parameters);
        }
        // In a response they are no reason to send the message again.
        const ordinary = raw.onSubmit;
        raw.onSubmit = ({session, frame: {sequence}}) => session.send(pdu('submit_sm_resp',
            {sequence, body: Buffer.concat([text('beyond'), tlv(0x0427, Buffer.alloc(0), 9)])}));
        await client.reaches(await send('+6421', 'Taken, with a broken parameter'), 'submitted');
        raw.onSubmit = ordinary;
        await isAlive(session);
    });
});

describe('a carrier that does not read', () => {
    afterEach(isBack);

    // Writes until the gateway closes the connection, or `most` bytes are gone; gives how many bytes went.
    async function flood(session, bytes, most) {
        let went = 0;
        session.socket.pause();
        for (; !session.socket.destroyed && went < most; went += bytes.length) await session.sent(bytes);
        session.socket.resume();
        return went;
    }

    // Each request wants an answer of its own size, so that what waits to leave is what grows.
    test('and asks for ever is left, before its answers fill the memory', async () => {
        const session = await raw.session();
        const asked = Buffer.concat(Array(4096).fill(pdu('enquire_link')));
        const before = await resident();
        const went = await flood(session, asked, 256 << 20);
        const grown = await resident() - before;
        assert.ok(went < 256 << 20, `${went >> 20} MiB of questions were taken`);
        assert.ok(grown < 64, `grew by ${grown} MiB`);
        await goesOn();
    });

    // More than may wait for the store at once (1,000): what is too much is to come again. What grows is the store's
    // cache, 64 MiB at most, and what is under way.
    test('and delivers without end gets one answer to each, and what waits is bounded', async () => {
        const session = await raw.session();
        const payload = tlv(message_payload, Buffer.alloc(30_000, 'x'));
        const count = 1300, batch = 100;
        const before = await resident();
        let most = before;
        for (let first = 1; first <= count; first += batch) {
            const bytes = Array.from({length: batch}, (_, i) => pdu('deliver_sm', {sequence: first + i,
                body: shortMessage({content: '', from: `6149${++last}`, tlvs: [payload]})}));
            await flood(session, Buffer.concat(bytes), 1);
            most = Math.max(most, await resident());
        }
        await goesOn();
        const answers = await session.heard.waitForMany('answers', count,
            ({command}) => command === commands.deliver_sm_resp, 60_000);
        assert.equal(new Set(answers.map(({sequence}) => sequence)).size, count);
        assert.ok(answers.every(({status: answer}) => answer === status.ok || answer === status.come_again));
        assert.ok(most - before < 150, `grew by ${most - before} MiB`);
    });
});

describe('a carrier that refuses the bind', () => {
    const refuse = (status, how = {}) => ({session, frame}) => session.send(
        pdu('bind_transceiver_resp', {status, sequence: frame.sequence, ...how}));
    const ways = {
        'for the password': refuse(0x0E),
        'for the system_id': refuse(0x0F),
        'without a reason': refuse(0x0D),
        'as bound already': refuse(0x05),
        'for its load': refuse(0x58),
        'with a status that nobody knows': refuse(0xFFFFFFFF),
        'with a body behind the refusal': refuse(0x0D, {body: Buffer.alloc(500, 0xFF)}),
        'with generic_nack': ({session, frame}) => session.send(
            pdu('generic_nack', {status: 3, sequence: frame.sequence})),
        'with generic_nack that says OK': ({session, frame}) => session.send(
            pdu('generic_nack', {sequence: frame.sequence})),
        'by closing': ({session}) => session.close(),
        'by a reset': ({session}) => session.socket.resetAndDestroy(),
        'with unbind': ({session}) => session.send(pdu('unbind')),
        'with a length that no PDU has': refuse(0, {length: 2}),
        'with text of another protocol': ({session}) => session.send('HTTP/1.1 400 Bad Request\r\n\r\n'),
    };
    for (const [name, how] of Object.entries(ways)) {
        test(`${name} is asked again, and bound when it takes it`, async () => {
            const ordinary = raw.onBind;
            let refused = 0;
            raw.onBind = (bind) => (++refused > 2 ? ordinary(bind) : how(bind));
            for (const session of raw.sessions) session.close();
            await until('three binds', () => refused >= 3);
            raw.onBind = ordinary;
            await isBack();
        });
    }

    test('is no reason for the other link to wait', goesOn);
});
