// SPDX-License-Identifier: Apache-2.0
// What carriers and handsets really send, line by line of a table. Each comes as bytes and is accounted for: nothing
// that was answered OK is without an effect.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {Gateway, linkTo} from '../peers/gateway.mjs';
import {RawCarrier, pdu, text, tlv} from '../peers/raw_smpp.mjs';
import {until} from '../peers/wait.mjs';

const ours = '61491570157';
const table = readFileSync(new URL('../vectors/odd_deliver_sm.tsv', import.meta.url), 'utf8');
const rows = table.split('\n').filter((line) => line && !line.startsWith('#')).map((line, i) => {
    const [name, esm_class, data_coding, content, tlvs, expected] = line.split('\t');
    const handset = `6142${String(i).padStart(7, '0')}`;
    return {name, esm_class, data_coding, content, tlvs, expected, handset};
});

const utf16 = (content) => Buffer.from(content, 'utf16le');

function octets(written, id) {
    const header = written.match(/^udh:([0-9A-F]+) ?/);
    if (header) return Buffer.concat([Buffer.from(header[1], 'hex'), octets(written.slice(header[0].length), id)]);
    const [, form, rest] = written.match(/^(?:(ucs2|bom|le):)?(.*)$/s);
    const content = rest.replaceAll('@', id).replaceAll('\\n', '\n').replaceAll('\\0', '\0');
    switch (form) {
    case 'ucs2': return utf16(content).swap16();
    case 'bom': return utf16(`\uFEFF${content}`).swap16();
    case 'le': return utf16(`\uFEFF${content}`);
    }
    const [plain, hex] = content.split('hex:');
    return Buffer.concat([Buffer.from(plain, 'latin1'), Buffer.from(hex ?? '', 'hex')]);
}

function parameters(written, id) {
    if (written.startsWith('raw:')) return Buffer.from(written.slice(4), 'hex');
    const [, before, payload] = written.match(/^(.*?)(?:0424=(.*))?$/s);
    const all = before.split(' ').filter(Boolean).map((each) => {
        const [tag, value] = each.split('=');
        const bytes = value === '@' ? text(id) : value === '@nonul' ? Buffer.from(id) :
            value.startsWith('text:') ? text(value.slice(5)) : Buffer.from(value, 'hex');
        return tlv(parseInt(tag, 16), bytes);
    });
    return Buffer.concat([...all, ...(payload === undefined ? [] : [tlv(0x0424, octets(payload, id))])]);
}

function deliverSm(row, id) {
    const short = octets(row.content, id);
    const [esm_class, data_coding] = [row.esm_class, row.data_coding].map((hex) => parseInt(hex, 16));
    return Buffer.concat([
        text(''), Buffer.from([1, 1]), text(row.handset), Buffer.from([1, 1]), text(ours),
        Buffer.from([esm_class, 0, 0]), text(''), text(''), Buffer.from([0, 0, data_coding, 0, short.length]), short,
        parameters(row.tlvs, id),
    ]);
}

// Where a submit_sm goes.
function destinationOf({body}) {
    // service_type, source, destination: type and plan stand before each number
    return body.toString('latin1').split('\0')[2].slice(2);
}

let carrier, gateway, client;
const ids = new Map();  // by handset

before(async () => {
    carrier = await RawCarrier.start();
    const accept = carrier.onSubmit;
    carrier.onSubmit = (submit) => {
        ids.set(destinationOf(submit.frame), `raw${carrier.submits.entries.length}`);
        accept(submit);
    };
    const config = linkTo(carrier, {window: 100});
    gateway = await Gateway.start({config, sandbox: true});
    client = gateway.client;
    const auth = `Bearer ${await gateway.adminToken()}`;
    const route = await client.put('/admin/v1/routes/all', {link: 'carrier'}, {auth});
    assert.equal(route.status, 200, route.text);
    await carrier.session();
});
after(async () => {
    await gateway?.close();
    await carrier.close();
});

async function sendToAll() {
    const messages = rows.map(({handset}) => ({
        content: 'Hello', destination_number: `+${handset}`, source_number: `+${ours}`, delivery_report: true,
    }));
    const sent = [];
    for (let i = 0; i < messages.length; i += 100) sent.push(...await client.send(...messages.slice(i, i + 100)));
    await until('all at the carrier', () => ids.size === rows.length);
    const last = sent.at(-1).message_id;
    await client.reaches(last, 'submitted');
    return sent.map(({message_id}) => message_id);
}

const kept = (handset) => Number(execFileSync('sqlite3', ['-readonly', join(gateway.data, 'tidings.db'),
    `SELECT count(*) FROM parked_receipts WHERE destination = '${handset}'`]).toString());

// What can be seen of a line: codes after 200, steps of the trace that told of no code, replies, and whether it was
// kept.
async function effects(row, id) {
    const auth = `Bearer ${await gateway.adminToken()}`;
    const {json} = await client.get(`/admin/v1/messages/${id}/trace`, {auth});
    const after = json.steps.slice(json.steps.findIndex(({code}) => code === '200') + 1);
    return {
        codes: after.filter(({code}) => code).map(({code}) => code),
        notes: after.filter(({code}) => !code).map(({what}) => what),
        replies: [...client.heard.values()].filter((reply) => reply.source_number === `+${row.handset}`)
            .map(({content}) => content),
        kept: kept(row.handset),
        status: row.status,
    };
}

const failures = ['400', '401', '402', '403', '405', '410', '411', '412', '413', '414'];
const passing = ['210', '211', '212', '213'];

const kinds = ['report', 'reply-like', 'reply', 'failed', 'not final', 'noted', 'kept or reply', 'kept', 'any reply',
    'any', 'part'];

function fits(expected, {codes, notes, replies, kept}) {
    const [, what, more] = expected.match(`^(${kinds.join('|')})(?: (.*))?$`);
    switch (what) {
    case 'report': return codes.length === 1 && codes[0] === more && !replies.length;
    case 'reply': return replies.length === 1 && replies[0] === more && !codes.length;
    case 'reply-like': return replies.length === 1 && replies[0].startsWith(more) && !codes.length;
    case 'any reply': return replies.length === 1 && !codes.length;
    case 'failed': return codes.length === 1 && failures.includes(codes[0]);
    case 'not final': return codes.length === 1 && passing.includes(codes[0]);
    case 'noted': return !codes.length && !replies.length && notes.length === 1;
    case 'kept': return kept === 1 && !codes.length && !replies.length;
    case 'kept or reply': return !codes.length && (notes.length || replies.length === 1);
    case 'any': return codes.length + notes.length + replies.length + kept > 0;
    case 'part': return !codes.length && !replies.length;
    }
}

test('each of the odd messages of a table is a report, a reply, noted or kept', async () => {
    const messages = await sendToAll();
    const session = await carrier.session();
    for (const [i, row] of rows.entries()) {
        const id = ids.get(row.handset);
        if (row.name.includes(', part ') && !row.name.endsWith('part 1')) row.handset = rows[i - 1].handset;
        ({status: row.status} = await session.ask('deliver_sm', {sequence: 1000 + i, body: deliverSm(row, id)}));
    }
    await client.drainReplies();
    const odd = [];
    for (const [i, row] of rows.entries()) {
        const seen = await effects(row, messages[i]);
        if (row.expected === 'part') continue;  // the last one of it tells
        if (row.status === 0 && fits(row.expected, seen)) continue;
        odd.push(`${row.name}: ${row.expected}, not ${JSON.stringify(seen)}`);
    }
    assert.deepEqual(odd, []);
});
