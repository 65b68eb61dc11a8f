// SPDX-License-Identifier: Apache-2.0
// A link to a carrier made with npm smpp, which misbehaves as carriers do.
import assert from 'node:assert/strict';
import {after, afterEach, before, describe, test} from 'node:test';
import {Carrier, concatenation, insist} from '../peers/carrier.mjs';
import {Gateway, linkTo} from '../peers/gateway.mjs';
import {pause, until} from '../peers/wait.mjs';

const from = '+61491570157';
let carrier, gateway, client, lastHandset = 491570300;
const newHandset = () => `+61${++lastHandset}`;

async function send(fields) {
    const message = {content: 'Hello', destination_number: newHandset(), source_number: from, delivery_report: true};
    return (await client.send({...message, ...fields}))[0];
}
const submitsTo = (handset) => ({pdu}) => pdu.destination_addr === handset.replace('+', '');
const submitTo = (handset) => carrier.submits.waitFor(`a submit to ${handset}`, submitsTo(handset));

describe('a transceiver', () => {
    before(async () => {
        carrier = await Carrier.start();
        gateway = await Gateway.start({config: linkTo(carrier)});
        client = gateway.client;
    });
    after(async () => {
        await gateway.close();
        await carrier.close();
    });
    const ordinary = (submit) => carrier.accept(submit) && carrier.receipt(submit);
    afterEach(() => (carrier.onSubmit = ordinary));

    test('binds with what the link says', async () => {
        const {pdu} = await carrier.binds.waitFor('a bind', () => true);
        assert.equal(pdu.command, 'bind_transceiver');
        assert.equal(pdu.system_id, 'tidings');
        assert.equal(pdu.password, 'secret');
        assert.equal(pdu.interface_version, 0x34);
    });

    test('submits a short message as the standard has it', async () => {
        const echo = await send({content: 'Price: 5 € {net}'});
        const {pdu, text, udh} = await submitTo(echo.destination_number);
        assert.equal(text, 'Price: 5 € {net}');
        assert.equal(udh, undefined);
        assert.equal(pdu.data_coding, 0);
        assert.equal(pdu.esm_class & 0x40, 0);
        assert.equal(pdu.registered_delivery & 0x03, 1);
        assert.deepEqual([pdu.source_addr, pdu.source_addr_ton, pdu.source_addr_npi], ['61491570157', 1, 1]);
        assert.deepEqual([pdu.dest_addr_ton, pdu.dest_addr_npi], [1, 1]);
        assert.equal(pdu.replace_if_present_flag, 0);
        await client.reaches(echo.message_id, 'delivered');
    });

    test('names senders by their kind', async () => {
        for (const [source_number, ton, npi] of [['Tidings', 5, 0], ['12345', 3, 0], ['61491570157', 1, 1]]) {
            const {destination_number} = await send({source_number});
            const {pdu} = await submitTo(destination_number);
            assert.deepEqual([pdu.source_addr, pdu.source_addr_ton, pdu.source_addr_npi], [source_number, ton, npi]);
        }
    });

    for (const [name, content, coding, parts] of [
        ['in GSM-7', 'abc {€} '.repeat(60), 0, undefined], ['of 306 letters in two parts', 'x'.repeat(306), 0, 2],
        ['in UTF-16', 'Привет 😀 '.repeat(30), 8, undefined],
    ]) {
        test(`splits a long message ${name} by UDH, and node-smpp puts it together`, async () => {
            const {destination_number, message_id} = await send({content});
            const first = await submitTo(destination_number);
            const {total, reference} = concatenation(first.udh);
            if (parts) assert.equal(total, parts);
            const all = await carrier.submits.waitForMany('all parts', total, submitsTo(destination_number));
            assert.ok(all.every(({pdu}) => pdu.esm_class & 0x40 && pdu.data_coding === coding));
            assert.ok(all.every(({udh}) => concatenation(udh).reference === reference));
            const sorted = [...all].sort((a, b) => concatenation(a.udh).number - concatenation(b.udh).number);
            assert.deepEqual(sorted.map(({udh}) => concatenation(udh).number), sorted.map((_, i) => i + 1));
            assert.equal(sorted.map(({text}) => text).join(''), content);
            await client.reaches(message_id, 'delivered');
            assert.deepEqual(await client.codes(message_id, '220'), ['101', '200', '220']);
        });
    }

    test('matches responses that come out of order', async () => {
        const held = [];
        carrier.onSubmit = (submit) => held.push(submit);
        const echoes = await client.send(...Array.from({length: 10}, (_, i) => (
            {content: `number ${i}`, destination_number: newHandset(), delivery_report: true})));
        await until('ten submits', () => held.length === 10);
        for (const submit of held.reverse()) carrier.accept(submit);
        for (const echo of echoes) await client.reaches(echo.message_id, 'submitted');
        // Each receipt must find its own message: half are good, half are not.
        const fate = ({text}) => (Number(text.at(-1)) % 2 ? 'UNDELIV' : 'DELIVRD');
        for (const submit of held) await carrier.receipt(submit, fate(submit));
        for (const echo of echoes) {
            await client.reaches(echo.message_id, fate({text: echo.content}) === 'DELIVRD' ? 'delivered' : 'failed');
        }
    });

    test('takes receipts that come before the response', async () => {
        carrier.onSubmit = async (submit) => {
            const answer = await carrier.receipt(submit);
            assert.equal(answer.command_status, 0);
            carrier.accept(submit);
        };
        const echoes = [await send({}), await send({content: 'long '.repeat(80)})];
        for (const {message_id} of echoes) {
            await client.reaches(message_id, 'delivered');
            await client.codes(message_id, '220');
        }
    });

    test('sends again what was in doubt when the connection dropped', async () => {
        let dropped = 0;
        carrier.onSubmit = (submit) => {
            if (dropped++) return ordinary(submit);
            return carrier.drop();
        };
        const echo = await send({content: 'In doubt'});
        await client.reaches(echo.message_id, 'delivered');
        assert.ok(carrier.submits.entries.filter(submitsTo(echo.destination_number)).length >= 2);
        assert.deepEqual(await client.codes(echo.message_id, '220'), ['101', '200', '220']);
    });

    test('loses nothing while the carrier drops connections again and again', async () => {
        let count = 0;
        carrier.onSubmit = (submit) => {
            if (++count % 7 === 0) return carrier.drop();
            return carrier.accept(submit) && insist(() => carrier.receipt(submit));
        };
        const echoes = await client.send(...Array.from({length: 50}, (_, i) => (
            {content: `storm ${i}`, destination_number: newHandset()})));
        for (const {message_id} of echoes) await client.reaches(message_id, 'delivered', 60_000);
    });

    test('keeps to its window', async () => {
        let most = 0, open = 0;
        carrier.onSubmit = async (submit) => {
            most = Math.max(most, ++open);
            await pause(5);
            --open;
            ordinary(submit);
        };
        const echoes = await client.send(...Array.from({length: 60}, () => (
            {content: 'window', destination_number: newHandset()})));
        for (const {message_id} of echoes) await client.reaches(message_id, 'delivered');
        assert.ok(most > 1 && most <= 10, `${most} in flight`);
    });

    test('sends again, without a report, what was throttled', async () => {
        let refusals = 0;
        carrier.onSubmit = (submit) => {
            if (refusals < 3) return carrier.refuse(submit, [0x58, 0x14, 0x08][refusals++]);
            return ordinary(submit);
        };
        const {message_id} = await send({});
        await client.reaches(message_id, 'delivered', 60_000);
        assert.equal(refusals, 3);
        assert.deepEqual(await client.codes(message_id, '220'), ['101', '200', '220']);
    });

    test('tells refusals by their code', async () => {
        for (const [command_status, status, code] of [[0x0a, 'rejected', '410'], [0x0b, 'rejected', '411'],
            [0x45, 'rejected', '402'], [0x01, 'failed', '331']]) {
            carrier.onSubmit = (submit) => carrier.refuse(submit, command_status);
            const {message_id} = await send({});
            await client.reaches(message_id, status);
            assert.deepEqual(await client.codes(message_id, code), ['101', code]);
        }
    });

    test('reads receipts by text alone, padded, out of order, and with text that looks like fields', async () => {
        for (const form of [
            (id) => `id:${id} sub:001 dlvrd:001 submit date:2611201103 done date:2611201104 stat:DELIVRD err:000 ` +
                'text:id:7 stat:UNDELIV',
            (id) => `ID:${id} STAT:DELIVRD ERR:0`, (id) => `stat:DELIVERED done date:261120110400 id:${id} text:`,
        ]) {
            carrier.onSubmit = (submit) => {
                carrier.accept(submit);
                carrier.receipt(submit, 'DELIVRD', {tlv: false, how: {short_message: form(submit.id)}});
            };
            const {message_id} = await send({});
            await client.reaches(message_id, 'delivered');
        }
    });

    test('tells each step that the carrier tells, and none twice', async () => {
        carrier.onSubmit = async (submit) => {
            carrier.accept(submit);
            for (const stat of ['ACCEPTD', 'ENROUTE', 'ENROUTE', 'DELIVRD', 'DELIVRD', 'ENROUTE', 'UNDELIV']) {
                await carrier.receipt(submit, stat);
            }
        };
        const {message_id} = await send({});
        const answered = carrier.answered.entries.length;
        await until('seven answers', () => carrier.answered.entries.length >= answered + 7);
        assert.deepEqual(await client.codes(message_id, '220'), ['101', '200', '210', '211', '220']);
        assert.equal(await client.status(message_id), 'delivered');
    });

    test('keeps a receipt that fits no message, and answers it', async () => {
        const stray = {pdu: {destination_addr: '61491570399', source_addr: '61491570157'}, id: 'nobody-knows-this'};
        assert.equal((await carrier.receipt(stray)).command_status, 0);
    });

    test('makes replies of deliver_sm, whatever their letters', async () => {
        for (const [text, how] of [['Yes', {data_coding: 0}], ['5 € {ok}', {data_coding: 0}],
            ['Ja, größer', {data_coding: 3}], ['Да 😀', {data_coding: 8}]]) {
            const {message_id, destination_number} = await send({metadata: {text}});
            await client.reaches(message_id, 'delivered');
            const answer = await carrier.reply(destination_number, from, text, how);
            assert.equal(answer.command_status, 0);
            assert.ok(!answer.message_id);
            const [reply] = await client.repliesTo(message_id);
            assert.equal(reply?.content, text, 'the reply is there once deliver_sm is answered');
            assert.deepEqual(reply.metadata, {text});
        }
    });

    test('joins the parts of a reply by UDH of 8 and 16 bits and by sar fields, in any order', async () => {
        const texts = ['First part, ', 'second part, ', 'third and last.'];
        const how = {
            udh8: (i) => ({short_message: {udh: Buffer.from([5, 0, 3, 77, 3, i + 1]), message: texts[i]}}),
            udh16: (i) => ({short_message: {udh: Buffer.from([6, 8, 4, 1, 77, 3, i + 1]), message: texts[i]}}),
            sar: (i) => ({
                short_message: texts[i], sar_msg_ref_num: 78, sar_total_segments: 3, sar_segment_seqnum: i + 1,
            }),
        };
        for (const [name, part] of Object.entries(how)) {
            const {message_id, destination_number} = await send({});
            await client.reaches(message_id, 'delivered');
            for (const i of [2, 0, 2]) {
                const answer = await carrier.reply(destination_number, from, '', {data_coding: 0, ...part(i)});
                assert.equal(answer.command_status, 0);
                assert.deepEqual(await client.repliesTo(message_id), [], `${name}: no reply before the last part`);
            }
            await carrier.reply(destination_number, from, '', {data_coding: 0, ...part(1)});
            assert.deepEqual((await client.repliesTo(message_id)).map(({content}) => content), [texts.join('')], name);
        }
    });

    test('answers enquire_link, and refuses what it does not know', async () => {
        const session = await carrier.receiver();
        const answer = await new Promise((resolve) => session.enquire_link(resolve));
        assert.equal(answer.command, 'enquire_link_resp');
        const refusal = await new Promise((resolve) => session.query_sm({message_id: 'x'}, resolve));
        assert.notEqual(refusal.command_status, 0);
    });

    test('comes back after the carrier was away, with its backlog', async () => {
        const {port} = carrier;
        await carrier.close();
        const echo = await send({content: 'Patience'});
        assert.equal(await client.status(echo.message_id), 'enroute');
        carrier = await Carrier.start(port);
        await client.reaches(echo.message_id, 'delivered', 60_000);
    });
});

test('a pair of binds sends by one and receives by the other', async () => {
    carrier = await Carrier.start();
    gateway = await Gateway.start({config: linkTo(carrier, {bind: 'pair'})});
    client = gateway.client;
    try {
        const {message_id, destination_number} = await send({});
        await client.reaches(message_id, 'delivered');
        const kinds = carrier.binds.entries.map(({pdu}) => pdu.command).sort();
        assert.deepEqual(kinds, ['bind_receiver', 'bind_transmitter']);
        assert.ok(carrier.submits.entries.every(({session}) => session.kind === 'bind_transmitter'));
        assert.equal((await carrier.reply(destination_number, from, 'By the other')).command_status, 0);
        assert.equal((await client.replies())[0].content, 'By the other');
    } finally {
        await gateway.close();
        await carrier.close();
    }
});
