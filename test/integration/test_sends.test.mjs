// SPDX-License-Identifier: Apache-2.0
// Test sends, as the oldest SDK asks for them: answered and told of like others, and never at a carrier.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {basic} from '../peers/client.mjs';
import {Gateway} from '../peers/gateway.mjs';
import {Receiver} from '../peers/receiver.mjs';

let gateway, client, receiver, admin;
before(async () => {
    receiver = await Receiver.start();
    gateway = await Gateway.start();
    client = gateway.client;
    admin = {auth: `Bearer ${await gateway.adminToken()}`};
});
after(async () => {
    await gateway.close();
    await receiver.close();
});

const handset = '61491570156';
// The bytes of the SDK for Java of 2016, with the fields of one message.
const body = (mode, fields) => JSON.stringify({
    properties: {sending_mode: mode},
    messages: [{content: 'Hello', destination_number: `+${handset}`, delivery_report: true, ...fields}],
}, null, 2);
const inbox = async () => (await client.get(`/sandbox/handsets/${handset}/messages`)).json.messages;

test('end as they say, with their reports and callbacks, and reach no handset', async () => {
    const ends = {delivered: ['delivered', '220'], failed: ['failed', '400'], rejected: ['rejected', '402'],
        expired: ['expired', '401'], anything: ['delivered', '220']};
    for (const [mode, [status, code]] of Object.entries(ends)) {
        const callback_url = receiver.url(`/${mode}`);
        const test = body(`functional_test_${mode}`, {callback_url});
        const answer = await client.call('POST', '/v1/messages', {body: test});
        assert.equal(answer.status, 202, answer.text);
        const [echo] = answer.json.messages;
        assert.equal(echo.status, 'queued');
        assert.equal(await client.status(echo.message_id), status);
        assert.deepEqual(await client.codes(echo.message_id, code), ['101', '200', code]);
        const calls = await receiver.calls(mode, 3, ({path}) => path === `/${mode}`);
        assert.deepEqual(calls.map((call) => call.body.error_code), ['101', '200', code]);
        assert.ok(calls.every((call) => call.body.message_id === echo.message_id));
        const {json} = await client.get(`/admin/v1/messages/${echo.message_id}/trace`, admin);
        assert.match(JSON.stringify(json), /a test send: no carrier gets it/);
    }
    // What is meant goes out, and is all that the handset gets.
    const meant = await client.call('POST', '/v1/messages', {body: body('production', {content: 'meant'})});
    await client.reaches(meant.json.messages[0].message_id, 'delivered');
    assert.deepEqual((await inbox()).map(({content}) => content), ['meant']);
});

test('are free of charge, also without a balance', async () => {
    const id = 'prepaid';
    const account = {id, credits: 1, unregistered_source: 'allow', features: {billing_units: true}};
    assert.equal((await client.post('/admin/v1/accounts', account, admin)).status, 201);
    const {json} = await client.post(`/admin/v1/accounts/${id}/keys`, {scheme: 'basic'}, admin);
    const own = {auth: basic(json.key, json.secret)};
    for (let i = 0; i < 3; ++i) {
        const answer = await client.call('POST', '/v1/messages', {body: body('functional_test_delivered'), ...own});
        const {message_id} = answer.json.messages[0];
        assert.equal((await client.get(`/v1/messages/${message_id}`, own)).json.status, 'delivered');
    }
    assert.equal((await client.get('/v1/messaging/credits', own)).json.remaining_credits, 1);
    const {json: list} = await client.get('/v1/delivery_reports', own);
    assert.equal(list.delivery_reports.length, 9);
    assert.ok(list.delivery_reports.every(({billing_units}) => billing_units === 0));
});

test('wait for their time when they are scheduled, and can be cancelled', async () => {
    const scheduled = new Date(Date.now() + 3_600_000).toISOString();
    const answer = await client.call('POST', '/v1/messages', {body: body('functional_test_failed', {scheduled})});
    const {message_id} = answer.json.messages[0];
    assert.equal(await client.status(message_id), 'scheduled');
    assert.equal((await client.put(`/v1/messages/${message_id}`, {status: 'cancelled'})).status, 200);
    assert.equal(await client.status(message_id), 'cancelled');
});
