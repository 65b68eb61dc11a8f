// SPDX-License-Identifier: Apache-2.0
// Rules of accounts: the character converter, social sending, and previews of what they would do.
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
async function preview(own, fields) {
    const answer = await client.post('/v1/messages/preview', {messages: [{destination_number: to, ...fields}]}, own);
    assert.equal(answer.status, 200, answer.text);
    return answer.json.messages[0];
}

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

    test('tells in a preview what it would change', async () => {
        const {own} = await newAccount({converter: 'strict'});
        const shown = await preview(own, {content: 'Wow… 😀'});
        assert.deepEqual(shown.replaced, [{at: 3, from: '…', to: '...'}, {at: 5, from: '😀', to: '?'}]);
        assert.deepEqual([shown.content, shown.converted_content], ['Wow… 😀', 'Wow... ?']);
        assert.deepEqual([shown.encoding, shown.segments, shown.credits], ['GSM7', 1, 1]);
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

    test('may go by the zone of the recipient', async () => {
        const {id, own} = await newAccount({hours: 'recipient', zone: zoneAt(12)});
        const {leaves_at} = await preview(own, {content: 'Hello'});
        const time = new Intl.DateTimeFormat('en-GB',
            {timeZone: 'Australia/Sydney', hour: '2-digit', minute: '2-digit'}).format(new Date(leaves_at));
        assert.ok(time >= '08:00' && time < '18:00', `${leaves_at} is ${time}`);
        // Nobody knows where it is; the zones of North America, Guam included, have no hours in common.
        const shown = await preview(own, {content: 'Hello', destination_number: '+18005550123'});
        assert.ok(Math.abs(Date.parse(shown.leaves_at) - Date.now()) < hour);
        assert.equal(shown.hours, 'recipient');
        await admin('PATCH', `/accounts/${id}`, {hours: 'off'}, 200);
    });
});

describe('a preview', () => {
    test('tells all of a message and sends nothing', async () => {
        const {id, own} = await newAccount({default_source: '+61491570150', credits: 1});
        const now = Date.now();
        const {leaves_at, ...shown} = await preview(own, {content: 'previewed'});
        assert.ok(Math.abs(Date.parse(leaves_at) - now) < 60_000);
        assert.deepEqual(shown, {
            content: 'previewed', converted_content: null, replaced: [], encoding: 'GSM7', segments: 1, credits: 1,
            source_number: '+61491570150', hours: 'off', link: 'carrier', candidates: [], code: null, why: null,
        });
        const dear = await preview(own, {content: 'п'.repeat(71)});
        assert.deepEqual([dear.encoding, dear.segments, dear.credits], ['UCS2', 2, 2]);
        assert.deepEqual([dear.code, dear.why], ['301', 'costs 2 credits']);
        assert.equal((await client.get('/v1/messaging/credits', own)).json.credits, 1);

        await admin('PATCH', `/accounts/${id}`, {unregistered_source: 'reject'}, 200);
        const foreign = await preview(own, {content: 'previewed', source_number: 'Bakery'});
        assert.equal(foreign.code, '303');
        const mms = await preview(own, {content: 'previewed', format: 'MMS', media: ['https://example.com/a.png']});
        assert.deepEqual([mms.encoding, mms.segments, mms.credits, mms.link, mms.code], [null, null, 1, null, '332']);
        const scheduled = new Date(now + hour).toISOString();
        assert.equal((await preview(own, {content: 'later', scheduled})).leaves_at, scheduled);
        assert.ok(carrier.submits.entries.every(({text}) => text !== 'previewed'));
    });

    test('tells the routes', async () => {
        const {id, own} = await newAccount();
        await admin('PUT', '/routes/mobiles', {link: 'carrier', destination_prefix: '614'}, 200);
        await admin('PUT', '/routes/codes', {link: 'other', sources: ['12345']}, 200);
        const shown = await preview(own, {content: 'Hello'});
        assert.deepEqual(shown.candidates, [{route: 'mobiles', link: 'carrier'}]);
        assert.equal(shown.link, 'carrier');
        assert.equal(shown.routes, undefined);
        const nowhere = await preview(own, {content: 'Hello', destination_number: '+447400123456'});
        assert.deepEqual([nowhere.link, nowhere.code, nowhere.why], [null, '333', 'no route fits']);
        const body = {messages: [{content: 'Hello', destination_number: to}]};
        const {messages} = await admin('POST', `/accounts/${id}/preview`, body, 200);
        assert.deepEqual(messages[0].routes, [
            {route: 'codes', link: 'other', why: 'does not carry this source'},
            {route: 'mobiles', link: 'carrier', why: 'fits'},
        ]);
        for (const name of ['mobiles', 'codes']) await admin('DELETE', `/routes/${name}`, undefined, 204);
        await admin('POST', '/accounts/nobody/preview', body, 404);
        await admin('POST', `/accounts/${id}/preview`, {messages: []}, 400);
    });

    test('is refused as the messages would be', async () => {
        const {own} = await newAccount({features: {mms: false}});
        const ask = (message) => client.post('/v1/messages/preview', {messages: [message]}, own);
        assert.equal((await ask({content: 'x', destination_number: '1'})).status, 400);
        assert.equal((await ask({content: 'x', destination_number: to, format: 'MMS'})).status, 403);
        assert.equal((await client.post('/v1/messages/preview', {messages: []}, {auth: null})).status, 401);
    });
});
