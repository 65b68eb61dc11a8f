// SPDX-License-Identifier: Apache-2.0
// The sandbox carrier alone, `tidings smsc`, used by an SMPP client that is not ours: npm smpp.
import assert from 'node:assert/strict';
import {once} from 'node:events';
import {after, before, test} from 'node:test';
import smpp from 'smpp';
import {Esme, idOf} from '../peers/esme.mjs';
import {Program} from '../peers/gateway.mjs';
import {within} from '../peers/wait.mjs';

let program, port;
const esmes = [];
const bind = async (...args) => esmes[esmes.push(await Esme.bind(port, ...args)) - 1];
before(async () => {
    program = new Program(['smsc', '--port', '0']);
    port = Number((await program.printed(/^smsc listening on 127\.0\.0\.1:(\d+)$/m))[1]);
});
after(async () => {
    for (const esme of esmes) esme.close();
    const {code, err} = await program.end('SIGTERM');
    assert.equal(code, 0, err);
});

test('binds, accepts a message and sends its receipt in text and fields', async () => {
    const esme = await bind();
    assert.equal(esme.bound.command, 'bind_transceiver_resp');
    assert.equal(esme.bound.command_status, 0);
    const {command_status, message_id} = await esme.submit();
    assert.equal(command_status, 0);
    assert.ok(message_id);
    const receipt = await esme.delivered.waitFor('the receipt', () => true);
    assert.equal(receipt.esm_class & 0x3c, 0x04);
    assert.equal(idOf(receipt), message_id);
    assert.equal(receipt.message_state, 2);
    assert.equal(receipt.source_addr, '61491570156');
    assert.equal(receipt.destination_addr, '61491570157');
    assert.match(receipt.short_message.message, new RegExp(`^id:${message_id} .*stat:DELIVRD`));
});

test('sends no receipt to whom asks for none', async () => {
    const esme = await bind();
    assert.equal((await esme.submit({registered_delivery: 0})).command_status, 0);
    const {message_id} = await esme.submit();
    const receipt = await esme.delivered.waitFor('the second receipt', () => true);
    assert.equal(idOf(receipt), message_id);
    assert.equal(esme.delivered.entries.length, 1);
});

test('answers enquire_link and unbind, and what it does not know with generic_nack', async () => {
    const esme = await bind();
    assert.equal((await esme.ask('enquire_link')).command, 'enquire_link_resp');
    const nack = once(esme.session, 'generic_nack');
    esme.session.socket.write(Buffer.from('00000010000000770000000000000063', 'hex'));
    const [pdu] = await within('generic_nack', nack);
    assert.equal(pdu.command_status, smpp.ESME_RINVCMDID);
    assert.equal(pdu.sequence_number, 0x63);
    const closed = once(esme.session, 'close');
    assert.equal((await esme.ask('unbind')).command, 'unbind_resp');
    await within('the end of the session', closed);
});

test('wants a bind first', async () => {
    const esme = await Esme.connect(port);
    esmes.push(esme);
    assert.equal((await esme.submit()).command_status, smpp.ESME_RINVBNDSTS);
});

test('lets a transmitter send and gives the receipt to a receiver of the same name', async () => {
    const receiver = await bind('bind_receiver', {system_id: 'pair'});
    const transmitter = await bind('bind_transmitter', {system_id: 'pair'});
    const {message_id} = await transmitter.submit();
    const receipt = await receiver.delivered.waitFor('the receipt', () => true);
    assert.equal(idOf(receipt), message_id);
    assert.equal(transmitter.delivered.entries.length, 0);
    assert.notEqual((await receiver.submit()).command_status, 0);
});

test('survives a broken client, and serves the others', async () => {
    const esme = await bind();
    for (const bytes of ['0000000000000000', 'ffffffff00000004', '474554202f20485454502f312e310d0a0d0a']) {
        const broken = await bind();
        const closed = once(broken.session, 'close');
        broken.session.socket.write(Buffer.from(bytes, 'hex'));
        await within('the end of the broken session', closed);
    }
    assert.equal((await esme.submit()).command_status, 0);
});

test('takes 2,000 messages through a window of 50 and sends a receipt for each', async () => {
    const esme = await bind();
    const ids = new Set();
    const sender = async () => {
        while (ids.size < 2000) ids.add((await esme.submit()).message_id);
    };
    await Promise.all(Array.from({length: 50}, sender));
    await esme.delivered.waitForMany('all receipts', ids.size, () => true, 60_000);
    const receipted = new Set(esme.delivered.entries.map(idOf));
    assert.deepEqual(receipted, ids);
});
