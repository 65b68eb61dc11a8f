// SPDX-License-Identifier: Apache-2.0
// The whole way through the carrier in the box: message, receipt, report, reply, callback.
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';
import {Customer} from '../peers/customer.mjs';
import {Gateway} from '../peers/gateway.mjs';
import {until} from '../peers/wait.mjs';

let gateway, client, customer, lastHandset = 491570200;
before(async () => {
    gateway = await Gateway.start();
    client = gateway.client;
    customer = await Customer.start();
});
after(async () => {
    await gateway.close();
    await customer.close();
});

const newHandset = () => `+61${++lastHandset}`;
const script = async (handset, how) => {
    const answer = await client.put(`/sandbox/handsets/${handset}`, how);
    assert.equal(answer.status, 200, answer.text);
};
const inbox = async (handset) => (await client.get(`/sandbox/handsets/${handset}/messages`)).json.messages;
async function send(fields) {
    const message = {content: 'Hello', destination_number: newHandset(), delivery_report: true};
    return (await client.send({...message, ...fields}))[0].message_id;
}

describe('a message', () => {
    test('arrives, and its reports tell each step once, in order', async () => {
        const handset = newHandset();
        const before = new Date().toISOString();
        const id = await send({destination_number: handset, source_number: '+61491570157', metadata: {a: 'b'}});
        await client.reaches(id, 'delivered');
        assert.deepEqual(await client.codes(id, '220'), ['101', '200', '220']);
        const reports = await client.reportsOf(id);
        assert.deepEqual(reports.map(({status}) => status), ['enroute', 'submitted', 'delivered']);
        for (const report of reports) {
            assert.equal(report.source_number, handset);
            assert.equal(report.original_text, 'Hello');
            assert.deepEqual(report.metadata, {a: 'b'});
            assert.equal(report.callback_url, null);
            assert.equal(report.vendor_account_id.account_id, gateway.keys.account);
            assert.ok(report.date_received >= before && report.date_received <= new Date().toISOString());
        }
        const [got, ...more] = await inbox(handset);
        assert.deepEqual(more, []);
        assert.equal(got.content, 'Hello');
        assert.equal(got.from.replace('+', ''), '61491570157');
        assert.equal(got.to.replace('+', ''), handset.replace('+', ''));
    });

    for (const [name, content] of Object.entries({
        'of 160 GSM characters': 'a'.repeat(160),
        'with every GSM character': '@£$¥èéùìòÇ\nØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ ^{}\\[~]|€',
        'of 5,000 GSM characters': 'abcdefghi '.repeat(500), 'of 5,000 euro signs': '€'.repeat(5000),
        'of 5,000 characters of two units': '😀'.repeat(5000),
        'in Cyrillic': 'Привет, мир! '.repeat(40), 'of 500 emoji': '😀'.repeat(500),
        'whose emoji would fall on a border': 'я'.repeat(66) + '😀' + 'я'.repeat(66),
        'whose euro would fall on a border': 'a'.repeat(152) + '€' + 'a'.repeat(152),
    })) {
        test(`${name} arrives as it was sent, with one report for each step`, async () => {
            const handset = newHandset();
            const id = await send({destination_number: handset, content});
            await client.reaches(id, 'delivered');
            assert.deepEqual((await inbox(handset)).map((message) => message.content), [content]);
            assert.deepEqual(await client.codes(id, '220'), ['101', '200', '220']);
        });
    }

    test('ends as its handset says', async () => {
        for (const [how, status, code] of [
            [{outcome: 'undeliverable'}, 'failed', '400'], [{outcome: 'expired'}, 'expired', '401'],
            [{outcome: 'rejected'}, 'rejected', '402'], [{outcome: 'deleted'}, 'failed', '405'],
            [{submit_status: 0x0b}, 'rejected', '411'], [{submit_status: 0x0a}, 'rejected', '410'],
            [{submit_status: 0x45}, 'rejected', '402'],
        ]) {
            const handset = newHandset();
            await script(handset, how);
            const id = await send({destination_number: handset});
            await client.reaches(id, status);
            const codes = await client.codes(id, code);
            assert.deepEqual(codes, how.submit_status ? ['101', code] : ['101', '200', code]);
        }
    });

    test('is submitted until its receipt comes, and for ever without one', async () => {
        const [silent, slow] = [newHandset(), newHandset()];
        await script(silent, {receipt: false});
        await script(slow, {delay_ms: 700});
        const [first, second] = [await send({destination_number: silent}), await send({destination_number: slow})];
        await client.reaches(second, 'submitted');
        await client.reaches(second, 'delivered');
        assert.equal(await client.status(first), 'submitted');
    });

    test('by MMS or TTS is echoed in full and ends failed, 332', async () => {
        const mms = {
            content: 'Look', destination_number: newHandset(), format: 'MMS', subject: 'Two', delivery_report: true,
            media: ['https://example.com/a.png', 'https://example.com/b.gif'],
        };
        const tts = {content: 'Listen', destination_number: newHandset(), format: 'TTS', delivery_report: true};
        const notGiven = {callback_url: null, media: null, message_expiry_timestamp: null, message_flags: [],
            metadata: null, rich_link: null, scheduled: null, source_number: null, subject: null};
        for (const message of [mms, tts]) {
            const [{message_id, status, ...echo}] = await client.send(message);
            assert.deepEqual(echo, {...notGiven, ...message});
            await client.reaches(message_id, 'failed');
            await client.codes(message_id, '332');
            const seen = (await client.get(`/v1/messages/${message_id}`)).json;
            for (const [field, value] of Object.entries(message)) assert.deepEqual(seen[field], value);
        }
    });

    test('waits for its time, and goes then', async () => {
        const scheduled = new Date(Date.now() + 1500).toISOString();
        const id = await send({scheduled});
        assert.equal(await client.status(id), 'scheduled');
        await client.reaches(id, 'delivered');
        assert.ok(new Date().toISOString() >= scheduled);
        await client.codes(id, '220');
        const [first] = await client.reportsOf(id);
        assert.equal(first.error_code, '101');
        assert.ok(first.submitted_date >= scheduled, `${first.submitted_date} before ${scheduled}`);
    });

    test('is cancelled, or sent, never both', async () => {
        for (let i = 0; i < 5; ++i) {
            const handset = newHandset();
            const id = await send({destination_number: handset, scheduled: new Date(Date.now() + 250).toISOString()});
            const at = Date.now() + 200 + 20 * i;
            await until('the moment', () => Date.now() >= at);
            const answer = await client.put(`/v1/messages/${id}`, {status: 'cancelled'});
            if (answer.status === 200) {
                assert.equal(await client.status(id), 'cancelled');
                await client.reaches(await send({destination_number: handset, content: 'after'}), 'delivered');
                assert.deepEqual((await inbox(handset)).map(({content}) => content), ['after']);
            } else {
                assert.equal(answer.status, 400);
                await client.reaches(id, 'delivered');
            }
        }
    });
});

describe('a callback', () => {
    test('tells every report in order and every reply, with the fields of the reference', async () => {
        const handset = newHandset();
        const callback_url = customer.url('/both?x=1');
        const fields = {destination_number: handset, source_number: '+61491570157', metadata: {k: 'v'}};
        const id = await send({...fields, callback_url});
        const mine = (call) => call.body?.message_id === id;
        const reports = await customer.calls('three reports', 3, mine);
        assert.deepEqual(reports.map(({body}) => body.error_code), ['101', '200', '220']);
        for (const {method, path, headers, body, text} of reports) {
            assert.equal(method, 'POST');
            assert.equal(path, '/both?x=1');
            assert.match(headers['content-type'], /^application\/json/);
            assert.equal(text, JSON.stringify(body));
            assert.equal(body.callback_url, callback_url);
            assert.deepEqual(body.metadata, {k: 'v'});
            assert.equal(body.source_number, handset);
        }
        await client.post(`/sandbox/handsets/${handset}/messages`, {to: '+61491570157', content: 'Да 😀'});
        const reply = (await customer.calls('the reply', 4, mine)).at(-1).body;
        assert.equal(reply.content, 'Да 😀');
        assert.equal(reply.source_number, handset);
        assert.equal(reply.destination_number, '+61491570157');
        assert.deepEqual(reply.metadata, {k: 'v'});
        assert.deepEqual(await client.repliesTo(id), [reply]);
        assert.deepEqual(await client.reportsOf(id), reports.map(({body}) => body));
    });

    test('without delivery_report tells replies alone', async () => {
        const handset = newHandset();
        const fields = {destination_number: handset, source_number: '+61491570157', delivery_report: false};
        const id = await send({...fields, callback_url: customer.url('/replies')});
        await client.reaches(id, 'delivered');
        await client.post(`/sandbox/handsets/${handset}/messages`, {to: '+61491570157', content: 'Ok'});
        const [first] = await customer.calls('the reply', 1, (call) => call.path === '/replies');
        assert.equal(first.body.content, 'Ok');
    });
});

describe('a reply', () => {
    test('to a message without a source number has no destination number', async () => {
        const handset = newHandset();
        const id = await send({destination_number: handset});
        await client.reaches(id, 'delivered');
        const [{from}] = await inbox(handset);
        await client.post(`/sandbox/handsets/${handset}/messages`, {to: from, content: 'Who is this?'});
        assert.equal((await client.replyTo(id)).destination_number, undefined);
    });

    test('of many parts is joined', async () => {
        const handset = newHandset();
        const id = await send({destination_number: handset, source_number: '+61491570157'});
        await client.reaches(id, 'delivered');
        const content = 'Ein langer Text, Zürich, Ł. '.repeat(40);
        await client.post(`/sandbox/handsets/${handset}/messages`, {to: '+61491570157', content});
        assert.equal((await client.replyTo(id)).content, content);
    });

    test('goes to the newest message of the pair', async () => {
        const handset = newHandset();
        const fields = {destination_number: handset, source_number: '+61491570157'};
        const older = await send(fields);
        await client.reaches(older, 'delivered');
        const newest = await send(fields);
        await client.reaches(newest, 'delivered');
        await client.post(`/sandbox/handsets/${handset}/messages`, {to: '+61491570157', content: 'To which?'});
        assert.equal((await client.replyTo(newest)).content, 'To which?');
        assert.deepEqual(await client.repliesTo(older), []);
    });
});

test('handsets want well-formed requests', async () => {
    const handset = newHandset();
    for (const how of [{outcome: 'gone'}, {delay_ms: -1}, {colour: 'red'}, {receipt: 'no'}, []]) {
        assert.equal((await client.put(`/sandbox/handsets/${handset}`, how)).status, 400, JSON.stringify(how));
    }
    for (const message of [{}, {to: '+61491570157'}, {to: 'x', content: 'x'}, {to: '+61491570157', content: ''}]) {
        const answer = await client.post(`/sandbox/handsets/${handset}/messages`, message);
        assert.equal(answer.status, 400, JSON.stringify(message));
    }
});
