// SPDX-License-Identifier: Apache-2.0
// The features of accounts, from the switch to what a handset gets.
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';
import {Gateway} from '../peers/gateway.mjs';
import {basic} from '../peers/client.mjs';
import {until} from '../peers/wait.mjs';

let gateway, client, auth;
before(async () => {
    gateway = await Gateway.start();
    client = gateway.client;
    auth = `Bearer ${await gateway.adminToken()}`;
});
after(() => gateway.close());

const admin = async (method, path, body, expected = 200) => {
    const answer = await client.call(method, `/admin/v1${path}`, {body, auth});
    assert.equal(answer.status, expected, `${method} ${path}: ${answer.text}`);
    return answer.json;
};

let accounts = 0;
// A new account that may send from anywhere, with a key: its id and what its requests need.
async function newAccount(fields = {}) {
    const id = `account-${++accounts}`;
    await admin('POST', '/accounts', {id, unregistered_source: 'allow', ...fields}, 201);
    const {key, secret} = await admin('POST', `/accounts/${id}/keys`, {scheme: 'basic'}, 201);
    return {id, own: {auth: basic(key, secret)}};
}

// A handset of its own for each test: its messages are those of the test.
let handsets = 61491570200;
const newHandset = () => `+${++handsets}`;

const post = async (own, messages) => {
    const answer = await client.post('/v1/messages', {messages}, own);
    assert.equal(answer.status, 202, answer.text);
    return answer.json.messages.map(({message_id}) => message_id);
};
const send = async (own, to, content = 'Hello', fields = {}) =>
    (await post(own, [{content, destination_number: to, ...fields}]))[0];
const statusOf = async (own, id) => (await client.get(`/v1/messages/${id}`, own)).json.status;
const isStatus = (own, id, status) => until(`${id} is ${status}`, async () => await statusOf(own, id) === status);
const reportsOf = async (own, id) => (await client.get('/v1/delivery_reports', own)).json.delivery_reports
    .filter((report) => report.message_id === id);
const endOf = (own, id) => until(`the end of ${id}`, async () =>
    (await reportsOf(own, id)).find(({status}) => !['enroute', 'submitted'].includes(status)));
const messagesAt = async (handset) =>
    (await client.get(`/sandbox/handsets/${encodeURIComponent(handset)}/messages`)).json.messages;

describe('duplicates', () => {
    test('are withheld for the account that wants it', async () => {
        const {id, own} = await newAccount();
        const to = newHandset();
        for (let i = 0; i < 2; ++i) await isStatus(own, await send(own, to), 'delivered');
        await admin('PATCH', `/accounts/${id}`, {duplicate_window_s: 86_400});
        const first = await send(own, to);
        await isStatus(own, first, 'delivered');
        const second = await send(own, to.slice(1), 'Hello', {delivery_report: true});
        const report = await endOf(own, second);
        assert.equal(report.status, 'rejected');
        assert.equal(report.error_code, '305');
        assert.equal((await reportsOf(own, second)).length, 1, 'and no 101');
        assert.equal((await admin('GET', `/messages/${second}/trace`)).steps[0].what, `repeats ${first}`);
        await isStatus(own, await send(own, to, 'Hello '), 'delivered');
        assert.deepEqual((await messagesAt(to)).map(({content}) => content), ['Hello', 'Hello', 'Hello', 'Hello ']);
    });

    test('of concurrent requests: exactly one is sent', async () => {
        const {own} = await newAccount({duplicate_window_s: 60});
        const to = newHandset();
        const ids = await Promise.all(Array.from({length: 20}, () => send(own, to)));
        const isLast = (status) => ['delivered', 'rejected'].includes(status);
        const statuses = await Promise.all(ids.map((id) => until(`the end of ${id}`, async () => {
            const status = await statusOf(own, id);
            return isLast(status) && status;
        })));
        assert.equal(statuses.filter((status) => status === 'delivered').length, 1);
        assert.equal((await messagesAt(to)).length, 1);
    });
});
