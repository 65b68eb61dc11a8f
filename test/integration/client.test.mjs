// SPDX-License-Identifier: Apache-2.0
// The C++ client library against the built gateway: its examples, every call, and its C interface. They are built
// beside the gateway, in the folder example.
import assert from 'node:assert/strict';
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {after, before, describe, test} from 'node:test';
import {binary, Gateway, Program} from '../peers/gateway.mjs';
import {patience, until, within} from '../peers/wait.mjs';

const folder = join(dirname(binary), 'example');
const sdk = new URL('../../sdk/', import.meta.url).pathname;
const skip = existsSync(folder) ? false : `there are no examples in ${folder}`;

let gateway;
before(async () => (gateway = await Gateway.start()));
after(() => gateway.close());

// Runs a program to its end: {code, out, err}.
async function run(name, args = [], env = {}) {
    const {key, secret} = gateway.keys;
    const variables = {TIDINGS_BASE_URI: gateway.base, TIDINGS_KEY: key, TIDINGS_SECRET: secret, ...env};
    const program = new Program(args, variables, join(folder, name));
    const {code, out, err} = await within(`the end of ${name}`, program.exited, 3 * patience);
    for (const secret of [gateway.keys.secret, gateway.keys.hmac_secret]) {
        assert.ok(!`${out}${err}`.includes(secret), 'a secret is printed');
    }
    return {code, out, err};
}

async function does(name, ...args) {
    const {code, out, err} = await run(name, args);
    assert.deepEqual([code, err], [0, ''], `${name}: ${out}`);
    return out;
}

describe('examples of the README', {skip}, () => {
    let id;
    test('send_sms', async () => {
        const out = await does('send_sms', '+61491570156', 'Hello 世界');
        assert.match(out, /^[0-9a-f-]{36} queued\n$/);
        id = out.split(' ')[0];
        const {code, err} = await run('send_sms', ['nobody', 'x']);
        assert.equal(code, 1);
        assert.match(err, /^400 Request failed to parse.*\n {2}\/messages\/0\/destination_number: /);
    });

    test('send_mms', async () => {
        const out = (await does('send_mms', '+61491570156', 'https://example.com/a.png')).trim();
        const {json} = await gateway.client.get(`/v1/messages/${out}`);
        assert.equal(json.format, 'MMS');
        assert.deepEqual(json.media, ['https://example.com/a.png']);
    });

    test('get_status', async () => {
        await until('delivery', async () => (await does('get_status', id)) === 'it has arrived\n');
        const {code, err} = await run('get_status', ['877c19ef-fa2e-4cec-827a-e1df9b5509f7']);
        assert.deepEqual([code, err], [1, 'there is no such message\n']);
    });

    test('check_replies, check_reports, confirm', async () => {
        await gateway.client.post('/v1/messages',
            {messages: [{content: 'Well?', destination_number: '+61491570157', delivery_report: true}]});
        await until('three reports', async () => (await does('check_reports')).split('\n').length === 4);
        assert.match(await does('check_reports'), /^[0-9a-f-]{36} enroute 101\n.* submitted 200\n.* delivered 220\n$/);
        const [sent] = (await gateway.client.get('/sandbox/handsets/+61491570157/messages')).json.messages;
        await gateway.client.post('/sandbox/handsets/+61491570157/messages', {to: sent.from, content: 'Yes!'});
        await until('the reply', async () => (await does('check_replies')) !== '');
        assert.match(await does('check_replies'), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z \+61491570157: Yes!\n$/);
        assert.match(await does('confirm'), /^\+61491570157: Yes!\n(\S+ \w+\n){3}$/);
        assert.equal(await does('check_replies'), '');
        assert.equal(await does('check_reports'), '');
    });

    test('credits', async () => assert.match(await does('credits'), /^\d+\n$/));
    test('coroutine', async () => assert.equal(await does('coroutine', '+61491570158'), 'delivered\n'));
    test('tokens', async () => assert.equal(await does('tokens'), 'callback\nfuture\n'));
    test('hosted', async () => assert.equal(await does('hosted'), 'https://api.messagemedia.com\n'));
    test('send_many', async () => {
        const out = await does('send_many', '250');
        assert.match(out, /^(\d+ of 250\n){3}$/);
        assert.match(out, /^250 of 250$/m);
        await does('send_many', '250');
        const {messages} = (await gateway.client.get('/sandbox/handsets/+61491570156/messages')).json;
        assert.equal(messages.filter(({content}) => content === 'To all').length <= 250, true);
    });

    test('receiver takes what is signed, and only that', async () => {
        const secret = Buffer.from('0123456789abcdef01234567').toString('base64');
        const receiver = new Program(['0', secret], {}, join(folder, 'receiver'));
        const [, port] = await receiver.printed(/^listening on (\d+)$/m);
        const {createHmac} = await import('node:crypto');
        const body = JSON.stringify({reply_id: 'r1', source_number: '+61491570156', content: 'Hi'});
        const at = String(Math.floor(Date.now() / 1000));
        const mac = createHmac('sha256', Buffer.from(secret, 'base64')).update(`m1.${at}.${body}`).digest('base64');
        const post = async (signature) => (await fetch(`http://127.0.0.1:${port}/`, {
            method: 'POST', body,
            headers: {'webhook-id': 'm1', 'webhook-timestamp': at, 'webhook-signature': signature},
        })).status;
        assert.equal(await post('v1,AAAA'), 401);
        assert.equal(await post(`v1,${mac}`), 200);
        assert.equal((await receiver.printed(/^\+61491570156: .*$/m))[0], '+61491570156: Hi');
        await receiver.end('SIGKILL');
    });

    test('every block of code is a part of one of them', () => {
        const strip = (text) => text.replace(/\s+/g, ' ').trim();
        const sources = readdirSync(join(sdk, 'example'))
            .map((name) => strip(readFileSync(join(sdk, 'example', name), 'utf8')));
        const blocks = [...readFileSync(join(sdk, 'README.md'), 'utf8').matchAll(/^```cpp\n(.*?)^```$/gms)];
        assert.ok(blocks.length >= 10);
        for (const [, block] of blocks) {
            assert.ok(sources.some((source) => source.includes(strip(block))), `in no example:\n${block}`);
        }
    });
});

describe('every call', {skip}, () => {
    const calls = async (scheme, key, secret) => {
        const result = await run('all_calls', [scheme], {TIDINGS_KEY: key, TIDINGS_SECRET: secret});
        assert.deepEqual(result, {code: 0, out: 'all calls done\n', err: ''});
    };
    test('by Basic', () => calls('basic', gateway.keys.key, gateway.keys.secret));
    test('by HMAC-SHA256', () => calls('hmac-sha256', gateway.keys.hmac_key, gateway.keys.hmac_secret));
    test('by HMAC-SHA1', () => calls('hmac-sha1', gateway.keys.hmac_key, gateway.keys.hmac_secret));
    test('from plain C', async () => assert.equal(await does('plain_c', gateway.base), 'all calls done\n'));
});
