// SPDX-License-Identifier: Apache-2.0
// Strings beyond every limit: refused where they enter, and harmless where an older version let them in.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {after, before, describe, test} from 'node:test';
import {Carrier} from '../peers/carrier.mjs';
import {Gateway, linkTo} from '../peers/gateway.mjs';
import {Receiver} from '../peers/receiver.mjs';
import {until} from '../peers/wait.mjs';

const ours = '+61491570150', handset = '+61491570156';
const urlOf = (size, begin = 'https://example.com/') => begin + 'x'.repeat(size - begin.length);

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

const message = (more) => ({messages: [{content: 'x', destination_number: handset, ...more}]});
const webhook = (more) =>
    ({url: 'https://example.com/', method: 'POST', encoding: 'JSON', events: ['RECEIVED_SMS'], ...more});

describe('a string over its limit is 400 and names the field and the limit', () => {
    const cases = [
        ['POST', '/v1/messages', message({callback_url: urlOf(2049)}), /callback_url.* 2048 characters/],
        ['POST', '/v1/messages', message({callback_url: urlOf(8_000_000)}), /callback_url.* 2048 characters/],
        ['POST', '/v1/messages', message({format: 'MMS', media: [urlOf(8193)]}), /media\/0.* 8192 characters/],
        ['POST', '/v1/messages', message({source_number: 'x'.repeat(4_000_000)}), /source_number.* 11 characters/],
        ['POST', '/v1/messages', message({subject: 'x'.repeat(4_000_000)}), /subject.* 64 characters/],
        ['POST', '/v1/messages', message({metadata: {['x'.repeat(101)]: ''}}), /metadata.* 100 characters/],
        ['POST', '/v1/messages', message({metadata: {x: 'x'.repeat(257)}}), /metadata.* 256 characters/],
        ['POST', '/v1/webhooks/messages', webhook({url: urlOf(1001)}), /url.* 1000 characters/],
        ['POST', '/v1/webhooks/messages', webhook({template: 'x'.repeat(65_537)}), /template.* 65536 bytes/],
        ['POST', '/v1/webhooks/messages', webhook({headers: {x: 'x'.repeat(1001)}}), /headers.* 1000 characters/],
        ['POST', '/v1/webhooks/messages', webhook({events: ['x'.repeat(4_000_000)]}), /events.* 1000 characters/],
        ['POST', '/admin/v1/accounts', {id: 'x'.repeat(65)}, /id.* 64 letters/],
        ['PATCH', '/admin/v1/accounts/sandbox', {opt_out_confirmation: 'x'.repeat(501)}, /opt_out_.* 500 characters/],
        ['PATCH', '/admin/v1/accounts/sandbox', {drop_patterns: ['x'.repeat(201)]}, /drop_patterns.* 200 bytes/],
        ['PATCH', '/admin/v1/accounts/sandbox', {zone: 'x'.repeat(4_000_000)}, /zone.* 1000 characters/],
        ['PATCH', '/admin/v1/accounts/sandbox', {default_source: 'x'.repeat(1001)}, /default_source.* 1000 characters/],
        ['PUT', '/admin/v1/routes/r', {link: 'x'.repeat(65)}, /link.* 64 characters/],
        ['PUT', '/admin/v1/routes/r', {link: 'x', destination_prefix: '1'.repeat(16)}, /prefix.* 15 digits/],
        ['PUT', `/admin/v1/routes/${'x'.repeat(65)}`, {link: 'x'}, /64 letters/],
        ['POST', '/admin/v1/numbers', {number: '1'.repeat(1001), pool: true}, /number.* 1000 characters/],
        ['POST', `/sandbox/handsets/${handset}/messages`, {to: ours, content: 'x'.repeat(5001)}, /content.* 5000 char/],
    ];
    for (const [method, path, body, says] of cases) {
        test(`${method} ${path.slice(0, 60)} ${says.source}`, async () => {
            const auth = path.startsWith('/admin') ? admin : {};
            const {status, text, json} = await client.call(method, path, {body, ...auth});
            assert.equal(status, 400, text.slice(0, 300));
            assert.match(json.details.join('\n'), says);
            assert.ok(text.length < 1_000, `${text.length} bytes of answer`);
        });
    }

    test('what just fits is taken', async () => {
        const fits = message({callback_url: urlOf(2048), metadata: {['x'.repeat(100)]: 'x'.repeat(256)}});
        assert.equal((await client.post('/v1/messages', fits)).status, 202);
        const made = await client.post('/v1/webhooks/messages', webhook({url: urlOf(1000)}));
        assert.equal(made.status, 201, made.text);
        assert.equal((await client.call('DELETE', `/v1/webhooks/messages/${made.json.id}`)).status, 204);
    });

    test('the name of an unknown field comes back in part', async () => {
        const {status, text} = await client.call('PATCH', '/admin/v1/accounts/sandbox',
            {body: {['x'.repeat(4_000_000)]: 1}, ...admin});
        assert.equal(status, 400);
        assert.ok(text.length < 1_000);
    });
});

// Rows as a version without limits left them.
test('a stored callback URL that nobody can be sent to fails its attempt, and the gateway lives', async () => {
    receiver.script = ({path}) => path === '/stuck' ? () => {} : 200;
    const [{message_id}] = await client.send({content: 'x', destination_number: handset, delivery_report: true,
        callback_url: receiver.url('/stuck')});
    await receiver.calls('an attempt', 1, ({path}) => path === '/stuck');
    await gateway.kill();
    const sql = "UPDATE messages SET callback_url = 'http://127.0.0.1:1/' || hex(zeroblob(4500000)) " +
        'WHERE callback_url IS NOT NULL';
    execFileSync('sqlite3', [join(gateway.data, 'tidings.db'), sql]);
    await gateway.launch();
    client = gateway.client;
    const id = await until('the id of the event', async () => {
        const {json} = await client.get(`/admin/v1/callbacks?message=${message_id}`, admin);
        return json.callbacks.length > 0 && json.callbacks[0].id;
    });
    const [failed] = await until('a failed attempt', async () => {
        const {json} = await client.get(`/admin/v1/callbacks/${id}/attempts`, admin);
        const failures = json.attempts.filter(({attempt}) => attempt.status === null);
        return failures.length > 0 && failures;
    });
    assert.match(failed.attempt.error, /URL/);
    const other = await Receiver.start();  // the stored callbacks count as failures of the first one's origin
    try {
        await client.send({content: 'y', destination_number: handset, delivery_report: true,
            callback_url: other.url('/well')});
        await other.calls('a callback beside it', 1, ({path}) => path === '/well');
    } finally {
        await other.close();
    }
});

test('an MMS during a reload is taken or refused, and nothing else', async () => {
    const carrier = await Carrier.start();
    const reloading = await Gateway.start({config: 'stop_wait_s = 1\n'});
    try {
        const picture = {content_type: 'image/png', content: 'AAAA', original_name: 'a.png'};
        const letter = {to: ours, content: 'x', attachments: [picture]};
        const reloads = () => reloading.program.err.split('the configuration was read again').length - 1;
        const statuses = new Set();
        // The sandbox's link has other settings while there is a carrier beside it.
        for (let i = 0; i < 6; ++i) {
            await writeFile(reloading.configFile, `stop_wait_s = 1\n${i % 2 ? '' : linkTo(carrier)}`);
            reloading.program.child.kill('SIGHUP');
            while (reloads() <= i) {
                const sent = Array.from({length: 4}, () =>
                    reloading.client.post('/sandbox/handsets/+61491570157/messages', letter));
                for (const {status} of await Promise.all(sent)) statuses.add(status);
            }
        }
        for (const status of statuses) assert.ok([202, 503].includes(status), `status ${status}`);
        assert.equal((await reloading.client.get('/healthz', {auth: null})).status, 200);
    } finally {
        await reloading.close();
        await carrier.close();
    }
});
