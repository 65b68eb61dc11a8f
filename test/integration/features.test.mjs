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

describe('opt-outs', () => {
    const number = '+61491570150';
    const reply = (handset, content) => client.post(`/sandbox/handsets/${encodeURIComponent(handset)}/messages`,
        {to: number, content});
    const repliesOf = async (own) => (await client.get('/v1/replies', own)).json.replies;
    const list = '/v1/number_authorisation/mt/blacklist';
    const numbersOf = async (own) => (await client.get(list, own)).json.numbers;

    test('of handsets block what is sent to them, until they opt in', async () => {
        const {id, own} = await newAccount({default_source: number, opt_out_confirmation: 'No more messages.'});
        const to = newHandset();
        await isStatus(own, await send(own, to), 'delivered');
        await reply(to, 'Stop.');
        const [stop] = await until('the reply', async () => {
            const replies = await repliesOf(own);
            return replies.length > 0 && replies;
        });
        assert.equal(stop.content, 'Stop.', 'is an ordinary reply, too');
        assert.equal(stop.source_number, to);
        assert.deepEqual(await numbersOf(own), [to]);
        await until('the confirmation', async () => (await messagesAt(to)).length === 2);
        const blocked = await send(own, to, 'More', {delivery_report: true});
        assert.equal((await endOf(own, blocked)).error_code, '302');
        await reply(to, 'START');
        await until('the opt-in', async () => (await numbersOf(own)).length === 0);
        await isStatus(own, await send(own, to, 'Again'), 'delivered');
        assert.deepEqual((await messagesAt(to)).map(({content}) => content), ['Hello', 'No more messages.', 'Again']);

        await admin('PATCH', `/accounts/${id}`, {features: {opt_out: false}});
        await reply(to, 'STOP');
        await until('the last reply', async () => (await repliesOf(own)).length === 3);
        assert.deepEqual(await numbersOf(own), []);
    });

    test('that are only suspected are for the operator', async () => {
        const {id, own} = await newAccount({default_source: number});
        const to = newHandset();
        await isStatus(own, await send(own, to), 'delivered');
        await reply(to, 'Please stop texting me');
        const suspected = await until('the suspicion', async () =>
            (await admin('GET', '/suspected_opt_outs')).suspected_opt_outs.find(({account}) => account === id));
        assert.equal(suspected.source_number, to);
        assert.equal(suspected.content, 'Please stop texting me');
        assert.deepEqual(await numbersOf(own), []);
    });

    test('are listed, added and removed by the account', async () => {
        const {own} = await newAccount();
        const numbers = Array.from({length: 205}, (_, i) => `+61491570${String(i).padStart(3, '0')}`);
        assert.deepEqual((await client.get(list, own)).json, {uri: list, numbers: [], pagination: {}});
        for (let i = 0; i < numbers.length; i += 10) {
            const ten = numbers.slice(i, i + 10);
            const answer = await client.post(list, {numbers: ten.map((it) => it.slice(i % 20 ? 0 : 1))}, own);
            assert.equal(answer.status, 201);
            assert.deepEqual(answer.json, {uri: list, numbers: ten});
        }
        assert.equal((await client.post(list, {numbers: numbers.slice(0, 2)}, own)).status, 200, 'all there already');
        const found = [];
        for (let uri = list, pages = 1; uri; ++pages) {
            const {json} = await client.get(uri, own);
            assert.equal(json.uri, uri);
            found.push(...json.numbers);
            uri = json.pagination.next_uri;
            assert.equal(Boolean(uri), pages < 3);
        }
        assert.deepEqual(found, numbers);

        const [first] = numbers;
        const removed = await client.call('DELETE', `${list}/${first}`, own);
        assert.equal(removed.status, 200);
        assert.match(removed.headers.get('content-type'), /^text\/plain/);
        assert.equal((await client.call('DELETE', `${list}/${first.slice(1)}`, own)).status, 404);
        const asked = `/v1/number_authorisation/is_authorised/${first},${numbers[1].slice(1)}`;
        assert.deepEqual((await client.get(asked, own)).json, {
            uri: asked, numbers: [{number: first, authorised: true}, {number: numbers[1], authorised: false}],
        });
        const other = await newAccount();
        assert.deepEqual(await numbersOf(other.own), []);
    });

    test('want numbers', async () => {
        const {own} = await newAccount();
        for (const [numbers, what] of [
            [[], 'must have 1 to 10 numbers'], [Array(11).fill('+61491570156'), 'must have 1 to 10 numbers'],
            [['Bakery'], 'must have 8 to 15 digits, with or without a + before them'],
            ['+61491570156', 'must be a list of strings'], [undefined, 'is required'],
        ]) {
            const answer = await client.post(list, {numbers}, own);
            assert.equal(answer.status, 400);
            assert.deepEqual(answer.json.details, [`/numbers: ${what}.`]);
        }
        assert.equal((await client.get(`${list}?token=x`, own)).status, 400);
        for (const asked of ['x', '61491570156,', Array(101).fill('61491570156').join(',')]) {
            assert.equal((await client.get(`/v1/number_authorisation/is_authorised/${asked}`, own)).status, 400, asked);
        }
    });
});

describe('the pool', () => {
    const pool = ['+61491570901', '+61491570902', '+61491570903'];
    before(async () => {
        for (const number of pool) await admin('POST', '/numbers', {number, pool: true}, 201);
    });
    after(async () => {
        for (const number of pool) await admin('DELETE', `/numbers/${number}`, undefined, 204);
    });
    const senders = async (own, to, count) => {
        for (let i = 0; i < count; ++i) await isStatus(own, await send(own, to, `Hello ${i}`), 'delivered');
        return (await messagesAt(to)).slice(-count).map(({from}) => `+${from.replace('+', '')}`);
    };

    test('gives a handset each message from another number', async () => {
        const {own} = await newAccount();
        assert.deepEqual((await senders(own, newHandset(), 3)).sort(), pool);
    });

    test('keeps the number that is familiar, where an account wants that', async () => {
        const {own} = await newAccount({features: {familiar_sender: true}});
        const to = newHandset();
        const [first, ...others] = await senders(own, to, 3);
        assert.ok(pool.includes(first));
        assert.deepEqual(others, [first, first]);
        const second = await newAccount({features: {familiar_sender: true}});
        assert.notEqual((await senders(second.own, to, 1))[0], first, 'which is its own for each account');
    });
});

describe('screening', () => {
    const codeOf = async (own, to, content, fields = {}) =>
        (await endOf(own, await send(own, to, content, {delivery_report: true, ...fields}))).error_code;

    test('drops, blocks and caps', async () => {
        const {id, own} = await newAccount({daily_cap: 1, drop_patterns: ['casino*'], blocked_sources: ['Bank']});
        const to = newHandset();
        assert.equal(await codeOf(own, to, 'CASINOS are open'), '304');
        assert.equal(await codeOf(own, to, 'Hello', {source_number: 'BANK'}), '303');
        assert.equal(await codeOf(own, to, 'Hello'), '220');
        assert.equal(await codeOf(own, to, 'Hello'), '301');
        await admin('PATCH', `/accounts/${id}`, {daily_cap: 0, drop_patterns: [], blocked_sources: []});
        assert.equal(await codeOf(own, to, 'CASINOS are open', {source_number: 'BANK'}), '220');
    });

    test('holds until the operator decides', async () => {
        const {own} = await newAccount({hold_patterns: ['free * prize']});
        const to = newHandset();
        const [first, second] = await post(own, ['one', 'two'].map((which) => ({
            content: `A free prize for number ${which}`, destination_number: to, delivery_report: true,
        })));
        for (const id of [first, second]) {
            assert.equal(await statusOf(own, id), 'enroute');
            assert.deepEqual((await reportsOf(own, id)).map(({error_code}) => error_code), ['151']);
        }
        const {messages} = await admin('GET', '/held_messages');
        assert.equal(messages.find(({message_id}) => message_id === first).why, 'matches free * prize');
        await admin('POST', `/messages/${first}/release`, undefined, 204);
        await admin('POST', `/messages/${second}/drop`, undefined, 204);
        assert.equal((await endOf(own, first)).error_code, '220');
        assert.equal((await endOf(own, second)).error_code, '304');
        assert.deepEqual((await messagesAt(to)).map(({content}) => content), ['A free prize for number one']);
    });
});
