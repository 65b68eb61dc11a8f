// SPDX-License-Identifier: Apache-2.0
// Replies as handsets and carriers really send them: cut anywhere, in parts of several codings, in alphabets of other
// scripts, as acknowledgements. npm smpp carries the octets; how they are coded, Node says.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {Carrier, smpp} from '../peers/carrier.mjs';
import {Gateway, linkTo} from '../peers/gateway.mjs';
import {until} from '../peers/wait.mjs';

const from = '+61491570157';
let carrier, gateway, client, lastHandset = 491572000, lastReference = 0;

// A gateway with one link of these settings, for as long as `run` takes.
const onLink = (name, settings, run) => test(name, async () => {
    carrier = await Carrier.start();
    gateway = await Gateway.start({config: linkTo(carrier, settings)});
    client = gateway.client;
    try {
        await run();
    } finally {
        await gateway.close();
        await carrier.close();
    }
});

// A message that a handset has, to reply to.
async function delivered() {
    const [message] = await client.send({
        content: 'Hello', destination_number: `+61${++lastHandset}`, source_number: from, delivery_report: true,
    });
    await client.reaches(message.message_id, 'delivered');
    return message;
}

const isOk = (answer) => assert.equal(answer.command_status, 0);

// Forms of long messages: what stands around part `i` of `total`.
const forms = {
    udh8: (reference, total, i, octets) => ({
        short_message: {udh: Buffer.from([5, 0, 3, reference & 255, total, i + 1]), message: octets},
    }),
    udh16: (reference, total, i, octets) => ({
        short_message: {udh: Buffer.from([6, 8, 4, reference >> 8, reference & 255, total, i + 1]), message: octets},
    }),
    sar: (reference, total, i, octets) => ({
        short_message: octets, sar_msg_ref_num: reference, sar_total_segments: total, sar_segment_seqnum: i + 1,
    }),
    payload: (reference, total, i, octets) => ({
        short_message: Buffer.alloc(0), message_payload: octets, sar_msg_ref_num: reference,
        sar_total_segments: total, sar_segment_seqnum: i + 1,
    }),
};

// Parts are {octets, how}; they are sent last first. The content of the one reply that they make.
async function joined(parts, form = forms.udh8, between = () => {}) {
    const {message_id, destination_number} = await delivered();
    const reference = ++lastReference;
    for (const [i, {octets, how}] of [...parts.entries()].reverse()) {
        isOk(await carrier.reply(destination_number, from, '',
            {data_coding: 0, ...how, ...form(reference, parts.length, i, octets)}));
        await between(i);
    }
    const replies = await client.repliesTo(message_id);
    assert.equal(replies.length, 1);
    return replies[0].content;
}

const cut = (octets, size, how) => Array.from({length: Math.ceil(octets.length / size)}, (_, i) => (
    {octets: octets.subarray(i * size, (i + 1) * size), how}));
const ucs2 = (text) => Buffer.from(text, 'utf16le').swap16();
const gsm7 = (text) => smpp.encodings.ASCII.encode(text);

onLink('joins octets before it reads them, wherever they were cut', {}, async () => {
    const emoji = '😀 жук 👍🏽 ok';
    for (const form of Object.values(forms)) {
        for (const size of [1, 2, 3, 5]) {
            assert.equal(await joined(cut(ucs2(emoji), size, {data_coding: 8}), form), emoji);
        }
        assert.equal(await joined(cut(gsm7('5 € {[~]}'), 1, {data_coding: 0}), form), '5 € {[~]}');
    }
    const turkish = (octets, i) => ({
        octets, how: {}, form: {udh: Buffer.from([11, 0, 3, 200, 2, i + 1, 0x24, 1, 1, 0x25, 1, 1]), message: octets},
    });
    const parts = [Buffer.from([0x1C, 0x1B]), Buffer.from([0x69])].map(turkish);
    assert.equal(await joined(parts, (reference, total, i) => ({short_message: parts[i].form})), 'Şı');
});

onLink('keeps parts as octets over a restart', {}, async () => {
    const text = '😀👍';
    const restart = async (i) => {
        if (i !== 1) return;
        await gateway.stop();
        await gateway.launch();
        client = gateway.client;
        await carrier.receiver();
    };
    assert.equal(await joined(cut(ucs2(text), 2, {data_coding: 8}).slice(0, 4), forms.udh16, restart), text);
});

// Septets as bits, the first one lowest, behind as many fill bits as the header needs.
function packed(septets, fillBits) {
    const bits = [...septets].map((septet) => septet.toString(2).padStart(7, '0')).reverse().join('') +
        '0'.repeat(fillBits);
    const whole = bits.padStart(Math.ceil(bits.length / 8) * 8, '0');
    return Buffer.from(whole.match(/.{8}/g).reverse().map((octet) => parseInt(octet, 2)));
}

onLink('joins packed septets, whatever their fill bits', {charset: 'gsm7-packed'}, async () => {
    for (const text of [`${'a'.repeat(152)}@b`, `${'a'.repeat(152)}€b`, `${'a'.repeat(151)}€b`, 'short']) {
        const septets = gsm7(text);
        for (const [form, fillBits] of [[forms.udh8, 1], [forms.udh16, 0]]) {
            const parts = cut(septets, 153 - (form === forms.udh16), {}).map(({octets}) => (
                {octets: packed(octets, fillBits), how: {data_coding: 0}}));
            if (parts.length === 1) parts.push({octets: packed(gsm7('!'), fillBits), how: {data_coding: 0}});
            const expected = text === 'short' ? 'short!' : text;
            assert.equal(await joined(parts, form), expected);
        }
    }
    // Its sender left the ESC pair whole, and seven bits over.
    const parts = ['a'.repeat(152), '€b'].map((text) => ({octets: packed(gsm7(text), 1), how: {data_coding: 0}}));
    assert.equal(await joined(parts), `${'a'.repeat(152)}€b`);
});

onLink('reads parts in different codings apart', {}, async () => {
    assert.equal(await joined([
        {octets: gsm7('five €'), how: {data_coding: 0}}, {octets: ucs2(' жук '), how: {data_coding: 8}},
        {octets: Buffer.from('café', 'latin1'), how: {data_coding: 3}},
    ]), 'five € жук café');
});

onLink('knows references of 8 and of 16 bits apart', {}, async () => {
    const {message_id, destination_number} = await delivered();
    const say = async (form, i, text) => isOk(await carrier.reply(destination_number, from, '',
        {data_coding: 0, ...form(7, 2, i, gsm7(text))}));
    await say(forms.udh8, 0, 'eight ');
    await say(forms.udh16, 1, 'sixteen');
    assert.deepEqual(await client.repliesTo(message_id), []);
    await say(forms.udh16, 0, 'and ');
    await say(forms.udh8, 1, 'bits');
    assert.deepEqual((await client.repliesTo(message_id)).map(({content}) => content).sort(),
        ['and sixteen', 'eight bits']);
});

// One reply of these octets: its content.
async function read(octets, how) {
    const {message_id, destination_number} = await delivered();
    isOk(await carrier.reply(destination_number, from, '', {short_message: octets, ...how}));
    const replies = await client.repliesTo(message_id);
    assert.equal(replies.length, 1, JSON.stringify(how));
    return {message_id, content: replies[0].content};
}

onLink('makes replies of acknowledgements that have a text', {}, async () => {
    for (const esm_class of [0x08, 0x10, 0x18]) {
        const {content} = await read(gsm7('I read it'), {data_coding: 0, esm_class});
        assert.equal(content, 'I read it', `esm_class ${esm_class}`);
    }
    const auth = `Bearer ${await gateway.adminToken()}`;
    const {message_id, destination_number} = await delivered();
    isOk(await carrier.reply(destination_number, from, Buffer.alloc(0), {esm_class: 0x08}));
    assert.deepEqual(await client.repliesTo(message_id), []);
    const {json} = await client.get(`/admin/v1/messages/${message_id}/trace`, {auth});
    assert.ok(json.steps.some(({what}) => what === 'acknowledged by the handset, esm_class 08'));
    const parts = cut(ucs2('👍👍'), 2, {data_coding: 8, esm_class: 0x48});
    assert.equal(await joined(parts), '👍👍');
});

onLink('reads the alphabets of other scripts, and marks of byte order', {}, async () => {
    const little = Buffer.concat([Buffer.from([0xFF, 0xFE]), Buffer.from('жук 😀', 'utf16le')]);
    // Octets: Python's codecs.
    for (const [data_coding, octets, content] of [
        [0x08, little, 'жук 😀'], [0x08, Buffer.concat([Buffer.from([0xFE, 0xFF]), ucs2('жук')]), 'жук'],
        [0x18, ucs2('жук'), 'жук'], [0x48, ucs2('жук'), 'жук'], [0x58, ucs2('жук'), 'жук'],
        [0x40, gsm7('5 €'), '5 €'], [0x05, Buffer.from('93fa967b8cea', 'hex'), '日本語'],
        [0x05, Buffer.from('c6fccbdcb8ec', 'hex'), '日本語'],
        [0x0A, Buffer.from('1b2442467c4b5c386c1b2842', 'hex'), '日本語'],
        [0x06, Buffer.from('bfe0d8d2d5e2', 'hex'), 'Привет'], [0x07, Buffer.from('f9ece5ed', 'hex'), 'שלום'],
        [0x0E, Buffer.from('bec8b3e7', 'hex'), '안녕'],
    ]) {
        assert.equal((await read(octets, {data_coding})).content, content, `data_coding ${data_coding}`);
    }
    assert.equal(await joined(cut(Buffer.from('93fa967b8cea', 'hex'), 3, {data_coding: 5})), '日本語');
    assert.equal(await joined(cut(little, 5, {data_coding: 8})), 'жук 😀');
});

onLink('keeps what is no text, and says so in the trace', {}, async () => {
    const auth = `Bearer ${await gateway.adminToken()}`;
    for (const [data_coding, octets, content] of [
        [0x04, Buffer.from([0, 1, 255]), '0001ff'], [0x09, Buffer.from('text'), 'text'],
        [0x68, Buffer.from([0xC8, 0x32, 0x9B]), 'c8329b'],
    ]) {
        const reply = await read(octets, {data_coding});
        assert.equal(reply.content, content);
        const {json} = await client.get(`/admin/v1/messages/${reply.message_id}/trace`, {auth});
        assert.ok(json.steps.some(({what}) => what.startsWith('a reply came as data, data_coding')),
            JSON.stringify(json.steps));
    }
});

test('a handset of the sandbox sends and gets long texts, whatever their letters', async () => {
    gateway = await Gateway.start();
    client = gateway.client;
    try {
        const handset = '+61491572999';
        const content = '👨‍👩‍👧 '.repeat(60);
        const [{message_id}] = await client.send({content, destination_number: handset, source_number: from});
        await client.reaches(message_id, 'delivered');
        const path = `/sandbox/handsets/${encodeURIComponent(handset)}/messages`;
        assert.equal((await client.get(path)).json.messages.at(-1).content, content);
        assert.ok((await client.post(path, {to: from, content})).status < 300);
        const [reply] = await until('the reply', async () => {
            const replies = await client.repliesTo(message_id);
            return replies.length > 0 && replies;
        });
        assert.equal(reply.content, content);
    } finally {
        await gateway.close();
    }
});
