// SPDX-License-Identifier: Apache-2.0
// Numbers as carriers and applications write them at home, and senders with letters beyond ASCII; npm smpp is the
// carrier. Inside there is E.164 and nothing else.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {Carrier} from '../peers/carrier.mjs';
import {Gateway, linkTo} from '../peers/gateway.mjs';
import {RawCarrier} from '../peers/raw_smpp.mjs';
import {basic} from '../peers/client.mjs';
import {until} from '../peers/wait.mjs';

const from = '+61491570157';
let carrier, gateway, client, auth, lastHandset = 491573000;

const onLink = (name, settings, run) => test(name, async () => {
    carrier = await Carrier.start();
    gateway = await Gateway.start({config: linkTo(carrier, settings)});
    client = gateway.client;
    auth = `Bearer ${await gateway.adminToken()}`;
    try {
        await run();
    } finally {
        await gateway.close();
        await carrier.close();
    }
});

const admin = async (method, path, body, status) => {
    const answer = await client.call(method, `/admin/v1${path}`, {body, auth});
    assert.equal(answer.status, status, `${method} ${path}: ${answer.text}`);
    return answer.json;
};

let accounts = 0;
async function newAccount(fields) {
    const id = `numbers-${++accounts}`;
    await admin('POST', '/accounts', {id, unregistered_source: 'allow', ...fields}, 201);
    const {key, secret} = await admin('POST', `/accounts/${id}/keys`, {scheme: 'basic'}, 201);
    return {id, own: {auth: basic(key, secret)}};
}

// A handset in every way to write it.
function newHandset() {
    const national = String(++lastHandset);
    return {e164: `+61${national}`, digits: `61${national}`, home: `0${national}`, bare: national};
}

const submitTo = (address) => carrier.submits.waitFor(`a submit to ${address}`,
    ({pdu}) => pdu.destination_addr === address);

async function delivered(destination_number, fields = {}) {
    const [message] = await client.send(
        {content: 'Hello', destination_number, source_number: from, delivery_report: true, ...fields});
    await client.reaches(message.message_id, 'delivered');
    return message;
}

onLink('reads national numbers of a link that has a country', {country: 'AU'}, async () => {
    // The handset, our number: TON and digits.
    for (const [source, destination] of [
        [({bare}) => [2, bare], [2, '0491570157']], [({home}) => [0, home], [0, '0491570157']],
        [({home}) => [1, home], [1, '61491570157']], [({digits}) => [1, `0011${digits}`], [1, '+61491570157']],
        [({digits}) => [0, `00${digits}`], [0, '001161491570157']], [({home}) => [1, `+${home}`], [2, '491570157']],
    ]) {
        const handset = newHandset();
        const {message_id} = await delivered(handset.e164);
        const [source_addr_ton, source_addr] = source(handset);
        const [dest_addr_ton, destination_addr] = destination;
        const answer = await carrier.deliver({
            source_addr_ton, source_addr_npi: 1, source_addr, dest_addr_ton, dest_addr_npi: 1, destination_addr,
            short_message: 'Yes', data_coding: 0,
        });
        assert.equal(answer.command_status, 0);
        const [reply] = await client.repliesTo(message_id);
        assert.equal(reply?.content, 'Yes', `${source_addr_ton} ${source_addr} to ${destination_addr}`);
        assert.equal(reply.source_number, handset.e164);
    }
});

onLink('a STOP from a national number opts the E.164 one out', {country: 'AU'}, async () => {
    const handset = newHandset();
    await delivered(handset.e164);
    await carrier.deliver({source_addr_ton: 0, source_addr: handset.home, destination_addr: '0491570157',
        short_message: 'STOP', data_coding: 0});
    const {json} = await client.get('/v1/number_authorisation/mt/blacklist');
    assert.deepEqual(json.numbers, [handset.e164]);
    const [{message_id}] = await client.send(
        {content: 'More', destination_number: handset.e164, source_number: from, delivery_report: true});
    assert.deepEqual(await client.codes(message_id, '302'), ['302']);
});

onLink('without a country a national number never becomes +0', {}, async () => {
    const number = '+61491570158';
    const {id, own} = await newAccount({country: 'AU'});
    await admin('POST', '/numbers', {number, account: id}, 201);
    const stop = newHandset();
    const reply = (source_addr, destination_addr, text) => carrier.deliver(
        {source_addr_ton: 0, source_addr, destination_addr, short_message: text, data_coding: 0});
    await reply(stop.home, '61491570158', 'STOP');
    const {replies} = (await client.get('/v1/replies', own)).json;
    assert.deepEqual(replies.map(({source_number}) => source_number), [stop.e164], 'by the country of the account');
    assert.deepEqual((await client.get('/v1/number_authorisation/mt/blacklist', own)).json.numbers, [stop.e164]);

    await reply(stop.home, '61491579999', 'Who is this?');
    const [{source_number}] = (await admin('GET', '/unmatched_replies', undefined, 200)).unmatched_replies;
    assert.equal(source_number, stop.home);
});

for (const [number_form, settings, written, ton] of [
    ['digits', {}, ({digits}) => digits, 1], ['plus', {}, ({e164}) => e164, 1],
    ['national', {country: 'AU'}, ({home}) => home, 2],
]) {
    onLink(`writes numbers as ${number_form}, and finds receipts and replies`, {number_form, ...settings}, async () => {
        const handset = newHandset();
        const {message_id} = await delivered(handset.e164);
        const {pdu} = await submitTo(written(handset));
        const own = {e164: from, digits: from.slice(1), home: '0491570157'};
        assert.deepEqual([pdu.dest_addr_ton, pdu.source_addr_ton, pdu.source_addr], [ton, ton, written(own)]);
        await carrier.reply(pdu.destination_addr, pdu.source_addr, 'Yes',
            {data_coding: 0, source_addr: pdu.destination_addr, destination_addr: pdu.source_addr});
        const [reply] = await client.repliesTo(message_id);
        assert.equal(reply?.source_number, handset.e164);
    });
}

onLink('foreign numbers leave as E.164 from a link that writes national ones',
    {number_form: 'national', country: 'AU'}, async () => {
        await client.send({content: 'Hello', destination_number: '+12015550123', source_number: from});
        const {pdu} = await submitTo('12015550123');
        assert.equal(pdu.dest_addr_ton, 1);
    });

onLink('applications of an account with a country may write as at home', {}, async () => {
    const {own} = await newAccount({country: 'AU'});
    const handset = newHandset();
    const body = {
        content: 'Hello', destination_number: handset.home, source_number: '0491570157', delivery_report: true,
    };
    const answer = await client.post('/v1/messages', {messages: [body]}, own);
    assert.equal(answer.status, 202, answer.text);
    const [echo] = answer.json.messages;
    assert.equal(echo.destination_number, handset.home);
    assert.equal(echo.source_number, '0491570157');
    const {pdu} = await submitTo(handset.digits);
    assert.equal(pdu.source_addr, '61491570157');
    const {json} = await client.get(`/v1/messages/${echo.message_id}`, own);
    assert.deepEqual([json.destination_number, json.source_number], [handset.home, '0491570157']);
    const report = await until('a report', async () =>
        (await client.get('/v1/delivery_reports', own)).json.delivery_reports[0]);
    assert.equal(report.source_number, handset.e164);

    const list = '/v1/number_authorisation/mt/blacklist';
    await client.post(list, {numbers: [handset.home]}, own);
    assert.deepEqual((await client.get(list, own)).json.numbers, [handset.e164]);
    const {json: checked} = await client.get(`/v1/number_authorisation/is_authorised/${handset.home}`, own);
    assert.deepEqual(checked.numbers, [{number: handset.e164, authorised: false}]);
    assert.equal((await client.call('DELETE', `${list}/${handset.home}`, own)).status, 200);
});

onLink('without a country they are told what to write', {}, async () => {
    const sentence = 'International address must begin with a country code, as +61491570156; a number without one ' +
        'needs an account with a country.';
    for (const destination_number of ['0491570156', '+0491570156', '001161491570156']) {
        const answer = await client.post('/v1/messages',
            {messages: [{content: 'Hello', destination_number, source_number: '0491570157'}]});
        assert.equal(answer.status, 400);
        assert.deepEqual(answer.json.details, [`/messages/0/destination_number: ${sentence}`,
            `/messages/0/source_number: ${sentence}`]);
    }
    const {status, json} = await client.post('/v1/number_authorisation/mt/blacklist', {numbers: ['0491570156']});
    assert.equal(status, 400);
    assert.match(json.details[0], /must begin with a country code/);
});

onLink('numbers are added in their canonical form', {}, async () => {
    const {id} = await newAccount({country: 'AU'});
    const {number} = await admin('POST', '/numbers', {number: '0491570170', account: id}, 201);
    assert.equal(number, '+61491570170');
    await admin('DELETE', `/numbers/0491570170?account=${id}`, undefined, 204);
    const none = await newAccount({});
    for (const body of [{number: '0491570171', account: none.id}, {number: '0491570171', pool: true}]) {
        const {details} = await admin('POST', '/numbers', body, 400);
        assert.deepEqual(details,
            ['/number: must begin with a country code, as +61491570156, or be of an account with a country.']);
    }
    await admin('POST', '/accounts', {id: 'nowhere', country: 'Australia'}, 400);
    await admin('POST', '/accounts', {id: 'nowhere', country: 'XX'}, 400);
});

// The sender of a submit_sm as octets: behind the service type, TON and NPI.
function senderIn(body) {
    const type = body.indexOf(0) + 1;
    return {ton: body[type], octets: body.subarray(type + 2, body.indexOf(0, type + 2)).toString('hex')};
}

for (const [charset, name, octets] of [
    ['gsm7', 'Bäckerei', '427b636b65726569'], ['latin1', 'Bäckerei', '42e4636b65726569'],
    ['gsm7', 'Δelta_Å', '10656c7461110e'], ['latin1', 'José', '4a6f73e9'], ['ascii', 'a_b@c', '615f624063'],
]) {
    test(`writes ${name} in the alphabet of the link, ${charset}`, async () => {
        carrier = await RawCarrier.start();
        gateway = await Gateway.start({config: linkTo(carrier, {charset})});
        try {
            await gateway.client.send(
                {content: 'Hello', destination_number: newHandset().e164, source_number: name});
            const {frame} = await carrier.submits.waitFor('the submit', () => true);
            assert.deepEqual(senderIn(frame.body), {ton: 5, octets});
        } finally {
            await gateway.close();
            await carrier.close();
        }
    });
}

onLink('a name that no link can write is refused at once', {charset: 'ascii'}, async () => {
    const send = (source_number) => client.post('/v1/messages',
        {messages: [{content: 'Hello', destination_number: newHandset().e164, source_number}]});
    await until('the link to be known', async () =>
        (await admin('GET', '/links', undefined, 200)).links.some(({name, bound}) => name === 'carrier' && bound > 0));
    const answer = await send('Bäckerei');
    assert.equal(answer.status, 400, answer.text);
    assert.deepEqual(answer.json.details, ['/messages/0/source_number: No link has the letters of this name.']);
    for (const name of ['ЯНДЕКС', '5 €', '😀']) assert.equal((await send(name)).status, 400, name);
    assert.equal((await send('Bakery')).status, 202);
});
