// SPDX-License-Identifier: Apache-2.0
// Every call of /v1 as the reference and its clients have it; bodies are checked by client.mjs against openapi.yaml.
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';
import {Gateway} from '../peers/gateway.mjs';
import {openapi} from '../peers/client.mjs';
import {until} from '../peers/wait.mjs';

const to = '+61491570156';
const hello = {content: 'Hello world', destination_number: to};
const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();
const unknownId = '877c19ef-fa2e-4cec-827a-e1df9b5509f7';
const unparsable = 'Request failed to parse correctly. Please ensure input is valid and try again.';

let gateway, client;
before(async () => {
    gateway = await Gateway.start();
    client = gateway.client;
});
after(() => gateway.close());

const notGiven = {
    callback_url: null, media: null, message_expiry_timestamp: null, message_flags: [], metadata: null, rich_link: null,
    scheduled: null, source_number: null, subject: null,
};

async function refused(message, details) {
    const answer = await client.post('/v1/messages', {messages: [{...hello, ...message}]});
    assert.equal(answer.status, 400, `${JSON.stringify(message).slice(0, 200)} was answered ${answer.text}`);
    assert.equal(answer.json.message, unparsable);
    if (details) assert.match(answer.json.details.join('\n'), details);
}

async function accepted(message) {
    return (await client.send({...hello, ...message}))[0];
}

describe('POST /v1/messages', () => {
    test('echoes what was sent with an id and queued, and fills in the two defaults', async () => {
        const {message_id, ...rest} = await accepted({});
        assert.match(message_id, /^[0-9a-f-]{36}$/);
        assert.deepEqual(rest, {...notGiven, ...hello, delivery_report: false, format: 'SMS', status: 'queued'});
    });

    test('echoes every field', async () => {
        const message = {
            ...hello, callback_url: 'https://example.com/hook?a=b', delivery_report: true, format: 'SMS',
            message_expiry_timestamp: '2096-11-03T11:49:02.807Z', metadata: {key1: 'value1', 'two words': 'ünï 😀'},
            scheduled: inAnHour(), source_number: '+61491570157', source_number_type: 'INTERNATIONAL',
        };
        const {message_id, status, ...echo} = await accepted(message);
        assert.deepEqual(echo, {...notGiven, ...message});
    });

    test('answers compact JSON with 202', async () => {
        const answer = await client.post('/v1/messages', {messages: [hello]});
        assert.equal(answer.status, 202);
        assert.equal(answer.text, JSON.stringify(answer.json));
    });

    test('takes a batch of 100 and keeps its order', async () => {
        const batch = Array.from({length: 100}, (_, i) => ({...hello, content: `message ${i}`}));
        const echoes = await client.send(...batch);
        assert.deepEqual(echoes.map(({content}) => content), batch.map(({content}) => content));
        assert.equal(new Set(echoes.map(({message_id}) => message_id)).size, 100);
    });

    test('refuses 0 and 101 messages', async () => {
        for (const count of [0, 101]) {
            const answer = await client.post('/v1/messages', {messages: Array(count).fill(hello)});
            assert.equal(answer.status, 400, `${count} messages`);
        }
    });

    test('sends none when one is invalid, and names every fault of every message', async () => {
        const handset = '+61491571999';
        const bad = [{content: '', destination_number: 'abc'}, {content: 5}];
        const messages = [{...hello, destination_number: handset}, ...bad];
        const answer = await client.post('/v1/messages', {messages});
        assert.equal(answer.status, 400);
        const {details} = answer.json;
        for (const pointer of ['/messages/1/destination_number: ', '/messages/1/content: ', '/messages/2/content: ',
            '/messages/2/destination_number: ']) {
            assert.ok(details.some((line) => line.startsWith(pointer)), `${pointer} in ${details.join(' | ')}`);
        }
        assert.ok(!details.some((line) => line.startsWith('/messages/0')));
        // A later message to the same handset arrives alone.
        await client.reaches((await accepted({destination_number: handset, content: 'alone'})).message_id, 'delivered');
        const seen = await client.get(`/sandbox/handsets/${handset}/messages`);
        assert.deepEqual(seen.json.messages.map(({content}) => content), ['alone']);
    });

    test('refuses what is no JSON, or not an object with messages, in the documented words', async () => {
        for (const body of ['', '{', 'null', '[]', '{}', '{"messages":{}}', '{"messages":[1]}', '"x"', '<html>',
            '{"messages":[{"content":"\xff']) {
            const answer = await client.call('POST', '/v1/messages', {body});
            assert.equal(answer.status, 400, body);
            assert.equal(answer.json.message, unparsable, body);
        }
        const latin1 = Buffer.from(JSON.stringify({messages: [{...hello, content: 'é'}]}), 'latin1');
        assert.equal((await client.call('POST', '/v1/messages', {body: latin1})).status, 400);
        const deep = '{"messages":' + '['.repeat(100_000);
        assert.equal((await client.call('POST', '/v1/messages', {body: deep})).status, 400);
    });

    test('refuses bad fields one by one', async () => {
        const cases = [
            [{content: null}, /\/messages\/0\/content: /], [{content: undefined}, /content/],
            [{content: ''}, /content/],
            [{content: 'x'.repeat(5001)}, /content/], [{content: 7}, /content/],
            [{destination_number: '+6149157'}, /8 and 15 characters/],
            [{destination_number: '+6149157015600000'}, /8 and 15 characters/],
            [{destination_number: '+61 491 570 156'}, /invalid characters/],
            [{destination_number: null}, /destination_number/],
            [{format: 'FAX'}, /format/], [{format: ['SMS', 'MMS']}, /format/], [{format: 'sms '}, /format/],
            [{delivery_report: 'yes'}, /delivery_report/],
            [{scheduled: 'tomorrow'}, /scheduled/], [{message_expiry_timestamp: '2016-13-01T00:00:00Z'}, /expiry/],
            [{source_number_type: 'SHORTCODE'}, /source_number_type/],
            [{source_number: '123', source_number_type: 'NUMERIC'}, /source_number_type/],
            [{metadata: 'x'}, /metadata/], [{metadata: {a: null}}, /metadata/],
            [{metadata: {['k'.repeat(101)]: 'v'}}, /metadata/], [{metadata: {k: 'v'.repeat(257)}}, /metadata/],
            [{metadata: Object.fromEntries(Array.from({length: 11}, (_, i) => [`k${i}`, 'v']))}, /metadata/],
            [{format: 'MMS', media: ['https://example.com/a.png'], subject: 's'.repeat(65)}, /subject/],
        ];
        for (const [message, details] of cases) await refused(message, details);
    });

    test('refuses the callback URLs that the reference lists', async () => {
        for (const callback_url of ['https://-invalid.com', 'https://invalid_.com', 'https:///path', 'https://:/path',
            'http://.example.com', 'http://example..com', 'ftp://example.com', 'example.com', 'https://a.com/a b']) {
            await refused({callback_url}, /\/messages\/0\/callbackUrl: Invalid callback url/);
        }
    });

    test('counts limits in code points and takes them when full', async () => {
        await accepted({content: 'x'.repeat(5000)});
        await accepted({content: '😀'.repeat(5000)});
        await refused({content: '😀'.repeat(5001)}, /content/);
        const full = Object.fromEntries(Array.from({length: 10}, (_, i) => [`${i}`.padEnd(100, 'k'), 'v'.repeat(256)]));
        assert.deepEqual((await accepted({metadata: full})).metadata, full);
    });

    test('takes null for every optional field, and answers as if it was not given', async () => {
        const nulls = Object.fromEntries(['callback_url', 'delivery_report', 'format', 'media', 'subject',
            'message_expiry_timestamp', 'metadata', 'scheduled', 'source_number', 'source_number_type', 'message_id',
            'status'].map((field) => [field, null]));
        const {message_id, status, ...echo} = await accepted(nulls);
        assert.deepEqual(echo, {...notGiven, ...hello, delivery_report: false, format: 'SMS'});
    });

    test('takes format as an array of one, and ignores unknown fields and ids', async () => {
        const echo = await accepted({format: ['SMS'], message_id: unknownId, status: 'delivered', colour: 'red'});
        assert.equal(echo.format, 'SMS');
        assert.notEqual(echo.message_id, unknownId);
        assert.equal(echo.colour, undefined);
    });

    test('takes a number without a plus and echoes it as it came', async () => {
        assert.equal((await accepted({destination_number: '61491570156'})).destination_number, '61491570156');
    });

    test('takes every date form that clients send, and answers in one', async () => {
        const forms = {
            '2096-11-20T11:03:47Z': '2096-11-20T11:03:47.000Z', '2096-11-20T21:03:47+10:00': '2096-11-20T11:03:47.000Z',
            '2096-11-20T11:03:47.893636+00:00': '2096-11-20T11:03:47.893Z',
            '2096-11-20T11:03:47.893636': '2096-11-20T11:03:47.893Z', '2096-11-20T11:03:47': '2096-11-20T11:03:47.000Z',
            '2096-11-20 11:03:47z': '2096-11-20T11:03:47.000Z',
            '2096-11-20T06:03:47.1234567-0500': '2096-11-20T11:03:47.123Z',
        };
        for (const [sent, echoed] of Object.entries(forms)) {
            assert.equal((await accepted({message_expiry_timestamp: sent})).message_expiry_timestamp, echoed, sent);
        }
    });

    test('takes past times: a past schedule is sent at once, a past expiry ends expired', async () => {
        const past = '2016-11-03T11:49:02.807Z';
        const scheduled = await accepted({scheduled: past});
        assert.equal(scheduled.scheduled, past);
        await client.reaches(scheduled.message_id, 'delivered');
        const expired = await accepted({message_expiry_timestamp: past, delivery_report: true});
        assert.equal(expired.message_expiry_timestamp, past);
        await client.reaches(expired.message_id, 'expired');
        await client.codes(expired.message_id, '320');
    });

    test('leaves dates out of the answer to the Python client alone, which breaks on them', async () => {
        const message = {...hello, scheduled: inAnHour(), message_expiry_timestamp: inAnHour()};
        const spaced = `{"messages": [${JSON.stringify(message)}]}`;
        const send = async (body, agent) => {
            const answer = await client.call('POST', '/v1/messages', {body, headers: {'User-Agent': agent}});
            return [answer.json.messages[0].scheduled, answer.json.messages[0].message_expiry_timestamp];
        };
        const both = [message.scheduled, message.message_expiry_timestamp];
        assert.deepEqual(await send(spaced, 'messagemedia-messages'), [undefined, undefined]);
        assert.deepEqual(await send(JSON.stringify({messages: [message]}), 'messagemedia-messages'), both);
        assert.deepEqual(await send(spaced, 'curl/8'), both);
    });

    test('takes any Content-Type spelling', async () => {
        for (const type of ['application/json', 'application/json; charset=utf-8', 'Application/JSON;charset=UTF-8']) {
            const options = {headers: {'Content-Type': type}};
            assert.equal((await client.post('/v1/messages', {messages: [hello]}, options)).status, 202, type);
        }
    });
});

describe('GET and PUT /v1/messages/{id}', () => {
    test('GET right after the 202 shows the message, on its way', async () => {
        const message = {...hello, metadata: {a: 'b'}, delivery_report: true, source_number: '+61491570157'};
        const {message_id} = await accepted(message);
        const answer = await client.get(`/v1/messages/${message_id}`);
        assert.equal(answer.status, 200);
        assert.ok(['enroute', 'submitted', 'delivered'].includes(answer.json.status), answer.json.status);
        for (const [field, value] of Object.entries(message)) assert.deepEqual(answer.json[field], value);
        await client.reaches(message_id, 'delivered');
    });

    test('404 for unknown ids and what is no id', async () => {
        for (const id of [unknownId, 'x', unknownId.slice(1), '%00', '%2e%2e%2fadmin']) {
            for (const answer of [await client.get(`/v1/messages/${id}`),
                await client.put(`/v1/messages/${id}`, {status: 'cancelled'})]) {
                assert.equal(answer.status, 404, id);
                assert.equal(answer.json.message, 'Resource not found');
            }
        }
    });

    test('a scheduled message can be cancelled, in any letter case, and is never sent', async () => {
        const {message_id} = await accepted({scheduled: inAnHour(), delivery_report: true});
        assert.equal(await client.status(message_id), 'scheduled');
        const cancelled = await client.put(`/v1/messages/${message_id}`, {status: 'CANCELLED'});
        assert.equal(cancelled.status, 200);
        assert.equal(cancelled.json.status, 'cancelled');
        assert.equal(cancelled.json.message_id, message_id);
        assert.equal(await client.status(message_id), 'cancelled');
        // Ruby's client repeats a PUT after a time-out.
        assert.equal((await client.put(`/v1/messages/${message_id}`, {status: 'cancelled'})).status, 200);
        assert.deepEqual(await client.reportsOf(message_id), []);
    });

    test('what is not scheduled cannot be cancelled', async () => {
        const {message_id} = await accepted({});
        await client.reaches(message_id, 'delivered');
        const answer = await client.put(`/v1/messages/${message_id}`, {status: 'cancelled'});
        assert.equal(answer.status, 400);
        assert.equal(answer.text, '{"message":"Message is not currently scheduled"}');
    });

    test('a PUT with anything else is a 400', async () => {
        const {message_id} = await accepted({scheduled: inAnHour()});
        for (const body of [{status: 'delivered'}, {}, {status: null}, {status: 1}, '', '[]']) {
            const answer = await client.put(`/v1/messages/${message_id}`, body);
            assert.equal(answer.status, 400, JSON.stringify(body));
            assert.equal(answer.json.message, unparsable);
        }
        assert.equal(await client.status(message_id), 'scheduled');
    });
});

describe('lists and confirmation', () => {
    test('begin with their name, hold the oldest 100, and give the same until confirmed', async () => {
        await client.drainReports();
        const ids = [];
        for (let i = 0; i < 2; ++i) {
            const batch = Array.from({length: 30}, () => ({...hello, delivery_report: true}));
            ids.push(...(await client.send(...batch)).map(({message_id}) => message_id));
        }
        await Promise.all(ids.map((id) => client.reaches(id, 'delivered')));
        const first = await client.get('/v1/delivery_reports');
        assert.ok(first.text.startsWith('{"delivery_reports":[{'));
        assert.equal(first.json.delivery_reports.length, 100);
        const dates = first.json.delivery_reports.map(({date_received}) => date_received);
        assert.deepEqual(dates, [...dates].sort());
        assert.equal((await client.get('/v1/delivery_reports')).text, first.text);

        const gone = first.json.delivery_reports.slice(10, 60).map((report) => report.delivery_report_id);
        const answer = await client.confirmReports(gone);
        assert.equal(answer.status, 202);
        assert.equal(answer.text, '{}');
        const rest = (await client.reports()).map((report) => report.delivery_report_id);
        assert.ok(!rest.some((id) => gone.includes(id)));
        assert.equal(rest.length, 100);
        assert.equal(await client.drainReports(), 130);
        assert.equal((await client.get('/v1/delivery_reports')).text, '{"delivery_reports":[]}');
    });

    test('replies likewise', async () => {
        await client.drainReplies();
        assert.equal((await client.get('/v1/replies')).text, '{"replies":[]}');
        const {message_id} = await accepted({source_number: '+61491570158', metadata: {thread: '7'}});
        await client.reaches(message_id, 'delivered');
        for (const content of ['one', 'two']) {
            const sent = await client.post(`/sandbox/handsets/${to}/messages`, {to: '+61491570158', content});
            assert.equal(sent.status, 202);
        }
        const replies = await until('two replies', async () => {
            const list = await client.replies();
            return list.length === 2 && list;
        });
        assert.deepEqual(replies.map(({content}) => content), ['one', 'two']);
        for (const reply of replies) {
            assert.equal(reply.message_id, message_id);
            assert.deepEqual(reply.metadata, {thread: '7'});
            assert.equal(reply.source_number, to);
            assert.equal(reply.destination_number, '+61491570158');
            assert.equal(reply.callback_url, null);
            assert.equal(reply.vendor_account_id.account_id, gateway.keys.account);
        }
        await client.confirmReplies([replies[0].reply_id]);
        assert.deepEqual((await client.replies()).map(({content}) => content), ['two']);
        await client.drainReplies();
    });

    test('confirm takes unknown ids and none at all, and refuses 101, no ids and no list', async () => {
        for (const [path, field] of [['/v1/replies/confirmed', 'reply_ids'],
            ['/v1/delivery_reports/confirmed', 'delivery_report_ids']]) {
            const confirm = async (body) => (await client.post(path, body)).status;
            assert.equal(await confirm({[field]: [unknownId]}), 202);
            assert.equal(await confirm({[field]: [unknownId.toUpperCase(), unknownId]}), 202);
            assert.equal(await confirm({[field]: []}), 202);
            assert.equal(await confirm({[field]: Array(100).fill(unknownId)}), 202);
            assert.equal(await confirm({[field]: Array(101).fill(unknownId)}), 400);
            assert.equal(await confirm({[field]: ['x']}), 400);
            assert.equal(await confirm({[field]: [1]}), 400);
            assert.equal(await confirm({[field]: null}), 400);
            assert.equal(await confirm({}), 400);
            assert.equal(await confirm('nonsense'), 400);
        }
    });

    test('reports exist only for messages that asked for them', async () => {
        const silent = await accepted({});
        const loud = await accepted({delivery_report: true});
        await client.reaches(silent.message_id, 'delivered');
        assert.deepEqual(await client.codes(loud.message_id, '220'), ['101', '200', '220']);
        assert.deepEqual(await client.reportsOf(silent.message_id), []);
    });
});

describe('the rest', () => {
    test('credits of an unlimited account are a number', async () => {
        const {status, json} = await client.get('/v1/messaging/credits');
        assert.equal(status, 200);
        assert.ok(json.remaining_credits > 0);
    });

    test('unknown paths are 404, other methods 405 with Allow, both JSON', async () => {
        for (const path of ['/', '/v1', '/v1/messages/', '/v1/message', '/v2/messages', `/v1/messages/${unknownId}/x`,
            '/v1/replies/confirmed/x', '/favicon.ico', '/v1//messages']) {
            assert.equal((await client.get(path)).status, 404, path);
        }
        for (const [method, path, allowed] of [['GET', '/v1/messages', 'POST'], ['DELETE', '/v1/messages', 'POST'],
            ['POST', `/v1/messages/${unknownId}`, 'GET, PUT'], ['POST', '/v1/replies', 'GET'],
            ['GET', '/v1/replies/confirmed', 'POST'], ['PUT', '/v1/delivery_reports', 'GET'],
            ['PATCH', '/v1/messaging/credits', 'GET']]) {
            const answer = await client.call(method, path);
            assert.equal(answer.status, 405, `${method} ${path}`);
            assert.deepEqual(answer.headers.get('allow').split(/,\s*/).sort(), allowed.split(', ').sort());
        }
    });

    test('healthz, readyz and metrics answer without credentials', async () => {
        for (const path of ['/healthz', '/readyz', '/metrics']) {
            assert.equal((await client.get(path, {auth: null})).status, 200, path);
        }
    });

    test('openapi.yaml is served as it stands in the tree', async () => {
        const {parse} = await import('yaml');
        assert.deepEqual(parse((await client.get('/openapi.yaml', {auth: null})).text), openapi);
    });

    test('the sandbox wants JSON on writes, so that no web page can write', async () => {
        const path = `/sandbox/handsets/${to}/messages`;
        const body = JSON.stringify({to: '+61491570158', content: 'x'});
        const answer = await client.call('POST', path, {body, headers: {'Content-Type': 'text/plain'}});
        assert.equal(answer.status, 415);
        assert.equal((await client.get(path, {auth: null})).status, 401);
    });
});
