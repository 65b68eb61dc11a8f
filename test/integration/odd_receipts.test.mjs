// SPDX-License-Identifier: Apache-2.0
// Receipts as single carriers write them, byte by byte: each is accounted for. It moves its message, or the message's
// trace or the list of links shows why it does not, or it is refused with a status that tells the carrier its fault.
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';
import {Gateway, linkTo} from '../peers/gateway.mjs';
import {RawCarrier, pdu, shortMessage, text, tlv} from '../peers/raw_smpp.mjs';
import {until} from '../peers/wait.mjs';

const source_number = '+61491570157';
const tags = {receipted_message_id: 0x001E, message_payload: 0x0424, message_state: 0x0427};
let carrier, gateway, client, auth, last = 0, lastSequence = 0;

before(async () => {
    carrier = await RawCarrier.start();
    const receipt_states = {PARKED: 212, NOCRED: 414};
    gateway = await Gateway.start({sandbox: true, config: linkTo(carrier, {receipt_states, in_doubt_wait_s: 60})});
    client = gateway.client;
    auth = `Bearer ${await gateway.adminToken()}`;
    await carrier.session();
});
after(async () => {
    await gateway.close();
    await carrier.close();
});

const ucs2 = (text) => Buffer.from(text, 'utf16le').swap16().toString('latin1');
const header = '\x05\x00\x03\x07\x02\x01';
const id = (value) => tlv(tags.receipted_message_id, text(value));
const state = (...octets) => tlv(tags.message_state, Buffer.from(octets));
const payload = (content) => tlv(tags.message_payload, Buffer.from(content, 'latin1'));
const links = async () => (await client.get('/admin/v1/links', {auth})).json.links;
const link = async () => (await links()).find(({name}) => name === 'carrier');
const steps = async (message) =>
    (await client.get(`/admin/v1/messages/${message}/trace`, {auth})).json.steps.map(({what}) => what);

// A message that the carrier has: {message_id, id (the carrier's), handset}. `ids`: of its parts.
async function submitted({handset = `64210${String(++last).padStart(6, '0')}`, ids, content = `Odd ${++last}`} = {}) {
    const given = ids ?? [`odd${last}`];
    const mine = [];
    carrier.onSubmit = ({session, frame}) => {
        if (frame.body.includes(handset)) mine.push(frame);
        session.send(pdu('submit_sm_resp', {sequence: frame.sequence, body: text(given[mine.length - 1] ?? 'none')}));
    };
    const [{message_id}] = await client.send({content, source_number, destination_number: `+${handset}`,
        delivery_report: true});
    await client.reaches(message_id, 'submitted');
    return {message_id, id: given[0], handset};
}

// Gives the command_status of the answer.
async function deliver(body, command = 'deliver_sm') {
    const session = await carrier.session();
    const {status} = await session.ask(command, {sequence: ++lastSequence, body});
    return status;
}
const receipt = ({handset}, how) =>
    shortMessage({from: handset, to: '61491570157', esm_class: 0x04, content: '', ...how});

const delivered = (id) => `id:${id} sub:001 dlvrd:001 stat:DELIVRD err:000 text:`;
const cases = [];
const add = (what, status, how) => cases.push({what, status, how});
for (const data_coding of [0x00, 0x01, 0x03, 0x04, 0x05, 0x08, 0x0E, 0x18, 0x48, 0xF1]) {
    for (const [alphabet, write] of [['ASCII', (text) => text], ['UCS-2', ucs2],
        ['UCS-2, little-endian', (text) => Buffer.from(`\uFEFF${text}`, 'utf16le').toString('latin1')]]) {
        const under = `${alphabet} under data_coding ${data_coding}`;
        add(under, 'delivered', (id) => ({data_coding, content: write(delivered(id))}));
        add(`${under}, behind a header`, 'delivered', (id) => (
            {data_coding, esm_class: 0x44, content: header + write(delivered(id))}));
        add(`${under}, in message_payload`, 'delivered', (id) => (
            {data_coding, tlvs: [payload(write(delivered(id)))]}));
        add(`${under}, in message_payload behind a header`, 'delivered', (id) => (
            {data_coding, esm_class: 0x44, tlvs: [payload(header + write(delivered(id)))]}));
    }
}
for (const esm_class of [0x00, 0x03, 0x04, 0x08, 0x10, 0x18, 0x20]) {
    add(`an id as parameter under esm_class ${esm_class}`, 'delivered', (value) => (
        {esm_class, content: 'stat:DELIVRD', tlvs: [id(value)]}));
    add(`parameters and no text under esm_class ${esm_class}`, 'delivered', (value) => (
        {esm_class, tlvs: [id(value), state(2)]}));
}
for (const octet of [0, 9, 10, 48, 255]) {
    add(`message_state ${octet} beside a word`, 'delivered', (id) => ({content: delivered(id), tlvs: [state(octet)]}));
}
add('message_state of two octets', 'delivered', (id) => ({content: delivered(id), tlvs: [state(1, 5)]}));
add('message_state of no octet', 'delivered', (id) => ({content: delivered(id), tlvs: [state()]}));
add('message_state that says otherwise', 'failed', (id) => ({content: delivered(id), tlvs: [state(5)]}));
for (const [word, status] of Object.entries({
    SYSERR: 'failed', 'EXP-MSG-Q-EXD': 'expired', UNDLVRD: 'failed', BLACKLST: 'rejected', DND_REJECTED: 'rejected',
    NOCRED: 'rejected', REJECTD: 'rejected', 'ABSENT-SUB': 'rejected', UNDELIVERABLE: 'failed', DLVRD: 'delivered',
    delivrd: 'delivered', DELIVERED: 'delivered', SENT: 'submitted', QUEUED: 'submitted', BUFFRED: 'submitted',
    PARKED: 'submitted', SINGING: 'submitted', DELIVERY: 'submitted',
})) add(`the word ${word}`, status, (id) => ({content: `id:${id} stat:${word} err:000`}));
for (const [what, bytes] of [['of one octet', [0x04]], ['without a length', [0x04, 0x27]],
    ['without a value', [0x04, 0x27, 0, 1]], ['beyond the end', [0x14, 0x01, 0, 9, 1]],
    ['of 65,535 octets', [0x00, 0x1E, 0xFF, 0xFF, 0x61]]]) {
    add(`a parameter ${what}`, 'delivered', (id) => ({content: delivered(id), tlvs: [Buffer.from(bytes)]}));
}
add('an unknown id as parameter, and the right one in the text', 'delivered', (value) => (
    {content: delivered(value), tlvs: [id('another')]}));
add('the right id as parameter, and an unknown one in the text', 'delivered', (value) => (
    {content: delivered('another'), tlvs: [id(value)]}));
add('no id', 'delivered', () => ({content: 'sub:001 stat:DELIVRD err:000'}));
add('an empty id', 'delivered', () => ({content: 'id: stat:DELIVRD err:000', tlvs: [id('')]}));
add('the numbers as submitted', 'delivered', (id, {handset}) => (
    {from: '61491570157', to: handset, content: delivered(id)}));
add('no numbers', 'delivered', (id) => ({from: '', to: '', content: delivered(id)}));
add('the number of the carrier', 'delivered', (id) => ({from: '12345', content: delivered(id)}));
add('the number in national form', 'delivered', (id, {handset}) => (
    {from: handset.replace(/^64/, '0'), content: delivered(id)}));

describe('a receipt', () => {
    test('of each known kind is accounted for', async () => {
        for (const {what, status, how} of cases) {
            const message = await submitted();
            assert.equal(await deliver(receipt(message, how(message.id, message))), 0, what);
            if (status === 'submitted') {
                const said = await until(`a step for ${what}`, async () => {
                    const last = (await steps(message.message_id)).at(-1);
                    return last.startsWith('receipt for') && last;
                });
                assert.match(said, new RegExp(`^receipt for ${message.id}`));
                assert.equal(await client.status(message.message_id), 'submitted', what);
            } else {
                await until(`${status} by ${what}`, async () => (await client.status(message.message_id)) === status);
            }
        }
        assert.ok(cases.length > 150, `${cases.length}`);
    });

    test('in a data_sm is one, too', async () => {
        const message = await submitted();
        const body = Buffer.concat([text(''), Buffer.from([1, 1]), text(message.handset), Buffer.from([1, 1]),
            text('61491570157'), Buffer.from([0x44, 0, 8]), payload(header + delivered(message.id))]);
        assert.equal(await deliver(body, 'data_sm'), 0);
        await client.reaches(message.message_id, 'delivered');
    });

    test('in words that nobody knows is counted by its word, told once, and shown', async () => {
        const unknown = await until('the words', async () => {
            const words = Object.fromEntries((await link()).unknown_words.map(({word, count}) => [word, count]));
            return words.SINGING && words.DELIVERY && words;
        });
        const before = unknown.SINGING;
        const message = await submitted();
        for (let i = 0; i < 3; ++i) await deliver(receipt(message, {content: `id:${message.id} stat:singing`}));
        await until('the count', async () =>
            (await link()).unknown_words.find(({word}) => word === 'SINGING').count === before + 3);
        assert.equal(gateway.program.err.match(/receipts say SINGING, which nobody knows/g).length, 1);
        const {text: metrics} = await client.get('/metrics', {auth: null});
        assert.match(metrics, /tidings_link_unknown_words_total\{link="carrier",word="SINGING"\} \d/);
    });

    test('whose text is lost in a parameter beyond the end is refused as such', async () => {
        const cut = tlv(tags.message_payload, Buffer.from('id:'), 99);
        const body = shortMessage({esm_class: 0x04, content: '', tlvs: [cut]});
        assert.equal(await deliver(body), 0xC0);
    });

    test('of a reply with a broken parameter lets the reply through', async () => {
        const {message_id, handset} = await submitted();
        const body = shortMessage({from: handset, content: 'Yes, please', tlvs: [tlv(0x1401, Buffer.from('x'), 99)]});
        assert.equal(await deliver(body), 0);
        assert.equal((await client.replyTo(message_id)).content, 'Yes, please');
    });
});

describe('one id', () => {
    test('on messages to several handsets is that of the one whose numbers fit', async () => {
        const [one, two] = [await submitted({ids: ['0']}), await submitted({ids: ['0']})];
        await deliver(receipt(one, {content: delivered('0')}));
        await client.reaches(one.message_id, 'delivered');
        await deliver(receipt({handset: '642109999999'}, {content: delivered('0')}));
        await deliver(receipt(two, {content: 'id:0 stat:UNDELIV'}));
        await client.reaches(two.message_id, 'failed');
    });

    test('of all parts of a message is that of the whole', async () => {
        const message = await submitted({ids: ['same', 'same', 'same'], content: 'x'.repeat(400)});
        await deliver(receipt(message, {content: delivered('same')}));
        await client.reaches(message.message_id, 'delivered');
    });

    test('that is empty names no message: with two to one handset none is guessed', async () => {
        const one = await submitted({ids: ['']});
        const two = await submitted({ids: [''], handset: one.handset});
        const other = await submitted({ids: ['']});
        await deliver(receipt(one, {content: 'id: stat:DELIVRD'}));
        await deliver(receipt(other, {content: 'stat:DELIVRD'}));
        await client.reaches(other.message_id, 'delivered');
        for (const {message_id} of [one, two]) assert.equal(await client.status(message_id), 'submitted');
    });
});
