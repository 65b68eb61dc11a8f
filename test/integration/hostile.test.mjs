// SPDX-License-Identifier: Apache-2.0
// What the sandbox carrier does to an ESME when it is told to behave badly, seen by npm smpp.
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';
import {idOf} from '../peers/esme.mjs';
import {Smsc} from '../peers/smsc.mjs';

let smsc;
before(async () => (smsc = await Smsc.start()));
after(() => smsc.stop());

describe('a handset', () => {
    const states = (esme) => esme.delivered.entries.map((pdu) => pdu.message_state);

    test('sends its receipt as often as it is told', async () => {
        const esme = await smsc.bind();
        const {message_id} = await esme.submit({destination_addr: await smsc.handset({receipts: 3})});
        const receipts = await esme.delivered.waitForMany('three receipts', 3);
        assert.deepEqual(receipts.map(idOf), Array(3).fill(message_id));
        assert.equal(new Set(receipts.map((pdu) => pdu.short_message.message)).size, 1);
        const after = await esme.submit({destination_addr: await smsc.handset()});
        await esme.delivered.waitFor('the next receipt', (pdu) => idOf(pdu) === after.message_id);
        assert.equal(esme.delivered.entries.length, 4);
    });

    test('sends intermediate receipts before the final one, and without a final one', async () => {
        const esme = await smsc.bind();
        const intermediate = ['ACCEPTD', 'ENROUTE', 'ENROUTE'];
        await esme.submit({destination_addr: await smsc.handset({intermediate, delay_ms: 50})});
        await esme.delivered.waitForMany('four receipts', 4);
        assert.deepEqual(states(esme), [6, 1, 1, 2]);
        assert.match(esme.delivered.entries[0].short_message.message, /dlvrd:000 .* stat:ACCEPTD err:000/);
        assert.ok(esme.delivered.entries.every((pdu) => (pdu.esm_class & 0x3c) === 0x04));

        const asking = {registered_delivery: 0x11};
        await esme.submit({destination_addr: await smsc.handset({intermediate, receipt: false}), ...asking});
        const after = await esme.submit({destination_addr: await smsc.handset()});
        await esme.delivered.waitFor('the next receipt', (pdu) => idOf(pdu) === after.message_id);
        assert.deepEqual(states(esme), [6, 1, 1, 2, 6, 1, 1, 2]);
        assert.ok(esme.delivered.entries.slice(4, 7).every((pdu) => (pdu.esm_class & 0x3c) === 0x20));
    });

    test('lets the receipt come before the response', async () => {
        const esme = await smsc.bind();
        const order = () => esme.heard.entries.slice(1);  // the bind's response came first
        const early = await esme.submit({destination_addr: await smsc.handset({early_receipt: true, receipts: 2})});
        assert.deepEqual(order(), ['deliver_sm', 'deliver_sm', 'submit_sm_resp']);
        assert.deepEqual(esme.delivered.entries.map(idOf), [early.message_id, early.message_id]);
        const late = await esme.submit({destination_addr: await smsc.handset()});
        await esme.delivered.waitFor('the receipt', (pdu) => idOf(pdu) === late.message_id);
        assert.deepEqual(order().slice(3), ['submit_sm_resp', 'deliver_sm']);
    });

    test('answers late, while its receipt does not wait, and others are answered', async () => {
        const esme = await smsc.bind();
        const slow = await smsc.handset({answer_delay_ms: 400, delay_ms: 100});
        const refusing = await smsc.handset({answer_delay_ms: 400, submit_status: 0x45});
        const start = Date.now();
        const answers = [esme.submit({destination_addr: slow}), esme.submit({destination_addr: refusing})];
        await esme.submit({destination_addr: await smsc.handset({receipt: false})});
        const [receipt] = await esme.delivered.waitForMany('the receipt', 1);
        assert.equal(esme.heard.entries.filter((command) => command === 'submit_sm_resp').length, 1);
        const [accepted, refused] = await Promise.all(answers);
        assert.ok(Date.now() - start >= 400);
        assert.equal(idOf(receipt), accepted.message_id);
        assert.equal(refused.command_status, 0x45);
    });

    test('writes the id in the receipt in another form', async () => {
        const esme = await smsc.bind();
        const forms = {
            same: (id) => id, decimal: (id) => BigInt(`0x${id}`).toString(), lower: (id) => id.toLowerCase(),
            hex: (id) => BigInt(id).toString(16).toUpperCase(), stripped: (id) => id.replace(/^00/, ''),
        };
        for (const [receipt_id, form] of Object.entries(forms)) {
            const {message_id} = await esme.submit({destination_addr: await smsc.handset({receipt_id})});
            const receipt = await esme.delivered.waitFor(receipt_id, (pdu) => idOf(pdu) === form(message_id));
            assert.match(receipt.short_message.message, new RegExp(`^id:${form(message_id)} `));
            assert.equal(receipt_id === 'same', form(message_id) === message_id);
        }
    });

    test('shows its whole behaviour, and names what is wrong', async () => {
        const how = {
            outcome: 'expired', err: '00A', delay_ms: 1, receipt: true, receipts: 10, intermediate: ['ENROUTE'],
            receipt_id: 'hex', early_receipt: true, answer_delay_ms: 2, submit_status: 0, auto_reply: 'No',
        };
        const path = `/sandbox/handsets/${await smsc.handset()}`;
        assert.deepEqual(await smsc.put(path, how), how);
        for (const [field, values] of Object.entries({
            receipts: [0, 11, '2', true], intermediate: ['ENROUTE', ['DELIVRD'], Array(11).fill('ENROUTE'), null],
            receipt_id: ['HEX', 16], early_receipt: [1, null], answer_delay_ms: [-1, 600001, 0.5],
        })) {
            for (const value of values) {
                const {status, json} = await smsc.client.put(path, {[field]: value});
                assert.equal(status, 400);
                assert.equal(json.details.length, 1);
                assert.match(json.details[0], new RegExp(`^/${field}: .* must be `));
            }
        }
    });
});
