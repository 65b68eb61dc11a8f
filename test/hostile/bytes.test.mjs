// SPDX-License-Identifier: Apache-2.0
// Octets that are no text, from carriers, handsets and applications: what is listed, called back, traced and logged
// of them is valid UTF-8 all the same, and can be confirmed.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {join} from 'node:path';
import {after, afterEach, before, describe, test} from 'node:test';
import {Carrier} from '../peers/carrier.mjs';
import {Gateway, linkTo} from '../peers/gateway.mjs';
import {Receiver} from '../peers/receiver.mjs';
import {until} from '../peers/wait.mjs';

const ours = '+61491570150', handset = '+61491570156';
const octets = (text) => Buffer.from(text, 'latin1');
const valid = (bytes) => new TextDecoder('utf-8', {fatal: true}).decode(bytes);

let carrier, gateway, client, receiver, admin;
before(async () => {
    carrier = await Carrier.start();
    receiver = await Receiver.start();
    gateway = await Gateway.start({config: linkTo(carrier, {trace: 'full'})});
    client = gateway.client;
    admin = `Bearer ${await gateway.adminToken()}`;
    await carrier.receiver();
});
after(async () => {
    await gateway.close();
    await receiver.close();
    await carrier.close();
});
afterEach(() => {
    receiver.script = () => 200;
    carrier.onSubmit = (submit) => carrier.accept(submit) && carrier.receipt(submit);
});

// The answer as the bytes have it: what is not UTF-8 throws.
async function get(path, authorization = client.auth) {
    const response = await fetch(client.base + path, {headers: {Authorization: authorization}});
    assert.equal(response.status, 200, path);
    return JSON.parse(valid(await response.arrayBuffer()));
}

async function heard(what, source) {
    return until(what, async () =>
        (await get('/v1/replies')).replies.find(({source_number}) => source_number === source));
}

async function confirmed(reply) {
    assert.equal((await client.confirmReplies([reply.reply_id])).status, 202);
    const {replies} = await get('/v1/replies');
    assert.ok(!replies.some(({reply_id}) => reply_id === reply.reply_id));
}

describe('an address with the octet E9', () => {
    test('is escaped in lists, and its reply can be confirmed', async () => {
        const answer = await carrier.reply(handset, ours, 'Bonjour', {source_addr: octets('caf\xe9\n\x1b[2J')});
        assert.equal(answer.command_status, 0);
        await confirmed(await heard('the reply', 'caf\\xE9\\x0A\\x1B[2J'));
    });

    test('is escaped in callbacks in every encoding and in templates', async () => {
        const template = '{"from":"$esc.json($sourceAddress)","plain":"$sourceAddress"}';
        const hooks = [];
        for (const [path, more] of Object.entries({json: {}, form: {encoding: 'FORM_ENCODED'}, xml: {encoding: 'XML'},
            template: {template}})) {
            const made = await client.post('/v1/webhooks/messages', {url: receiver.url(`/${path}`), method: 'POST',
                encoding: 'JSON', events: ['RECEIVED_SMS'], ...more});
            assert.equal(made.status, 201, made.text);
            hooks.push(made.json.id);
        }
        await carrier.reply(handset, ours, 'Salut', {source_addr: octets('s\xe9lut')});
        for (const path of ['/json', '/form', '/xml', '/template']) {
            const [call] = await receiver.calls(path, 1, (it) => it.path === path);
            assert.ok(!call.text.includes('\ufffd'), call.text);
            assert.match(decodeURIComponent(call.text), /s\\{1,2}xE9lut/);
        }
        for (const hook of hooks) await client.call('DELETE', `/v1/webhooks/messages/${hook}`);
        await confirmed(await heard('the reply', 's\\xE9lut'));
    });

    test('is escaped where it belongs to nobody', async () => {
        await carrier.reply(handset, '+61400000009', 'Who?', {source_addr: octets('\xe9'),
            destination_addr: octets('nobody\xff')});
        await until('the unmatched reply', async () => {
            const {unmatched_replies} = await get('/admin/v1/unmatched_replies', admin);
            return unmatched_replies.some(({destination_number}) => destination_number === 'nobody\\xFF');
        });
    });

    test('that an older version stored is listed, called back and confirmed', async () => {
        await carrier.reply(handset, ours, 'Old');
        await heard('the reply', handset);
        await gateway.stop();
        execFileSync('sqlite3', [join(gateway.data, 'tidings.db'),
            "UPDATE replies SET source = CAST(X'2B636166E9' AS TEXT) WHERE content = 'Old'"]);
        await gateway.launch();
        client = gateway.client;
        await carrier.receiver();
        await confirmed(await heard('the old reply', '+caf\\xE9'));
    });
});

test('an id of any octets finds its message, and the trace is text', async () => {
    const id = octets('Id\xe9\n\t\x80');
    carrier.onSubmit = (submit) => {
        submit.session.send(submit.pdu.response({message_id: id}));
        carrier.deliver({source_addr: submit.pdu.destination_addr, destination_addr: submit.pdu.source_addr,
            esm_class: 0x04, short_message: Buffer.concat([octets('id:'), id, octets(' stat:DELIVRD err:000')]),
            receipted_message_id: id, message_state: 2});
    };
    const [{message_id}] = await client.send({content: 'x', source_number: ours, destination_number: handset});
    await client.reaches(message_id, 'delivered');
    const {pdus} = await get(`/admin/v1/messages/${message_id}/trace`, admin);
    const texts = pdus.map(({what}) => what);
    assert.ok(texts.some((text) => text.includes('message_id=Id\\xE9\\x0A\\x09\\x80')), texts.join('\n'));
    assert.ok(texts.every((text) => !/[\x00-\x1f\ufffd]/.test(text)));
});

test('nobody outside writes a line of the log', async () => {
    const forged = 'x\n2026-01-01T00:00:00.000 error FORGED';
    await client.call('GET', '/v1/replies', {auth: 'Basic ' + Buffer.from(`${forged}:y`).toString('base64')});
    const liar = await Carrier.start();
    const status = {session: undefined};
    liar.onBind = (pdu, session) => {
        status.session = session;
        session.kind = 'bind_transceiver';
        session.send(pdu.response({system_id: octets('evil\nFORGED')}));
    };
    const other = await Gateway.start({config: linkTo(liar)});
    try {
        await until('the bind in the log', () => /bound: .* at evil/.test(other.program.err));
        assert.match(other.program.err, /at evil\\x0AFORGED/);
        assert.doesNotMatch(other.program.err, /^(?!\d{4}-\d\d-\d\dT)./m);
        assert.doesNotMatch(gateway.program.err, /^(?!\d{4}-\d\d-\d\dT)./m);
    } finally {
        await other.close();
        await liar.close();
    }
});

test('what an application answers is shown as text', async () => {
    receiver.script = ({path}) => path !== '/odd' ? 200 : (response) =>
        response.writeHead(500, {'Content-Type': 'text/plain'}).end(octets('a\xe9b\x1b[2J'));
    const [{message_id}] = await client.send({content: 'x', source_number: ours, destination_number: handset,
        delivery_report: true, callback_url: receiver.url('/odd')});
    await receiver.calls('the callback', 1, ({path}) => path === '/odd');
    await until('the answer in the log of attempts', async () => {
        const {callbacks} = await get(`/admin/v1/callbacks?message=${message_id}`, admin);
        if (!callbacks.length) return false;
        const {attempts} = await get(`/admin/v1/callbacks/${callbacks[0].id}/attempts`, admin);
        return attempts.some(({attempt}) => attempt.answer.startsWith('a\ufffdb'));
    });
});

describe('JSON that is no text', () => {
    const bodies = (escape) => ({
        content: `{"messages":[{"content":"a${escape}b","destination_number":"${handset}"}]}`,
        subject: `{"messages":[{"content":"x","destination_number":"${handset}","subject":"${escape}"}]}`,
        metadata: `{"messages":[{"content":"x","destination_number":"${handset}","metadata":{"${escape}":"v"}}]}`,
        value: `{"messages":[{"content":"x","destination_number":"${handset}","metadata":{"k":"${escape}"}}]}`,
        source: `{"messages":[{"content":"x","destination_number":"${handset}","source_number":"${escape}"}]}`,
        callback: `{"messages":[{"content":"x","destination_number":"${handset}",` +
            `"callback_url":"http://a/${escape}"}]}`,
    });
    for (const [what, escape] of Object.entries({'a lone high surrogate': '\\ud800', 'a lone low one': '\\udc00',
        'the wrong order': '\\udc00\\ud800', 'a null': '\\u0000'})) {
        test(`is refused: ${what}`, async () => {
            for (const [field, body] of Object.entries(bodies(escape))) {
                const {status, text} = await client.post('/v1/messages', body);
                assert.equal(status, 400, `${field}: ${text}`);
            }
            for (const field of ['url', 'template', 'events', 'headers']) {
                const value = {events: `["${escape}"]`, headers: `{"x":"${escape}"}`}[field] ?? `"http://a/${escape}"`;
                const body = '{"url":"http://a/","method":"POST","encoding":"JSON","events":["RECEIVED_SMS"],' +
                    `"${field}":${value}}`;
                const {status, text} = await client.post('/v1/webhooks/messages', body);
                assert.equal(status, 400, `${field}: ${text}`);
            }
            const body = `{"opt_out_confirmation":"${escape}"}`;
            const {status} = await client.call('PATCH', '/admin/v1/accounts/sandbox', {body, auth: admin});
            assert.equal(status, 400);
        });
    }
});
