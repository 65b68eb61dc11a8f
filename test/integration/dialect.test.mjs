// SPDX-License-Identifier: Apache-2.0
// Links to carriers that write texts, parts, numbers and receipts in their own ways; npm smpp reads and writes them.
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {Carrier, concatenation, smpp} from '../peers/carrier.mjs';
import {Gateway, linkTo} from '../peers/gateway.mjs';

const from = '+61491570157';
let carrier, client, lastHandset = 491570400;

// A gateway with one link of these settings, for as long as `run` takes.
async function onLink(settings, run) {
    carrier = await Carrier.start();
    const gateway = await Gateway.start({config: linkTo(carrier, settings)});
    client = gateway.client;
    try {
        await run();
    } finally {
        await gateway.close();
        await carrier.close();
    }
}

async function send(fields) {
    const destination_number = `+61${++lastHandset}`;
    return (await client.send({
        content: 'Hello', destination_number, source_number: from, delivery_report: true, ...fields,
    }))[0];
}

// The submits of a message, all of them, in the order of their numbers; how many there are stands in the first.
async function submitsOf({destination_number}) {
    const ours = ({pdu}) => pdu.destination_addr === destination_number.replace('+', '');
    const first = await carrier.submits.waitFor('a submit', ours);
    const total = first.pdu.sar_total_segments ?? concatenation(first.udh)?.total ?? 1;
    const all = await carrier.submits.waitForMany('all parts', total, ours);
    const number = ({pdu, udh}) => pdu.sar_segment_seqnum ?? concatenation(udh)?.number ?? 1;
    return [...all].sort((a, b) => number(a) - number(b));
}

// GSM 7-bit packing, by strings of bits.
const toBits = (value, size) => value.toString(2).padStart(size, '0');
const fillFor = (udh) => (7 - (udh ? 8 * (1 + udh.reduce((sum, element) => sum + element.length, 0)) : 0) % 7) % 7;
function unpacked(octets, udh) {
    const bits = [...octets].map((octet) => toBits(octet, 8)).reverse().join('');
    const septets = bits.slice(0, bits.length - fillFor(udh)).split('').reverse().join('').match(/.{7}/g);
    const text = smpp.encodings.ASCII.decode(
        Buffer.from(septets.map((septet) => parseInt(septet.split('').reverse().join(''), 2))));
    return text.replace(/\r$/, '');
}
function packed(text) {
    const septets = [...smpp.encodings.ASCII.encode(text)].map((septet) => toBits(septet, 7));
    const bits = septets.reverse().join('');
    const whole = bits.padStart(Math.ceil(bits.length / 8) * 8, '0');
    return Buffer.from(whole.match(/.{8}/g).reverse().map((octet) => parseInt(octet, 2)));
}

// How node-smpp is to read data_coding 0, and what our texts may hold then.
smpp.encodings.OCTETS = {match: () => false, encode: (value) => value, decode: (value) => value};
const charsets = {
    gsm7: {encoding: 'ASCII', text: 'Größe {5 €} ', beyond: 'ê', read: (text) => text, write: (text) => text},
    'gsm7-packed': {encoding: 'OCTETS', text: 'Größe {5 €} ', beyond: 'ê', read: unpacked, write: packed},
    latin1: {encoding: 'LATIN1', text: 'Größe, vê ~', beyond: '€', read: (text) => text, write: (text) => text},
    ascii: {encoding: 'LATIN1', text: '[~] plain\t', beyond: 'é', read: (text) => text, write: (text) => text},
};
const forms = {
    udh8: ({pdu, udh}) => pdu.esm_class & 0x40 && udh[0][0] === 0 && udh[0].length === 5,
    udh16: ({pdu, udh}) => pdu.esm_class & 0x40 && udh[0][0] === 8 && udh[0].length === 6,
    sar: ({pdu, udh}) => !udh && pdu.sar_msg_ref_num !== undefined,
    payload: ({pdu, udh}) => !udh && pdu.message_payload && pdu.short_message.message.length === 0,
};

describe('long messages and replies', () => {
    for (const [charset, long_messages] of [
        ['gsm7', 'udh8'], ['gsm7', 'udh16'], ['gsm7', 'sar'], ['gsm7', 'payload'], ['gsm7-packed', 'udh8'],
        ['gsm7-packed', 'udh16'], ['gsm7-packed', 'sar'], ['gsm7-packed', 'payload'], ['latin1', 'udh8'],
        ['latin1', 'payload'], ['ascii', 'sar'],
    ]) {
        test(`in ${charset} by ${long_messages}`, () => onLink({charset, long_messages}, async () => {
            const {encoding, text, beyond, read, write} = charsets[charset];
            smpp.encodings.default = encoding;
            try {
                const long = await send({content: text.repeat(40)});
                const parts = await submitsOf(long);
                assert.equal(parts.length > 1, long_messages !== 'payload');
                assert.equal(parts.map((part) => read(part.text, part.udh)).join(''), text.repeat(40));
                assert.ok(parts.every((part) => forms[long_messages](part) && part.pdu.data_coding === 0));
                const reference = ({pdu, udh}) => pdu.sar_msg_ref_num ?? concatenation(udh)?.reference;
                assert.equal(new Set(parts.map(reference)).size, 1);
                await client.reaches(long.message_id, 'delivered');
                assert.deepEqual(await client.codes(long.message_id, '220'), ['101', '200', '220']);

                const [short] = await submitsOf(await send({content: text}));
                assert.equal(read(short.text), text);
                assert.equal(short.udh ?? short.pdu.message_payload ?? short.pdu.sar_msg_ref_num, undefined);

                const wide = await submitsOf(await send({content: beyond.repeat(100)}));
                assert.equal(wide.map((part) => part.text).join(''), beyond.repeat(100));
                assert.ok(wide.every((part) => forms[long_messages](part) && part.pdu.data_coding === 8));

                await carrier.reply(long.destination_number, from, write(text), {data_coding: 0});
                assert.deepEqual((await client.repliesTo(long.message_id)).map(({content}) => content), [text]);
            } finally {
                smpp.encodings.default = 'ASCII';
            }
        }));
    }
});

test('names numbers and the charset as the link wants', () => onLink(
    {international: '2/8', shortcode: '6/0', alphanumeric: '5/1', data_coding: 241}, async () => {
        for (const [source_number, ton, npi] of [['Tidings', 5, 1], ['12345', 6, 0], ['61491570157', 2, 8]]) {
            const [{pdu}] = await submitsOf(await send({source_number}));
            assert.deepEqual([pdu.source_addr_ton, pdu.source_addr_npi], [ton, npi]);
            assert.deepEqual([pdu.dest_addr_ton, pdu.dest_addr_npi], [2, 8]);
            assert.equal(pdu.data_coding, 241);
        }
    }));

for (const validity_absolute of [false, true]) {
    test(`tells the expiry in ${validity_absolute ? 'absolute' : 'relative'} time, within limits`, () => onLink(
        {validity_absolute, validity_min_s: 600, validity_max_s: 7200}, async () => {
            for (const [given, told] of [[60, 600], [3600, 3600], [100_000, 7200]]) {
                const now = Date.now();
                const message_expiry_timestamp = new Date(now + given * 1000).toISOString();
                const [{pdu}] = await submitsOf(await send({message_expiry_timestamp}));
                assert.ok(Math.abs(pdu.validity_period - now - told * 1000) < 30_000, `${pdu.validity_period}`);
            }
        }));
}

describe('ids in receipts', () => {
    const hex = (number) => number.toString(16).toUpperCase().padStart(10, '0');
    for (const [receipt_id, response, receipt] of [
        ['auto', hex, (number) => `${number}`], ['auto', (number) => `${number}`, hex],
        ['auto', hex, (number) => number.toString(16)], ['same', hex, (number) => number.toString(16)],
        ['decimal', hex, (number) => `${number}`], ['hex', (number) => `${number}`, hex],
        // An integer of 32 bits with a sign, and one of more than 64 bits.
        ['auto', (number) => (0xFFFFFFFF - number).toString(16), (number) => `${-1 - number}`],
        ['auto', (number) => (2n ** 100n + BigInt(number)).toString(16), (number) => `${2n ** 100n + BigInt(number)}`],
    ]) {
        const title = `${response(74565)} in the response and ${receipt(74565)} in the receipt (${receipt_id})`;
        test(title, () => onLink({receipt_id}, async () => {
            let number = 74000;
            carrier.onSubmit = (submit) => {
                ++number;
                carrier.accept({...submit, id: response(number)});
                carrier.receipt({...submit, id: receipt(number)});
            };
            for (let i = 0; i < 8; ++i) {
                const {message_id} = await send({content: `number ${i}`});
                await client.reaches(message_id, 'delivered');
            }
        }));
    }
});

test('reads errors and dates of receipts by the table and the zone of the link', () => onLink(
    {receipt_errors: {'001': 411, '01B': 414}, receipt_zone: 'Australia/Brisbane'}, async () => {
        const hour = 3_600_000;
        const done = new Date(Math.floor(Date.now() / 1000) * 1000);
        const shown = new Date(done.getTime() + 10 * hour).toISOString().replace(/\D/g, '').slice(2, 14);
        for (const [err, status, code] of [
            ['001', 'rejected', '411'], ['1b', 'rejected', '414'], ['9', 'failed', '400'],
        ]) {
            carrier.onSubmit = (submit) => {
                carrier.accept(submit);
                const short_message = `id:${submit.id} done date:${shown} stat:UNDELIV err:${err} text:`;
                carrier.receipt(submit, 'UNDELIV', {how: {short_message}});
            };
            const {message_id} = await send({});
            await client.reaches(message_id, status);
            assert.deepEqual(await client.codes(message_id, code), ['101', '200', code]);
            const last = (await client.reportsOf(message_id)).at(-1);
            assert.equal(new Date(last.submitted_date).getTime(), done.getTime());
        }
    }));

test('takes receipts without their mark where the link says so', () => onLink({receipt_unmarked: true}, async () => {
    carrier.onSubmit = (submit) => {
        carrier.accept(submit);
        carrier.receipt(submit, 'DELIVRD', {tlv: false, how: {esm_class: 0}});
    };
    const {message_id} = await send({});
    await client.reaches(message_id, 'delivered');
    assert.deepEqual(await client.replies(), []);
}));

test('reads replies in national languages, in UCS-2 of odd length, in message_payload', () => onLink({}, async () => {
    const language = (element, number, message) => (
        {data_coding: 0, short_message: {udh: Buffer.from([3, element, 1, number]), message}});
    for (const [content, how] of [
        ['Şişli, ığdır {€}', language(0x25, 1, 'Şişli, ığdır {€}')],
        ['Sí, mañana ó á', language(0x24, 2, 'Sí, mañana ó á')],
        ['Não, até amanhã ^', language(0x25, 3, 'Não, até amanhã ^')],
        ['Да\uFFFD', {data_coding: 8, short_message: Buffer.from('0414043000', 'hex')}],
        ['x'.repeat(300), {data_coding: 0, short_message: '', message_payload: 'x'.repeat(300)}],
        ['caf\u00ea', {data_coding: 4, short_message: Buffer.from('636166ea', 'hex')}],
    ]) {
        const {message_id, destination_number} = await send({});
        await client.reaches(message_id, 'delivered');
        assert.equal((await carrier.reply(destination_number, from, '', how)).command_status, 0);
        assert.deepEqual((await client.repliesTo(message_id)).map(({content}) => content), [content]);
    }
}));
