// SPDX-License-Identifier: Apache-2.0
// The sandbox carrier with Kannel as its ESME.
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';
import {Capture, captureMissing} from '../peers/capture.mjs';
import {Kannel, kannelMissing} from '../peers/kannel.mjs';
import {Smsc} from '../peers/smsc.mjs';

const from = '61491570157';
const [delivered, failed, accepted, refused] = ['1', '2', '8', '16'];  // kinds of Kannel's reports
const unbindResponse = 0x80000006;

describe('Kannel', {skip: kannelMissing}, () => {
    let smsc, kannel, capture, sent = 0;
    before(async () => {
        smsc = await Smsc.start();
        if (!captureMissing) capture = await Capture.start(smsc.port);
        kannel = await Kannel.start(smsc.port);
    });
    after(async () => {
        await kannel?.stop();
        await capture?.stop();
        await smsc.stop();
    });

    // Sends to a new handset and waits for reports of these kinds.
    async function send(text, behaviour, types, more) {
        const handset = await smsc.handset(behaviour);
        const tag = `message${++sent}`;
        const answer = await kannel.send(from, handset, text, tag, more);
        assert.equal(answer.status, 202, answer.text);
        const reports = await kannel.reports.waitForMany(`${types} of ${tag}`, types.length,
            (report) => report.tag === tag);
        assert.deepEqual(reports.map(({type}) => type).sort(), types.sort());
        return smsc.inbox(handset);
    }

    for (const [name, text, more] of [
        ['short message', 'Hello é {€}'], ['long message', 'abcdefghi '.repeat(50)],
        ['message in UCS-2', 'Привет, мир', {coding: 2}],
        ['long message in UCS-2', 'Привет, мир '.repeat(20), {coding: 2}],
    ]) {
        test(`sends a ${name} and hears of its delivery`, async () => {
            const [arrived, ...others] = await send(text, {}, [accepted, delivered], more);
            assert.deepEqual(others, []);
            assert.equal(arrived.content, text);
            assert.equal(arrived.from.replace('+', ''), from);
        });
    }

    test('hears of a failure, and of a refusal', async () => {
        assert.deepEqual(await send('Hello', {outcome: 'undeliverable'}, [accepted, failed]), []);
        assert.deepEqual(await send('Hello', {submit_status: 0x0b}, [refused]), []);
    });

    test('gets the messages of handsets, short and long', async () => {
        const handset = await smsc.handset();
        for (const content of ['Hi Kannel é', 'Grüße, '.repeat(40)]) {
            const answer = await smsc.client.post(`/sandbox/handsets/${handset}/messages`, {to: from, content});
            assert.equal(answer.status, 202);
            const message = await kannel.messages.waitFor('the message', ({text}) => text === content);
            assert.equal(message.from.replace('+', ''), handset);
            assert.equal(message.to.replace('+', ''), from);
        }
    });

    test('talks with us in well-formed SMPP, says tshark', {skip: captureMissing}, async () => {
        await kannel.bearerbox.end('SIGTERM');
        const counts = await capture.commands(unbindResponse);
        assert.equal(counts.get(0x80000004), counts.get(0x04));
        assert.equal(counts.get(0x80000005), counts.get(0x05));
    });
});
