// SPDX-License-Identifier: Apache-2.0
// The signatures that our unit tests expect of us, in the hands of receivers.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {mock, test} from 'node:test';
import {isSigned, verified} from '../peers/signatures.mjs';

const lines = readFileSync(new URL('../vectors/webhook_signatures.txt', import.meta.url), 'utf8').split('\n');
const known = Object.fromEntries(lines.filter((line) => line && !line.startsWith('#'))
    .map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]));

test('the vendor\'s samples take our RSA signatures, and nothing else', () => {
    for (const digest of ['SHA224', 'SHA256', 'SHA512']) {
        const request = {
            method: known.method, target: known.target, body: known.body,
            headers: {
                date: known.date, 'x-messagemedia-digest-type': digest, 'x-messagemedia-signature': known[digest],
            },
        };
        assert.ok(isSigned(known.public_key, request), digest);
        for (const other of [{method: 'PUT'}, {target: '/captureData'}, {body: `${known.body} `}]) {
            assert.ok(!isSigned(known.public_key, {...request, ...other}), JSON.stringify(other));
        }
        const date = 'Wed, 18 Jul 2018 06:33:53 GMT';
        assert.ok(!isSigned(known.public_key, {...request, headers: {...request.headers, date}}));
    }
});

test('standardwebhooks takes our signatures with the new and with the old secret', (context) => {
    context.after(() => mock.restoreAll());
    mock.method(Date, 'now', () => Number(known.timestamp) * 1000);
    const headers = {
        'webhook-id': known.id, 'webhook-timestamp': known.timestamp, 'webhook-signature': known.standard_signature,
    };
    const request = {headers, body: known.standard_body};
    for (const secret of [known.new_secret, known.old_secret]) {
        assert.deepEqual(verified(secret, request), JSON.parse(known.standard_body));
        assert.throws(() => verified(secret, {headers, body: `${known.standard_body} `}));
    }
    assert.throws(() => verified('whsec_AAAA', request));
});
