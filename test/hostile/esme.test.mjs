// SPDX-License-Identifier: Apache-2.0
// An ESME that speaks bytes instead of SMPP, at the carrier in the box. It stays, and another ESME goes on beside.
import assert from 'node:assert/strict';
import {after, afterEach, before, describe, test} from 'node:test';
import {readFile} from 'node:fs/promises';
import {bindBody, commands, pdu, RawSession, shortMessage, status, text, tlv} from '../peers/raw_smpp.mjs';
import {idOf} from '../peers/esme.mjs';
import {Smsc} from '../peers/smsc.mjs';

const pdu_max = 66 * 1024;  // the longest that it reads

let smsc, other, handset;
const sessions = [];
before(async () => {
    // What a sanitizer keeps back of freed memory would hide what the carrier keeps.
    smsc = await Smsc.start([], {ASAN_OPTIONS: 'exitcode=99:quarantine_size_mb=8'});
    other = await smsc.bind();
    handset = await smsc.handset();
});
after(async () => {
    for (const session of sessions) session.close();
    await smsc.stop();
});
afterEach(async () => {
    const {command_status, message_id} = await other.submit({destination_addr: handset});
    assert.equal(command_status, 0);
    await other.delivered.waitFor('its receipt', (receipt) => idOf(receipt) === message_id);
});

const connect = async () => sessions[sessions.push(await RawSession.connect(smsc.port)) - 1];
async function bind() {
    const session = await connect();
    assert.equal((await session.ask('bind_transceiver', {sequence: 1, body: bindBody()})).status, status.ok);
    return session;
}
const submit = (more = {}) => shortMessage({to: handset, ...more});

describe('an ESME that sends', () => {
    for (const length of [0, 3, 15, pdu_max + 1, 2 ** 31, 2 ** 32 - 1]) {
        for (const [when, open] of [['before it is bound', connect], ['when it is bound', bind]]) {
            test(`a length of ${length} ${when}`, async () => {
                const session = await open();
                session.send(pdu('submit_sm', {sequence: 9, length}));
                assert.equal((await session.frame('generic_nack', 0)).status, status.invalid_length);
                await session.end();
            });
        }
    }

    test('a bind cut at every byte, in two pieces and with the end missing', async () => {
        const body = bindBody(), size = 16 + body.length;
        for (let at = 1; at < size; ++at) {
            const session = await connect();
            const bytes = pdu('bind_transceiver', {sequence: at, body});
            await session.sent(bytes.subarray(0, at));
            await session.sent(bytes.subarray(at));
            assert.equal((await session.frame('bind_transceiver_resp', at)).status, status.ok);
            session.close();
        }
        const session = await connect();
        for (let at = 0; at < body.length; ++at) {
            const answer = await session.ask('bind_transceiver', {sequence: 100 + at, body: body.subarray(0, at)});
            assert.equal(answer.status, status.invalid_length, `cut at ${at}`);
        }
        assert.equal((await session.ask('bind_transceiver', {sequence: 1, body})).status, status.ok);
        session.close();
    });

    test('requests before it is bound, and a bind when it is', async () => {
        const session = await connect();
        for (const command of ['submit_sm', 'data_sm']) {
            const body = command === 'submit_sm' ? submit() : Buffer.alloc(40);
            const {status: answer} = await session.ask(command, {sequence: 3, body});
            assert.ok([status.invalid_bind_state, status.invalid_length].includes(answer), `${command}: ${answer}`);
        }
        assert.equal((await session.ask('bind_transceiver', {sequence: 4, body: bindBody()})).status, status.ok);
        const again = await session.ask('bind_transceiver', {sequence: 5, body: bindBody('another')});
        assert.equal(again.status, status.already_bound);
        assert.equal((await session.ask('submit_sm', {sequence: 6, body: submit()})).status, status.ok);
        session.close();
    });

    test('commands that do not exist, sequences at both ends, responses that nobody asked for', async () => {
        const session = await bind();
        [0x0A, 0x1000, 0x7FFFFFFF].forEach((command, i) => session.send(pdu(command, {sequence: 40 + i})));
        for (let i = 0; i < 3; ++i) {
            assert.equal((await session.frame('generic_nack', 40 + i)).status, status.invalid_command);
        }
        const names = ['submit_sm_resp', 'deliver_sm_resp', 'unbind_resp', 'bind_transceiver_resp', 'generic_nack'];
        const unasked = names.flatMap((name) => Array.from({length: 200}, (_, i) =>
            pdu(name, {sequence: 1_000_000 + i, body: name === 'generic_nack' ? undefined : text('unasked')})));
        await session.sent(Buffer.concat([...unasked, pdu('outbind', {body: Buffer.alloc(2)}), pdu(0xFFFFFFFF)]));
        for (const sequence of [0, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF]) {
            assert.equal((await session.ask('submit_sm', {sequence, body: submit()})).status, status.ok);
        }
        session.close();
    });

    test('messages whose body ends at every byte, and parameters beyond their PDU', async () => {
        const session = await bind();
        const body = submit();
        for (let at = 0; at < body.length; ++at) {
            const answer = await session.ask('submit_sm', {sequence: 100 + at, body: body.subarray(0, at)});
            assert.equal(answer.status, status.invalid_length, `cut at ${at}`);
        }
        for (const length of [1, 65_535]) {
            const beyond = submit({tlvs: [tlv(0x0424, Buffer.alloc(0), length)]});
            const answer = await session.ask('submit_sm', {sequence: length, body: beyond});
            assert.equal(answer.status, status.invalid_length);
        }
        assert.equal((await session.ask('submit_sm', {sequence: 2, body})).status, status.ok);
        session.close();
    });

    test('messages without end and reads nothing is left, and its answers do not fill the memory', async () => {
        const resident = async () => {
            const lines = await readFile(`/proc/${smsc.program.child.pid}/status`, 'utf8');
            return Number(lines.match(/^VmRSS:\s+(\d+) kB$/m)[1]) / 1024;
        };
        const session = await bind();
        const asked = Buffer.concat(Array(4096).fill(pdu('enquire_link')));
        const before = await resident();
        session.socket.pause();
        let went = 0;
        for (; !session.socket.destroyed && went < 256 << 20; went += asked.length) await session.sent(asked);
        assert.ok(went < 256 << 20, `${went >> 20} MiB of questions were taken`);
        const grown = await resident() - before;
        assert.ok(grown < 64, `grew by ${grown} MiB`);
    });
});

test('a hundred connections that never say who they are keep nobody else out', async () => {
    const silent = await Promise.all(Array.from({length: 100}, connect));
    const session = await bind();
    const answer = await session.ask('submit_sm', {sequence: 2, body: submit()});
    assert.equal(answer.command, commands.submit_sm_resp);
    assert.equal(answer.status, status.ok);
    for (const each of [session, ...silent]) each.close();
});
