// SPDX-License-Identifier: Apache-2.0
// MMS from handsets of the sandbox: on disk when they are acknowledged, with their files where applications want them.
import assert from 'node:assert/strict';
import {randomBytes} from 'node:crypto';
import {after, afterEach, before, test} from 'node:test';
import {Gateway} from '../peers/gateway.mjs';
import {Receiver} from '../peers/receiver.mjs';
import {until} from '../peers/wait.mjs';

const ours = '+61491570150', handset = '+61491570156', stranger = '+61491570157';
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
afterEach(() => (receiver.script = () => 200));

const picture = {content_type: 'image/png', content: randomBytes(300).toString('base64'), original_name: 'a "é".png'};
const film = {content_type: 'video/3gpp', content: randomBytes(2 << 20).toString('base64'), original_name: 'b.3gp'};

const send = (letter, from = stranger) => client.post(`/sandbox/handsets/${from}/messages`, {to: ours, ...letter});
async function made(webhook) {
    const fields = {url: receiver.url(), method: 'POST', encoding: 'JSON', events: ['RECEIVED_MMS'], ...webhook};
    const answered = await client.post('/v1/webhooks/messages', fields);
    assert.equal(answered.status, 201, answered.text);
    return answered.json.id;
}
const removed = (webhook) => client.call('DELETE', `/v1/webhooks/messages/${webhook}`);
const replies = async () => (await client.get('/v1/replies')).json.replies;

test('a callback URL gets text and files, and the list of replies the text', async () => {
    await client.send({content: 'Show me', destination_number: handset, source_number: ours, metadata: {key: 'value'},
        callback_url: receiver.url('/url')});
    await until('the message', async () =>
        (await client.get(`/sandbox/handsets/${handset}/messages`)).json.messages.length === 1);
    const sent = await send({content: 'Look!', attachments: [picture, film]}, handset);
    assert.equal(sent.status, 202, sent.text);
    assert.deepEqual(sent.json.attachments.map(({original_name}) => original_name), ['a "é".png', 'b.3gp']);
    const [call] = await receiver.calls('the reply', 1, ({body}) => body?.reply_id);
    assert.equal(call.path, '/url');
    assert.equal(call.body.content, 'Look!');
    assert.deepEqual(call.body.attachments, [picture, film]);
    assert.deepEqual(call.body.metadata, {key: 'value'});
    const [reply] = await replies();
    assert.equal(reply.reply_id, call.body.reply_id);
    assert.equal(reply.content, 'Look!');
    assert.equal(reply.attachments, undefined);
});

test('webhooks hear of RECEIVED_MMS, by default body or template', async () => {
    const template = '{"format":"$format","files":[#foreach($it in $attachments){"type":"$it.contentType",' +
        '"name":"$esc.json($it.originalName)","base64":"$it.base64"}#if($foreach.hasNext),#end#end]}';
    const hooks = [await made({url: receiver.url('/default')}), await made({url: receiver.url('/own'), template}),
        await made({url: receiver.url('/sms'), events: ['RECEIVED_SMS']})];
    try {
        assert.equal((await send({attachments: [picture]})).status, 202);
        const [plain] = await receiver.calls('the default', 1, ({path}) => path === '/default');
        assert.deepEqual(plain.body.attachments, [picture]);
        assert.equal(plain.body.content, '');
        const [own] = await receiver.calls('the template', 1, ({path}) => path === '/own');
        assert.deepEqual(own.body, {format: 'MMS',
            files: [{type: 'image/png', name: picture.original_name, base64: picture.content}]});
        assert.ok(!receiver.journal.entries.some(({path}) => path === '/sms'));
        const {json} = await client.get(`/admin/v1/callbacks?webhook=${hooks[0]}`, admin);
        assert.equal(json.callbacks[0].event, 'RECEIVED_MMS');
    } finally {
        for (const hook of hooks) await removed(hook);
    }
});

test('an account that gets no MMS gets its text, as an SMS', async () => {
    const feature = (inbound_mms) => client.call('PATCH', '/admin/v1/accounts/sandbox',
        {body: {features: {inbound_mms}}, ...admin});
    const hook = await made({url: receiver.url('/plain'), events: ['RECEIVED_SMS']});
    await feature(false);
    try {
        await send({content: 'Only this', attachments: [picture]});
        const [call] = await receiver.calls('the reply', 1, ({path}) => path === '/plain');
        assert.equal(call.body.content, 'Only this');
        assert.equal(call.body.attachments, undefined);
    } finally {
        await feature(true);
        await removed(hook);
    }
});

test('what was acknowledged survives kill -9, and its files come with each attempt', async () => {
    const hook = await made({url: receiver.url('/late'), retries: 5, retry_delay: 5});
    receiver.script = () => 500;
    assert.equal((await send({content: 'Late', attachments: [film]})).status, 202);
    await receiver.calls('a failure', 1, ({path}) => path === '/late');
    await gateway.kill();
    await gateway.launch();
    client = gateway.client;
    receiver.script = () => 200;
    const well = ({path, status}) => path === '/late' && status === 200;
    const [call] = await receiver.calls('the success', 1, well, 60_000);
    assert.deepEqual(call.body.attachments, [film]);
    await removed(hook);
});

test('what no handset could send is refused', async () => {
    for (const attachments of [[], [{}], [{...picture, content: '?'}], [{...picture, more: 1}], Array(11).fill(picture),
        [{...picture, original_name: 'a\nb'}], [film, film]]) {
        const {status, json} = await send({attachments});
        assert.equal(status, 400);
        assert.match(json.details[0], /^\/attachments/);
    }
});
