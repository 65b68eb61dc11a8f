// SPDX-License-Identifier: Apache-2.0
// The gateway at a carrier that behaves badly: no message is lost, and nothing is told twice.
import assert from 'node:assert/strict';
import {after, afterEach, before, describe, test} from 'node:test';
import {Gateway} from '../peers/gateway.mjs';

const from = '+61491570157';
let gateway, client, lastHandset = 491570800;
async function start() {
    gateway = await Gateway.start();
    client = gateway.client;
}
before(start);
after(() => gateway.close());
afterEach(() => conduct({}));

async function put(path, how) {
    const answer = await client.put(path, how);
    assert.equal(answer.status, 200, answer.text);
}
const conduct = (how) => put('/sandbox/carrier', how);

// Sends `count` messages to as many handsets, which behave so; gives each with its handset and its text.
async function sendMany(count, behaviour = {}) {
    const messages = Array.from({length: count}, (_, i) => ({
        content: `number ${i}`, destination_number: `+61${++lastHandset}`, source_number: from, delivery_report: true,
    }));
    for (const {destination_number} of messages) await put(`/sandbox/handsets/${destination_number}`, behaviour);
    return client.send(...messages);
}

// Each message reached its handset, and its reports are these codes, each once, in this order.
async function assertTold(echoes, codes, {copies = 1, status = 'delivered', behaviour} = {}) {
    for (const {message_id, destination_number, content} of echoes) {
        await client.reaches(message_id, status, 60_000);
        const {json} = await client.get(`/sandbox/handsets/${destination_number}/messages`);
        const texts = json.messages.map((message) => message.content);
        assert.ok(texts.length >= 1 && texts.length <= copies, `${content} arrived ${texts.length} times`);
        assert.ok(texts.every((text) => text === content), `${texts} for ${content}`);
    }
    // Whatever would be told twice has been told once these are: they went the same way, later.
    const [last] = await sendMany(1, behaviour);
    await client.reaches(last.message_id, 'delivered', 60_000);
    for (const {message_id} of echoes) assert.deepEqual(await client.codes(message_id, codes.at(-1)), codes);
}

describe('a carrier that', () => {
    test('throttles gets every message, once', async () => {
        await conduct({throttle_per_second: 15});
        await assertTold(await sendMany(40), ['101', '200', '220']);
    });

    test('has a full queue for a while gets every message, once', async () => {
        await conduct({queue_full: true});
        const echoes = await sendMany(10);
        await client.reaches(echoes[0].message_id, 'enroute');
        await conduct({});
        await assertTold(echoes, ['101', '200', '220']);
    });

    // A message that was in doubt goes again, so that its handset may get it more than once; it is told once.
    for (const [name, how, copies] of [
        ['cuts connections after it took a message', {drop_every: 5}, 40],
        ['cuts connections and loses the message', {drop_every: 5, drop_takes: false}, 40],
        ['cuts connections after an answer', {drop_after_answer_every: 5}, 40],
    ]) {
        test(`${name} gets every message, and each is told once`, async () => {
            await conduct(how);
            const echoes = await sendMany(30);
            for (const {message_id} of echoes) await client.reaches(message_id, 'delivered', 60_000);
            await conduct({});
            await assertTold(echoes, ['101', '200', '220'], {copies});
        });
    }

    test('answers late gets every message, once', async () => {
        await conduct({answer_delay_ms: 300});
        await assertTold(await sendMany(30), ['101', '200', '220']);
    });

    test('repeats receipts is heard once', async () => {
        await assertTold(await sendMany(10, {receipts: 5}), ['101', '200', '220']);
        const early = {receipts: 3, early_receipt: true, intermediate: ['ENROUTE', 'ENROUTE']};
        await assertTold(await sendMany(10, early), ['101', '200', '211', '220']);
    });

    test('sends receipts before its answers is understood', async () => {
        await assertTold(await sendMany(10, {early_receipt: true}), ['101', '200', '220']);
        await assertTold(await sendMany(10, {answer_delay_ms: 300}), ['101', '200', '220']);
    });

    test('tells steps between is heard, each step once', async () => {
        const intermediate = ['ACCEPTD', 'ENROUTE', 'ACCEPTD', 'ENROUTE'];
        await assertTold(await sendMany(10, {intermediate, delay_ms: 100}), ['101', '200', '210', '211', '220']);
    });

    for (const receipt_id of ['hex', 'decimal', 'lower', 'stripped']) {
        test(`writes the ids of receipts in another form (${receipt_id}) is understood`, async () => {
            // What was learnt of the ids of a link goes with the data.
            await gateway.close();
            await start();
            const behaviour = {receipt_id};
            await assertTold(await sendMany(10, behaviour), ['101', '200', '220'], {behaviour});
        });
    }
});
