// SPDX-License-Identifier: Apache-2.0
// What the sandbox carrier does to an ESME when it is told to behave badly, seen by npm smpp.
import assert from 'node:assert/strict';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, afterEach, before, describe, test} from 'node:test';
import smpp from 'smpp';
import {Esme, idOf} from '../peers/esme.mjs';
import {Smsc} from '../peers/smsc.mjs';
import {pause, until} from '../peers/wait.mjs';

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

describe('the carrier', () => {
    const conduct = (how) => smsc.put('/sandbox/carrier', how);
    afterEach(() => conduct({}));
    const submitMany = (esme, count, destination_addr) =>
        Promise.allSettled(Array.from({length: count}, () => esme.submit({destination_addr})));
    const ended = (esme) => until('the end of the connection', () => esme.closed);

    test('lets through so many a second', async () => {
        const esme = await smsc.bind();
        const handset = await smsc.handset();
        await conduct({throttle_per_second: 5});
        const answers = (await submitMany(esme, 20, handset)).map(({value}) => value.command_status);
        assert.deepEqual(answers.slice(0, 5), Array(5).fill(0));
        const throttled = answers.filter((status) => status === smpp.ESME_RTHROTTLED).length;
        assert.ok(throttled >= 10, `${throttled} throttled`);
        await until('a second', async () => (await esme.submit({destination_addr: handset})).command_status === 0);
        assert.equal((await smsc.inbox(handset)).length, 20 - throttled + 1);
    });

    test('has a full queue, and then has not', async () => {
        const esme = await smsc.bind();
        await conduct({queue_full: true});
        assert.equal((await esme.submit()).command_status, smpp.ESME_RMSGQFUL);
        await conduct({});
        assert.equal((await esme.submit()).command_status, 0);
    });

    test('tells its congestion', async () => {
        const esme = await smsc.bind();
        await conduct({congestion_state: 90});
        assert.equal((await esme.submit()).congestion_state, 90);
        await conduct({});
        assert.equal((await esme.submit()).congestion_state, undefined);
    });

    test('cuts the connection in the place of every nth answer, with the message or without', async () => {
        for (const drop_takes of [true, false]) {
            const esme = await smsc.bind();
            const handset = await smsc.handset();
            await conduct({drop_every: 3, drop_takes});
            for (let i = 0; i < 2; ++i) {
                assert.equal((await esme.submit({destination_addr: handset})).command_status, 0);
            }
            const outcomes = await submitMany(esme, 3, handset);
            await ended(esme);
            assert.ok(outcomes.every(({status}) => status === 'rejected'));
            assert.equal((await smsc.inbox(handset)).length, drop_takes ? 3 : 2);
        }
    });

    test('cuts the connection after every nth answer', async () => {
        const esme = await smsc.bind();
        await conduct({drop_after_answer_every: 2});
        assert.equal((await esme.submit()).command_status, 0);
        assert.equal((await esme.submit()).command_status, 0);
        await ended(esme);
        assert.ok(!esme.heard.entries.includes('unbind'));
        assert.equal((await (await smsc.bind()).submit()).command_status, 0);
    });

    test('falls silent with the connection open, and goes on where it was', async () => {
        const esme = await smsc.bind();
        const handset = await smsc.handset();
        await conduct({silent: true});
        const newcomer = await Esme.connect(smsc.port);
        const gone = await Esme.connect(smsc.port);
        const bound = newcomer.ask('bind_transceiver', {system_id: 'newcomer'});
        const answers = [esme.submit({destination_addr: handset}), esme.ask('enquire_link')];
        gone.ask('bind_transceiver', {system_id: 'gone'}).catch(() => {});
        gone.close();
        const {status} = await smsc.client.post(`/sandbox/handsets/${handset}/messages`, {to: '12345', content: 'x'});
        assert.equal(status, 202);
        await pause(300);  // for an answer that must not come: there is no event to wait for
        assert.deepEqual(esme.heard.entries, ['bind_transceiver_resp']);
        assert.deepEqual(newcomer.heard.entries, []);
        assert.ok(!esme.closed && !newcomer.closed);
        assert.deepEqual(await smsc.inbox(handset), []);

        await conduct({});
        const [submitted] = await Promise.all(answers);
        assert.equal(submitted.command_status, 0);
        assert.equal((await bound).command_status, 0);
        assert.equal((await smsc.inbox(handset)).length, 1);
        newcomer.close();
    });

    test('stops while it is silent', async () => {
        const other = await Smsc.start();
        const esme = await other.bind();
        await other.put('/sandbox/carrier', {silent: true});
        esme.session.enquire_link();
        await other.stop();
    });

    test('answers late, as its handset does when that is later', async () => {
        const esme = await smsc.bind();
        await conduct({answer_delay_ms: 200});
        for (const [answer_delay_ms, least] of [[0, 200], [400, 400]]) {
            const destination_addr = await smsc.handset({answer_delay_ms});
            const start = Date.now();
            assert.equal((await esme.submit({destination_addr})).command_status, 0);
            assert.ok(Date.now() - start >= least);
        }
    });

    test('refuses binds and keeps those it has', async () => {
        const esme = await smsc.bind();
        await conduct({refuse_binds: smpp.ESME_RALYBND});
        const refused = await smsc.bind();
        assert.equal(refused.bound.command_status, smpp.ESME_RALYBND);
        await ended(refused);
        assert.equal((await esme.submit()).command_status, 0);
        await conduct({});
        assert.equal((await smsc.bind()).bound.command_status, 0);
    });

    test('shows its whole conduct, and names what is wrong', async () => {
        const good = {
            throttle_per_second: 0, queue_full: false, congestion_state: null, drop_every: 0, drop_takes: true,
            drop_after_answer_every: 0, silent: false, answer_delay_ms: 0, refuse_binds: 0,
        };
        assert.deepEqual((await smsc.client.get('/sandbox/carrier')).json, good);
        assert.deepEqual(await conduct({throttle_per_second: 7}), {...good, throttle_per_second: 7});
        for (const [field, values] of Object.entries({
            throttle_per_second: [-1, 100001, null], queue_full: [1], congestion_state: [-1, 101, '1'],
            drop_every: [-1], drop_takes: [null], drop_after_answer_every: [1e9], silent: ['yes'],
            answer_delay_ms: [600001], refuse_binds: [-1, 2 ** 32],
        })) {
            for (const value of values) {
                const {status, json} = await smsc.client.put('/sandbox/carrier', {[field]: value});
                assert.equal(status, 400);
                assert.match(json.details[0], new RegExp(`^/${field}: .* must be `));
            }
        }
        const unknown = await smsc.client.put('/sandbox/carrier', {mood: 'bad'});
        assert.deepEqual(unknown.json.details, ['/mood: Unknown field']);
        assert.deepEqual((await smsc.client.get('/sandbox/carrier')).json, {...good, throttle_per_second: 7});
    });

    test('remembers its conduct after a restart', async () => {
        const folder = await mkdtemp(join(tmpdir(), 'tidings-smsc-'));
        try {
            const first = await Smsc.start(['--data', folder]);
            const conduct = await first.put('/sandbox/carrier', {queue_full: true, congestion_state: 1});
            await first.program.end('SIGKILL');
            await first.launch();
            assert.deepEqual((await first.client.get('/sandbox/carrier')).json, conduct);
            assert.equal((await (await first.bind()).submit()).command_status, smpp.ESME_RMSGQFUL);
            await first.stop();
        } finally {
            await rm(folder, {recursive: true});
        }
    });
});
