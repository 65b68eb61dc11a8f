// SPDX-License-Identifier: Apache-2.0
// What existing clients send beside the reference, in their bytes: taken by default, each refused by a setting of its
// own. Only what must be fresh is filled in: host, credentials, dates, ids.
import assert from 'node:assert/strict';
import {createHash} from 'node:crypto';
import {describe, test} from 'node:test';
import {hmac} from '../peers/client.mjs';
import {Gateway} from '../peers/gateway.mjs';
import {Wire} from '../peers/wire.mjs';

const inAnHour = new Date(Date.now() + 3_600_000).toISOString();
const message = 'Request failed to parse correctly. Please ensure input is valid and try again.';
const scheduled = {content: 'later', destination_number: '+61491570156', scheduled: inAnHour};
const cancelPath = async (gateway) => `/v1/messages/${(await gateway.client.send(scheduled))[0].message_id}`;
const unparsed = (line) => [400, JSON.stringify({message, details: [line]})];
const mismatch = [401, '{"message":"HMAC signature does not match"}'];

function request(gateway, line, headers, body) {
    const host = new URL(gateway.base).host;
    const length = Buffer.byteLength(body);
    return [`${line} HTTP/1.1`, ...headers(host, length), '', body].join('\r\n');
}

// What no single client is known for, in the least of bytes: the fields of one message beside those that it needs.
const posted = (fields) => (gateway) => request(gateway, 'POST /v1/messages', (host, length) => [`Host: ${host}`,
    `Authorization: ${gateway.client.auth}`, 'Content-Type: application/json', `Content-Length: ${length}`],
JSON.stringify({messages: [{content: 'Hello', destination_number: '+61491570156', ...fields}]}));
const allUnparsed = (...lines) => [400, JSON.stringify({message, details: lines.map((line) => `/messages/0/${line}`)})];

// Each with what it looks like to the gateway, and what the answer is with the setting on and off: status and text.
const leniencies = {
    // The SDK for Python 2.1.2 calls isoformat() on dates of the answer, which are texts.
    spare_python: {
        bytes: (gateway) => request(gateway, 'POST /v1/messages', (host, length) => [`Host: ${host}`,
            'User-Agent: messagemedia-messages', 'Accept-Encoding: gzip, deflate', 'accept: application/json',
            'Connection: keep-alive', 'content-type: application/json; charset=utf-8', `Content-Length: ${length}`,
            `Authorization: ${gateway.client.auth}`], '{"messages": [{"content": "Gr\\u00fc\\u00dfe \\ud83d\\ude00", ' +
            `"destination_number": "+61491570156", "delivery_report": false, "scheduled": "${inAnHour}"}]}`),
        on: [202, /^(?!.*"scheduled")/], off: [202, /"scheduled":"/],
    },
    // All SDKs sign what has a body as a POST; here the one for PHP 2.1.0.
    accept_put_signed_as_post: {
        bytes: async (gateway) => {
            const path = await cancelPath(gateway);
            const body = '{"status":"cancelled"}';
            const options = {dateHeader: 'date', digestHeader: 'x-content-md5', signedMethod: 'POST'};
            const signed = hmac(gateway.keys, 'PUT', path, body, options);
            return request(gateway, `PUT ${path}`, (host, length) => [`Host: ${host}`,
                'Accept-Encoding: deflate, gzip, br, zstd', 'user-agent: messagemedia-messages',
                'accept: application/json', 'content-type: application/json; charset=utf-8',
                ...Object.entries(signed).map(([name, value]) => `${name}: ${value}`),
                `Content-Length: ${length}`], body);
        },
        on: [200, /"status":"cancelled"/], off: mismatch,
    },
    // The SDK for C# 2.0.1 hashes the ASCII encoding of the text, in which each other UTF-16 unit is a question mark.
    accept_lossy_md5: {
        bytes: (gateway) => {
            const body = '{"messages":[{"content":"Héllo 你好 😀","destination_number":"+61491570156",' +
                '"delivery_report":false}]}';
            const digest = createHash('md5').update(body.replace(/[^\x00-\x7f]/g, '?')).digest('hex').toUpperCase();
            const options = {dateHeader: 'date', digestHeader: 'x-Content-MD5', digest};
            const signed = hmac(gateway.keys, 'POST', '/v1/messages', body, options);
            return request(gateway, 'POST /v1/messages', (host, length) => ['User-Agent: messagemedia-messages',
                'Accept: application/json', `Date: ${signed.date}`, `x-Content-MD5: ${digest}`,
                `Authorization: ${signed.Authorization}`, 'Content-Type: application/json; charset=utf-8',
                `Content-Length: ${length}`, `Host: ${host}`], body);
        },
        on: [202, /"content":"Héllo 你好 😀"/], off: mismatch,
    },
    // The official example of the SDK for Node 2.0.3.
    accept_format_list: {
        bytes: (gateway) => request(gateway, 'POST /v1/messages', (host, length) => [
            'user-agent: messagemedia-messages', 'accept: application/json',
            'content-type: application/json; charset=utf-8', `host: ${host}`,
            `authorization: ${gateway.client.auth}`, `content-length: ${length}`, 'Connection: keep-alive'],
        '{"messages":[{"content":"My first message","destination_number":"+61491570156","format":["SMS"]}]}'),
        on: [202, /"format":"SMS"/], off: unparsed('/messages/0/format: Format must be one of SMS, MMS or TTS.'),
    },
    // The SDK for PHP 2.1.0 sends "scheduled":null with every message that is not.
    accept_null: {
        bytes: (gateway) => request(gateway, 'POST /v1/messages', (host, length) => [`Host: ${host}`,
            `Authorization: ${gateway.client.auth}`, 'Accept-Encoding: deflate, gzip, br, zstd',
            'user-agent: messagemedia-messages', 'accept: application/json',
            'content-type: application/json; charset=utf-8', `Content-Length: ${length}`],
        '{"messages":[{"content":"from php one","destination_number":"+61491570156","scheduled":null}]}'),
        on: [202, /"scheduled":null/],
        off: unparsed('/messages/0/scheduled: Scheduled must be an ISO 8601 date and time.'),
    },
    // The Java client of 2016, which signs no digest of the body.
    accept_cancel_in_any_case: {
        bytes: async (gateway) => {
            const path = await cancelPath(gateway);
            const body = '{\n  "status" : "CANCELLED"\n}';
            const signed = hmac(gateway.keys, 'PUT', path, body, {digestHeader: null});
            return request(gateway, `PUT ${path}`, (host, length) => [`Authorization: ${signed.Authorization}`,
                `Date: ${signed.Date}`, 'User-Agent: rest-api-java-client-v1', 'Content-Type: application/json',
                `Content-Length: ${length}`, `Host: ${host}`, 'Connection: Keep-Alive'], body);
        },
        on: [200, /"status":"cancelled"/], off: unparsed('Failed to parse message body.'),
    },
    accept_format_in_any_case: {
        bytes: posted({format: 'sms'}), on: [202, /"format":"SMS"/],
        off: allUnparsed('format: Format must be one of SMS, MMS or TTS.'),
    },
    // Programs that post the fields of a form, of which the user has filled in two.
    accept_empty: {
        bytes: posted({callback_url: '', media: [], subject: '', source_number_type: ''}),
        on: [202, /"callback_url":null.*"media":null.*"subject":null/],
        off: allUnparsed('callbackUrl: Invalid callback url', 'media: Media must not be empty.',
            'subject: Subject must not be empty.',
            'source_number_type: Source number type must be one of INTERNATIONAL, ALPHANUMERIC or SHORTCODE, ' +
            'Source number type is only valid when source number is specified.'),
    },
    accept_boolean_text: {
        bytes: posted({delivery_report: 'true'}), on: [202, /"delivery_report":true/],
        off: allUnparsed('delivery_report: Delivery report must be true or false.'),
    },
    accept_metadata_values: {
        bytes: posted({metadata: {order: 7, paid: true, price: 1.5}}),
        on: [202, /"metadata":\{"order":"7","paid":"true","price":"1.5"\}/],
        off: allUnparsed('metadata: Metadata value must be a string.'),
    },
    accept_unix_times: {
        bytes: posted({message_expiry_timestamp: 4003902227}),
        on: [202, /"message_expiry_timestamp":"2096-11-16T11:03:47.000Z"/],
        off: allUnparsed('message_expiry_timestamp: Message expiry timestamp must be an ISO 8601 date and time.'),
    },
};

async function check(gateway, name, [status, text]) {
    const wire = new Wire(Number(new URL(gateway.base).port)).write(await leniencies[name].bytes(gateway));
    const [answer] = await wire.answers(1);
    wire.socket.destroy();
    assert.equal(answer.status, status, `${name}: ${answer.text}`);
    if (typeof text === 'string') assert.equal(answer.text, text, name);
    else assert.match(answer.text, text, name);
}

describe('what clients send beside the reference', () => {
    const forgiving = async (config, off) => {
        const gateway = await Gateway.start({config});
        try {
            for (const [name, expected] of Object.entries(leniencies)) {
                await check(gateway, name, off(name) ? expected.off : expected.on);
            }
        } finally {
            await gateway.close();
        }
    };

    test('is taken', () => forgiving(undefined, () => false));

    for (const setting of Object.keys(leniencies)) {
        test(`is refused where [api] ${setting} = false, and only there`, () =>
            forgiving(`[api]\n${setting} = false\n`, (name) => name === setting));
    }

    test('is refused altogether where every leniency is off', () => {
        const lines = Object.keys(leniencies).map((setting) => `${setting} = false\n`);
        return forgiving(`[api]\n${lines.join('')}`, () => true);
    });
});
