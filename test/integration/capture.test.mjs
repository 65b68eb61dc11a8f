// SPDX-License-Identifier: Apache-2.0
// The gateway's link to the sandbox carrier as tshark reads it: every octet belongs to a well-formed PDU.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {Capture, captureMissing} from '../peers/capture.mjs';
import {Gateway, linkTo} from '../peers/gateway.mjs';
import {Smsc} from '../peers/smsc.mjs';
import {until} from '../peers/wait.mjs';

const from = '61491570157';
const [bindTransceiver, submit, deliver, enquireLink, unbind] = [0x09, 0x04, 0x05, 0x15, 0x06];
const response = 0x80000000;
const texts = [
    'Hello', 'abc {€} '.repeat(60), 'Привет 😀', 'Привет 😀 '.repeat(40), '@£$¥èéùìòÇ\nØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ ^{}\\[~]|€',
];

test('tshark finds nothing wrong with our SMPP', {skip: captureMissing}, async (t) => {
    const smsc = await Smsc.start();
    t.after(() => smsc.stop());
    const capture = await Capture.start(smsc.port);
    t.after(() => capture.stop());
    const gateway = await Gateway.start({config: linkTo(smsc, {enquire_link_ms: 1000})});
    t.after(() => gateway.close());

    const {client} = gateway;
    await smsc.put('/sandbox/carrier', {congestion_state: 50});
    const handsets = [];
    for (const content of texts) {
        const handset = await smsc.handset({intermediate: ['ENROUTE'], receipts: 2, auto_reply: content});
        handsets.push(handset);
        const [{message_id}] = await client.send(
            {content, destination_number: `+${handset}`, source_number: from, delivery_report: true});
        await client.reaches(message_id, 'delivered');
        assert.equal((await client.replyTo(message_id)).content, content);
    }
    for (const submit_status of [0x0b, 0x45]) {  // error responses have no body
        const destination_number = await smsc.handset({submit_status});
        const [{message_id}] = await client.send({content: 'No', destination_number, source_number: from});
        await client.reaches(message_id, 'rejected');
    }
    await until('an enquire_link', async () => (await capture.frames().catch(() => []))
        .some(({commands}) => commands.includes(enquireLink + response)));
    await gateway.stop();
    const counts = await capture.commands(unbind + response);
    for (const command of [bindTransceiver, submit, deliver, enquireLink, unbind]) {
        assert.ok(counts.get(command) > 0, `no command ${command}`);
        assert.equal(counts.get(command + response), counts.get(command), `responses to command ${command}`);
    }
    assert.ok(counts.get(submit) > texts.length + 2 && counts.get(deliver) > 3 * counts.get(submit) - 9);
});
