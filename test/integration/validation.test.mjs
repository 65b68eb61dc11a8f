// SPDX-License-Identifier: Apache-2.0
// What request bodies may hold: a wrong one is a 400 in the documented words, never a 500, and stores nothing.
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';
import {Gateway} from '../peers/gateway.mjs';
import {Wire} from '../peers/wire.mjs';

const hello = {content: 'Hello world', destination_number: '+61491570156'};
const inAnHour = new Date(Date.now() + 3_600_000).toISOString();
const good = {...hello, scheduled: inAnHour};
const message = 'Request failed to parse correctly. Please ensure input is valid and try again.';
const anId = '877c19ef-fa2e-4cec-827a-e1df9b5509f7';
const bytes = (...parts) => Buffer.concat(parts.map((part) => Buffer.from(part)));

let gateway, client, scheduledId;
before(async () => {
    gateway = await Gateway.start();
    client = gateway.client;
    scheduledId = (await client.send(good))[0].message_id;
});
after(() => gateway.close());

async function scheduledCount() {
    const {text} = await client.get('/metrics');
    return Number(text.match(/^tidings_messages_scheduled (\d+)$/m)[1]);
}

// The answer must be this 400, to the byte.
async function refused(method, path, body, details) {
    const answer = await client.call(method, path, {body});
    const what = `${method} ${path} ${String(body).slice(0, 200)}`;
    assert.equal(answer.status, 400, `${what} was answered ${answer.status} ${answer.text}`);
    assert.equal(answer.text, JSON.stringify({message, details}), what);
}

// A request of a good message and `bad`, which has these faults.
async function refusedMessage(bad, details) {
    const body = JSON.stringify({messages: [good, bad]});
    await refused('POST', '/v1/messages', body, details.map((line) => line.replace('/bad', '/messages/1')));
}

describe('a body that is not JSON of the right shape', () => {
    const deep = (open, depth = 100_000) => open.repeat(depth);
    const bodies = {
        empty: '', blank: ' \n', null: 'null', 'a list': '[]', 'a number': '1', 'a text': '"messages"', 'cut off': '{',
        'two values': '{}{}', 'a comma too many': '{"a":1,}', 'single quotes': "{'a':1}", 'no quotes': '{a:1}',
        html: '<html></html>', form: 'messages=x', 'a number beyond all range': '{"a":1e999999999999}',
        'no number': '{"a":NaN}', 'a number that begins with 0': '{"a":01}', 'a comment': '{/* */}',
        'a lone high surrogate': '{"a":"\\ud800"}', 'a lone low surrogate': '{"a":"\\udc00"}',
        'surrogates the wrong way round': '{"a":"\\ude00\\ud83d"}', 'an unknown escape': '{"a":"\\x41"}',
        'a raw line end in a text': '{"a":"\n"}', 'a raw NUL': '{"a":"\0"}', 'two byte order marks': '\ufeff\ufeff{}',
        'Latin-1': bytes('{"a":"', [0xe9], '"}'), 'an overlong NUL': bytes('{"a":"', [0xc0, 0x80], '"}'),
        'a surrogate in UTF-8': bytes('{"a":"', [0xed, 0xa0, 0x80], '"}'),
        'beyond Unicode': bytes('{"a":"', [0xf4, 0x90, 0x80, 0x80], '"}'), 'UTF-16': Buffer.from('{}', 'utf16le'),
        'lists without end': deep('['), 'objects without end': deep('{"a":'),
        'deep and well formed': `{"a":${deep('[')}${deep(']')}}`,
        'deeper than anything means': `{"a":${deep('[', 40)}${deep(']', 40)}}`,
    };
    for (const [name, body] of Object.entries(bodies)) {
        test(`${name}: all four calls with a body say so`, async () => {
            for (const [method, path] of [['POST', '/v1/messages'], ['PUT', `/v1/messages/${scheduledId}`],
                ['POST', '/v1/replies/confirmed'], ['POST', '/v1/delivery_reports/confirmed']]) {
                await refused(method, path, body, ['Failed to parse message body.']);
            }
        });
    }

    test('each call names what is missing or of another type', async () => {
        const messages = (body, line) => refused('POST', '/v1/messages', body, [`/messages${line}`]);
        await messages('{}', ': Messages cannot be null.');
        await messages('{"messages":null}', ': Messages cannot be null.');
        await messages('{"messages":{}}', ': Messages must be a list.');
        await messages('{"messages":"x"}', ': Messages must be a list.');
        await messages('{"messages":[]}', ': Messages must be between 1 and 100 messages.');
        await messages(`{"messages":[${Array(101).fill(1)}]}`, ': Messages must be between 1 and 100 messages.');
        for (const item of ['null', '1', '"x"', '[]', 'true']) {
            await messages(`{"messages":[${JSON.stringify(good)},${item}]}`, '/1: Message must be an object.');
        }
        for (const [path, list] of [['/v1/replies/confirmed', 'reply_ids'],
            ['/v1/delivery_reports/confirmed', 'delivery_report_ids']]) {
            const ids = (value, ...lines) => refused('POST', path, `{"${list}":${value}}`, lines);
            await refused('POST', path, '{}', [`/${list}: Ids cannot be null.`]);
            await ids('null', `/${list}: Ids cannot be null.`);
            await ids(`"${anId}"`, `/${list}: Ids must be a list.`);
            await ids(`{"0":"${anId}"}`, `/${list}: Ids must be a list.`);
            await ids(`[${Array(101).fill(`"${anId}"`)}]`, `/${list}: Ids must be at most 100.`);
            await ids(`["${anId}",null,1,"x","${anId}0",["${anId}"]]`,
                ...[1, 2, 3, 4, 5].map((i) => `/${list}/${i}: Id must be a UUID.`));
        }
    });

    test('a cancel says cancelled or is not understood', async () => {
        for (const body of ['{}', '{"status":null}', '{"status":"canceled"}', '{"status":["cancelled"]}',
            '{"status":true}', '{"status":"cancelled\\u0000"}', '{"status":"cancelled","status":"sent"}']) {
            await refused('PUT', `/v1/messages/${scheduledId}`, body, ['Failed to parse message body.']);
        }
        assert.equal(await client.status(scheduledId), 'scheduled');
    });
});

describe('a message with faults', () => {
    const characters = 'International address contains invalid characters';
    const size = "International address must be between 8 and 15 characters excluding the first '+'";
    const pairs = (count) => Object.fromEntries(Array.from({length: count}, (_, i) => [`k${i}`, 'v']));
    const long = (length) => 'x'.repeat(length);
    const picture = 'https://example.com/a.png';
    const notADate = (field, label) => [`/bad/${field}: ${label} must be an ISO 8601 date and time.`];
    const notAType = 'Source number type must be one of INTERNATIONAL, ALPHANUMERIC or SHORTCODE';
    const noSource = 'Source number type is only valid when source number is specified';
    const cases = [
        [{content: undefined}, ['/bad/content: Content cannot be null.']],
        [{content: null}, ['/bad/content: Content cannot be null.']],
        [{content: 5}, ['/bad/content: Content must be a string.']],
        [{content: ''}, ['/bad/content: Content must be between 1 and 5000 characters.']],
        [{content: long(5001)}, ['/bad/content: Content must be between 1 and 5000 characters.']],
        [{content: '😀'.repeat(5001)}, ['/bad/content: Content must be between 1 and 5000 characters.']],
        [{content: 'a\0b'}, ['/bad/content: Content must not contain null characters.']],
        [{content: `\0${long(5000)}`}, ['/bad/content: Content must not contain null characters, ' +
            'Content must be between 1 and 5000 characters.']],
        [{destination_number: null}, ['/bad/destination_number: Destination number cannot be null.']],
        [{destination_number: 61491570156}, ['/bad/destination_number: Destination number must be a string.']],
        [{destination_number: '1234567'}, [`/bad/destination_number: ${size}.`]],
        [{destination_number: '+1234567890123456'}, [`/bad/destination_number: ${size}.`]],
        [{destination_number: '+61 491 570'}, [`/bad/destination_number: ${characters}.`]],
        [{destination_number: '++61491570156'}, [`/bad/destination_number: ${characters}.`]],
        [{destination_number: '+6149157015\0'}, [`/bad/destination_number: ${characters}.`]],
        [{destination_number: '٦١٤٩١٥٧'}, [`/bad/destination_number: ${characters}.`]],
        [{destination_number: 'abc'}, [`/bad/destination_number: ${size}, ${characters}.`]],
        [{callback_url: 'ftp://example.com'}, ['/bad/callbackUrl: Invalid callback url']],
        [{callback_url: ['https://example.com']}, ['/bad/callbackUrl: Invalid callback url']],
        [{delivery_report: 1}, ['/bad/delivery_report: Delivery report must be true or false.']],
        [{format: 'fax'}, ['/bad/format: Format must be one of SMS, MMS or TTS.']],
        [{format: []}, ['/bad/format: Format must be one of SMS, MMS or TTS.']],
        [{media: [picture]}, ['/bad/media: Media is only valid when format is MMS.']],
        [{media: [picture], format: 'TTS'}, ['/bad/media: Media is only valid when format is MMS.']],
        [{media: Array(21).fill(picture)}, ['/bad/media: Media is only valid when format is MMS, ' +
            'Media must be at most 20 urls.']],
        [{media: picture, format: 'MMS'}, ['/bad/media: Media must be a list of urls.']],
        [{media: [picture, 'a.png', null], format: 'MMS'}, ['/bad/media/1: Invalid media url.',
            '/bad/media/2: Invalid media url.']],
        [{subject: long(65), format: 'MMS'}, ['/bad/subject: Subject must be at most 64 characters.']],
        [{subject: {}}, ['/bad/subject: Subject must be a string.']],
        [{metadata: pairs(11)}, ['/bad/metadata: Metadata must be at most 10 pairs.']],
        [{metadata: {[long(101)]: 'v'}}, ['/bad/metadata: Metadata key must be at most 100 characters.']],
        [{metadata: {k: long(257)}}, ['/bad/metadata: Metadata value must be at most 256 characters.']],
        [{metadata: {k: '😀'.repeat(257)}}, ['/bad/metadata: Metadata value must be at most 256 characters.']],
        [{metadata: {k: null}}, ['/bad/metadata: Metadata value must be a string.']],
        [{metadata: {'\0': 'v'}}, ['/bad/metadata: Metadata must not contain null characters.']],
        [{metadata: {...pairs(10), [long(101)]: long(257), k0: null}}, ['/bad/metadata: Metadata must be at most 10 ' +
            'pairs, Metadata key must be at most 100 characters, Metadata value must be at most 256 characters, ' +
            'Metadata value must be a string.']],
        [{metadata: ['v']}, ['/bad/metadata: Metadata must be an object of strings.']],
        [{scheduled: 'tomorrow'}, notADate('scheduled', 'Scheduled')],
        [{scheduled: Date.now()}, notADate('scheduled', 'Scheduled')],
        [{scheduled: '2199-01-01T00:00:00Z'}, ['/bad/scheduled: Scheduled must be within one year.']],
        [{source_number: 5}, ['/bad/source_number: Source number must be a string.']],
        [{source_number_type: 'SHORTCODE'}, [`/bad/source_number_type: ${noSource}.`]],
        [{source_number_type: 'short'}, [`/bad/source_number_type: ${notAType}, ${noSource}.`]],
        [{source_number: '12345', source_number_type: 5}, [`/bad/source_number_type: ${notAType}.`]],
        [{source_number: 'ACME', source_number_type: 'INTERNATIONAL'}, [`/bad/source_number: ${size}, ${characters}.`]],
    ];

    test('is refused with a line for each field', async () => {
        const count = await scheduledCount();
        for (const [fields, details] of cases) await refusedMessage({...hello, ...fields}, details);
        assert.equal(await scheduledCount(), count, 'something was stored');
    });

    test('does not hide the faults of others: all are in one answer, in the order of messages and fields', async () => {
        const count = await scheduledCount();
        const bad = [
            {source_number_type: 'SHORTCODE', destination_number: 'x', content: ''}, good, null,
            {content: 1, callback_url: 'x', delivery_report: 'x', format: 'x', media: 'x', subject: 1, metadata: 'x',
                message_expiry_timestamp: 'x', scheduled: 'x', source_number: 1, source_number_type: 'x'},
        ];
        const answer = await client.post('/v1/messages', {messages: bad});
        assert.equal(answer.status, 400);
        assert.deepEqual(answer.json.details.map((line) => line.slice(0, line.indexOf(':'))), [
            ...['content', 'destination_number', 'source_number_type'].map((field) => `/messages/0/${field}`),
            '/messages/2',
            ...['content', 'destination_number', 'callbackUrl', 'delivery_report', 'format', 'media', 'subject',
                'message_expiry_timestamp', 'metadata', 'scheduled', 'source_number', 'source_number_type']
                .map((field) => `/messages/3/${field}`),
        ]);
        assert.equal(await scheduledCount(), count, 'something was stored');
    });

    test('a hundred messages full of faults are answered in full', async () => {
        const bad = {content: '', destination_number: 'x', format: 'MMS', media: Array(20).fill('x')};
        const answer = await client.post('/v1/messages', {messages: Array(100).fill(bad)});
        assert.equal(answer.status, 400);
        assert.equal(answer.json.details.length, 2200);
    });
});

describe('what is accepted', () => {
    const accepted = async (fields) => (await client.send({...good, ...fields}))[0];

    test('every limit, reached', async () => {
        for (const character of ['x', 'é', '😀']) {
            await accepted({content: character.repeat(5000), subject: character.repeat(64), format: 'MMS',
                media: Array(20).fill('http://example.com')});
        }
        const metadata = Object.fromEntries(Array.from({length: 10}, (_, i) =>
            [`${i}${'😀'.repeat(99)}`, '😀'.repeat(256)]));
        assert.deepEqual((await accepted({metadata})).metadata, metadata);
        for (const destination_number of ['12345678', '+12345678', '123456789012345', '+123456789012345']) {
            assert.equal((await accepted({destination_number})).destination_number, destination_number);
        }
    });

    test('of equal keys the last', async () => {
        const body = '{"messages":[1],"messages":[{"content":5,"destination_number":"+61491570156",' +
            `"content":"second","metadata":{"a":"1","a":"2"},"scheduled":"${inAnHour}"}]}`;
        const answer = await client.call('POST', '/v1/messages', {body});
        assert.equal(answer.status, 202, answer.text);
        assert.equal(answer.json.messages[0].content, 'second');
        assert.deepEqual(answer.json.messages[0].metadata, {a: '2'});
    });

    test('JSON under any Content-Type, or none', async () => {
        const body = JSON.stringify({messages: [good]});
        for (const type of ['application/json;charset=UTF-8', 'text/plain', 'application/x-www-form-urlencoded',
            'application/octet-stream', 'text/json; charset=iso-8859-1', 'nonsense']) {
            const answer = await client.call('POST', '/v1/messages', {body, headers: {'Content-Type': type}});
            assert.equal(answer.status, 202, type);
        }
        const wire = new Wire(Number(new URL(gateway.base).port)).write('POST /v1/messages HTTP/1.1\r\nHost: x\r\n' +
            `Authorization: ${client.auth}\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`);
        assert.equal((await wire.end())[0].status, 202);
    });

    test('text of any script, escaped or not, comes back as it is', async () => {
        const content = 'Grüße 世界 😀 \u2028 \t\r\n "\\/ \u007f \ufeff \uffff \u{10ffff}';
        assert.equal((await accepted({content})).content, content);
        const escaped = [...content].flatMap((c) => c.split('')).map((unit) =>
            `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
        const body = JSON.stringify({messages: [{...good, content: 'CONTENT'}]}).replace('CONTENT', escaped);
        const answer = await client.call('POST', '/v1/messages', {body});
        assert.equal(answer.json.messages[0].content, content);
    });
});

describe('dates', () => {
    const echoOf = async (date) => {
        const answer = await client.post('/v1/messages', {messages: [{...good, message_expiry_timestamp: date}]});
        return answer.status === 202 ? answer.json.messages[0].message_expiry_timestamp : answer.status;
    };

    test('in every form that clients write are read and answered in one', async () => {
        const forms = {
            '2096-11-20T11:03:47Z': '47.000', '2096-11-20T21:03:47+10:00': '47.000', // Node
            '2096-11-20T11:03:47.893636+00:00': '47.893', '2096-11-20T11:03:47.893636': '47.893', // Python
            '2096-11-20T11:03:47': '47.000', '2096-11-20T11:03:47+00:00': '47.000', // Python; PHP and Ruby
            '2096-11-20T11:03:47.000Z': '47.000', '2096-11-20T11:03:47.9999999Z': '47.999', // Java; C#
            '2096-11-20 11:03:47Z': '47.000', '2096-11-20t11:03:47z': '47.000', '2096-11-20T06:03:47-0500': '47.000',
            '2096-11-20T11:03:47.1Z': '47.100', '2096-11-20T11:03:47.12Z': '47.120',
            '2096-11-20T11:03:47.123Z': '47.123', '2096-11-20T11:03:47.123456789z': '47.123',
            '2096-11-20T11:03:60Z': '59.000', '2096-11-21T11:02:47.5+23:59': '47.500',
            '2096-11-20T11:03:47-00:00': '47.000',
        };
        for (const [date, seconds] of Object.entries(forms)) {
            assert.equal(await echoOf(date), `2096-11-20T11:03:${seconds}Z`, date);
        }
        assert.equal(await echoOf('0001-01-01T00:00:00Z'), '0001-01-01T00:00:00.000Z');
        assert.equal(await echoOf('9999-12-31T23:59:59.999999999Z'), '9999-12-31T23:59:59.999Z');
        assert.equal(await echoOf(4003902227), '2096-11-16T11:03:47.000Z');
    });

    test('that are none, or of no year from 1 to 9999, are refused', async () => {
        for (const date of ['', ' ', '2096', '2096-11-20', '20961120T110347Z', '2096-11-20T11:03Z',
            '2096-11-20T24:00:00Z', '2096-11-20T11:60:00Z', '2096-11-20T11:03:61Z', '2096-02-30T00:00:00Z',
            '2095-02-29T00:00:00Z', '2096-13-01T00:00:00Z', '2096-00-01T00:00:00Z', '2096-11-20T11:03:47.Z',
            '2096-11-20T11:03:47.0123456789Z', '2096-11-20T11:03:47,5Z', '2096-11-20T11:03:47+1',
            '2096-11-20T11:03:47+24:00', '2096-11-20T11:03:47Z ', '0000-12-31T23:59:59Z',
            '0001-01-01T00:00:00+00:01', '9999-12-31T23:59:59-00:01', '10000-01-01T00:00:00Z',
            '+2096-11-20T11:03:47Z', '-0001-01-01T00:00:00Z', 'Tue, 20 Nov 2096 11:03:47 GMT', '4003902227',
            4003902227000, 4003902227.5, -1, true, {}, ['2096-11-20T11:03:47Z']]) {
            assert.equal(await echoOf(date), 400, JSON.stringify(date));
        }
    });
});
