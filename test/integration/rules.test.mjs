// SPDX-License-Identifier: Apache-2.0
// Rules of accounts: the character converter and social sending.
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';
import {basic} from '../peers/client.mjs';
import {Carrier} from '../peers/carrier.mjs';
import {Gateway, linkTo} from '../peers/gateway.mjs';
import {until} from '../peers/wait.mjs';

const to = '+61491570156';
const hour = 3_600_000;

let carrier, gateway, client, auth;
before(async () => {
    carrier = await Carrier.start();
    gateway = await Gateway.start({config: linkTo(carrier)});
    client = gateway.client;
    auth = `Bearer ${await gateway.adminToken()}`;
});
after(async () => {
    await gateway.close();
    await carrier.close();
});

async function admin(method, path, body, expected) {
    const answer = await client.call(method, `/admin/v1${path}`, {body, auth});
    assert.equal(answer.status, expected, `${method} ${path}: ${answer.text}`);
    return answer.json;
}

let accounts = 0;
// A new account with a key: its id, and what its requests need.
async function newAccount(fields = {}) {
    const id = `account-${++accounts}`;
    await admin('POST', '/accounts', {id, unregistered_source: 'allow', ...fields}, 201);
    const {key, secret} = await admin('POST', `/accounts/${id}/keys`, {scheme: 'basic'}, 201);
    return {id, own: {auth: basic(key, secret)}};
}
async function sendOne(own, fields) {
    const message = {destination_number: to, delivery_report: true, ...fields};
    const answer = await client.post('/v1/messages', {messages: [message]}, own);
    assert.equal(answer.status, 202, answer.text);
    return answer.json.messages[0];
}
const find = async (own, id) => (await client.get(`/v1/messages/${id}`, own)).json;
const cancel = (own, id) => client.put(`/v1/messages/${id}`, {status: 'cancelled'}, own);

// A zone whose clocks show that hour now; they never change.
function zoneAt(wanted) {
    const ahead = (wanted - new Date().getUTCHours() + 36) % 24 - 12;
    return ahead === 0 ? 'UTC' : `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
}

describe('the converter', () => {
    const text = 'Don’t “miss” it… 5 € – naïve?';
    const converted = 'Don\'t "miss" it... 5 € - naive?';

    test('changes what goes out and what is billed, and not what the application sees', async () => {
        const {own} = await newAccount({converter: 'strict', credits: 10});
        const content = `${text} ${'x'.repeat(50)} 😀`;
        const {message_id, content: echoed} = await sendOne(own, {content});
        assert.equal(echoed, content);
        const {pdu, text: sent} = await carrier.submits.waitFor('it', (it) => it.text.includes('Don'));
        assert.equal(sent, `${converted} ${'x'.repeat(50)} ?`);
        assert.equal(pdu.data_coding, 0);
        assert.equal((await find(own, message_id)).content, content);
        const report = await until('a report', async () =>
            (await client.get('/v1/delivery_reports', own)).json.delivery_reports[0]);
        assert.equal(report.original_text, content);
        assert.equal((await client.get('/v1/messaging/credits', own)).json.credits, 9);
    });

    test('may leave alone what it would spoil', async () => {
        const {id, own} = await newAccount({converter: 'lossless'});
        await sendOne(own, {content: 'Wow… 😀'});
        await carrier.submits.waitFor('it', (it) => it.text === 'Wow… 😀' && it.pdu.data_coding === 8);
        await sendOne(own, {content: 'Wow…'});
        await carrier.submits.waitFor('it', (it) => it.text === 'Wow...' && it.pdu.data_coding === 0);
        await admin('PATCH', `/accounts/${id}`, {converter: 'off'}, 200);
        await sendOne(own, {content: 'Wow again…'});
        await carrier.submits.waitFor('it', (it) => it.text === 'Wow again…' && it.pdu.data_coding === 8);
    });
});

describe('social sending', () => {
    test('lets a message leave at once by day', async () => {
        const {own} = await newAccount({hours: 'account', zone: zoneAt(12)});
        const {message_id} = await sendOne(own, {content: 'by day'});
        await until('its end', async () => (await find(own, message_id)).status === 'delivered');
        assert.equal((await find(own, message_id)).scheduled ?? null, null);
    });

    test('holds it by night, shows until when, and lets it be cancelled', async () => {
        const {own} = await newAccount({hours: 'account', zone: zoneAt(20)});
        const {message_id, status} = await sendOne(own, {content: 'by night'});
        assert.equal(status, 'queued');
        const held = await find(own, message_id);
        assert.equal(held.status, 'scheduled');
        const wait = Date.parse(held.scheduled) - Date.now();
        assert.ok(wait > 10 * hour && wait <= 12 * hour, held.scheduled);
        assert.match(held.scheduled, /:00:00\.000Z$/);
        const cancelled = await cancel(own, message_id);
        assert.equal(cancelled.json.status, 'cancelled');
    });

    test('lets go what it held when the zone of the account changes, in order', async () => {
        const {id, own} = await newAccount({hours: 'account', zone: zoneAt(20)});
        const contents = ['first', 'second', 'third'].map((it) => `${it} of the morning`);
        for (const content of contents) await sendOne(own, {content});
        await admin('PATCH', `/accounts/${id}`, {zone: zoneAt(12)}, 200);
        const submits = await carrier.submits.waitForMany('them', 3, ({text}) => text.endsWith('of the morning'));
        assert.deepEqual(submits.map(({text}) => text), contents);
    });

    test('keeps what it holds through a kill', async () => {
        const {own} = await newAccount({hours: 'account', zone: zoneAt(20)});
        const {message_id} = await sendOne(own, {content: 'held'});
        const {scheduled} = await find(own, message_id);
        await gateway.kill();
        await gateway.launch();
        client = gateway.client;
        const held = await find(own, message_id);
        assert.deepEqual([held.status, held.scheduled], ['scheduled', scheduled]);
    });
});
