// SPDX-License-Identifier: Apache-2.0
// Which link carries a message: two carriers, and routes between them.
import assert from 'node:assert/strict';
import {after, afterEach, before, describe, test} from 'node:test';
import {Carrier} from '../peers/carrier.mjs';
import {Gateway, linkTo} from '../peers/gateway.mjs';
import {until} from '../peers/wait.mjs';

let first, second, gateway, client, auth, lastHandset = 491570400;
const newHandset = () => `+61${++lastHandset}`;

before(async () => {
    [first, second] = [await Carrier.start(), await Carrier.start()];
    const config = linkTo(first, {name: 'first'}) + linkTo(second, {name: 'second'});
    gateway = await Gateway.start({config});
    client = gateway.client;
    auth = `Bearer ${await gateway.adminToken()}`;
    for (const carrier of [first, second]) await carrier.binds.waitFor('a bind', () => true);
});
after(async () => {
    await gateway.close();
    await Promise.all([first.close(), second.close()]);
});

const admin = async (method, path, body, status) => {
    const answer = await client.call(method, `/admin/v1${path}`, {body, auth});
    assert.equal(answer.status, status, answer.text);
    return answer.json;
};
const route = (name, fields) => admin('PUT', `/routes/${name}`, fields, 200);
afterEach(async () => {
    for (const {name} of (await admin('GET', '/routes', undefined, 200)).routes) {
        await admin('DELETE', `/routes/${name}`, undefined, 204);
    }
    for (const carrier of [first, second]) {
        carrier.onSubmit = (submit) => carrier.accept(submit) && carrier.receipt(submit);
    }
});

const send = async (fields) => {
    const message = {content: 'Hello', destination_number: newHandset(), source_number: '+61491570157'};
    return (await client.send({...message, delivery_report: true, ...fields}))[0];
};
const submitsTo = (carrier, handset) =>
    carrier.submits.entries.filter(({pdu}) => pdu.destination_addr === handset.replace('+', '')).length;
// How many submits each carrier got for a message that went all its way.
const ways = async ({message_id, destination_number}) => {
    await client.reaches(message_id, 'delivered');
    return [submitsTo(first, destination_number), submitsTo(second, destination_number)];
};

describe('without routes', () => {
    test('the first link carries everything', async () => {
        assert.deepEqual(await ways(await send()), [1, 0]);
    });

    test('what the first link refuses goes to the next, with report 102', async () => {
        first.onSubmit = (submit) => first.refuse(submit, 0x45);
        const message = await send();
        assert.deepEqual(await ways(message), [1, 1]);
        assert.deepEqual(await client.codes(message.message_id, '220'), ['101', '102', '200', '220']);
    });

    test('what all of them refuse ends with the refusal; the sandbox is no way out', async () => {
        first.onSubmit = (submit) => first.refuse(submit, 0x45);
        second.onSubmit = (submit) => second.refuse(submit, 0x45);
        const {message_id} = await send();
        assert.deepEqual(await client.codes(message_id, '402'), ['101', '102', '402']);
    });
});

describe('routes', () => {
    test('go by destination, the longest prefix first', async () => {
        await route('australia', {link: 'first', destination_prefix: '+61'});
        await route('mobiles', {link: 'second', destination_prefix: '614'});
        assert.deepEqual(await ways(await send()), [0, 1]);
        assert.deepEqual(await ways(await send({destination_number: '+61298765432'})), [1, 0]);
    });

    test('end in 332 when none fits, and in 333 when none takes the source', async () => {
        await route('elsewhere', {link: 'first', destination_prefix: '1'});
        const lost = await send();
        assert.deepEqual(await client.codes(lost.message_id, '332'), ['101', '332']);
        await route('codes', {link: 'second', sources: ['12345']});
        const wrong = await send();
        assert.deepEqual(await client.codes(wrong.message_id, '333'), ['101', '333']);
        assert.deepEqual(await ways(await send({source_number: '12345'})), [0, 1]);
    });

    test('of a lower priority take what the better one refuses, and end in its code when both do', async () => {
        await route('best', {link: 'second'});
        await route('spare', {link: 'first', priority: 5});
        second.onSubmit = (submit) => second.refuse(submit, 0x45);
        const message = await send();
        assert.deepEqual(await ways(message), [1, 1]);
        assert.deepEqual(await client.codes(message.message_id, '220'), ['101', '102', '200', '220']);
        first.onSubmit = (submit) => first.refuse(submit, 0x45);
        const refused = await send();
        assert.deepEqual(await client.codes(refused.message_id, '402'), ['101', '102', '402']);
        const {steps} = await admin('GET', `/messages/${refused.message_id}/trace`, undefined, 200);
        const refusals = steps.filter(({code}) => !code).map(({what}) => what);
        assert.deepEqual(refusals, ['refused on second', 'refused on first']);
    });

    test('may lead to the sandbox', async () => {
        await route('play', {link: 'sandbox'});
        assert.deepEqual(await ways(await send()), [0, 0]);
    });

    test('to a link that is not configured lead nowhere', async () => {
        await route('gone', {link: 'no-such-link'});
        const {message_id} = await send();
        assert.deepEqual(await client.codes(message_id, '332'), ['101', '332']);
    });

    test('to a link that is not configured are accepted with a warning, and everybody says so', async () => {
        const warning = 'link no-such-link is not configured, so that nothing leaves by it';
        assert.equal((await route('gone', {link: 'no-such-link'})).warning, warning);
        assert.equal((await route('there', {link: 'first', destination_prefix: '1'})).warning, undefined);
        const {routes} = await admin('GET', '/routes', undefined, 200);
        assert.deepEqual(routes.map(({warning}) => warning), [warning, undefined]);

        const why = 'route gone leads nowhere: link no-such-link is not configured';
        const message = {destination_number: newHandset(), source_number: '+61491570157', account: 'sandbox'};
        const tried = await admin('POST', '/route_test', message, 200);
        assert.deepEqual(tried, {
            candidates: [],
            routes: [
                {route: 'gone', link: 'no-such-link', why: 'fits, but link no-such-link is not configured'},
                {route: 'there', link: 'first', why: 'is for other destinations'},
            ],
            code: '332', why,
        });
        const previewed = await client.post('/v1/messages/preview', {messages: [{content: 'Hello',
            destination_number: newHandset(), source_number: '+61491570157'}]});
        assert.equal(previewed.status, 200, previewed.text);
        const [{link, code, candidates, why: reason}] = previewed.json.messages;
        assert.deepEqual({link, code, candidates, reason}, {link: null, code: '332', candidates: [], reason: why});

        const {message_id} = await send();
        assert.deepEqual(await client.codes(message_id, '332'), ['101', '332']);
        const {steps} = await admin('GET', `/messages/${message_id}/trace`, undefined, 200);
        assert.equal(steps.at(-1).what, why);
        await route('spare', {link: 'second', priority: 5});
        assert.deepEqual(await ways(await send()), [0, 1]);
    });

    test('do not lead what no link carries', async () => {
        await route('all', {link: 'first'});
        const fields = {format: 'MMS', media: ['https://example.com/a.png']};
        const {message_id} = await send(fields);
        assert.deepEqual(await client.codes(message_id, '332'), ['101', '332']);
        const {steps} = await admin('GET', `/messages/${message_id}/trace`, undefined, 200);
        assert.equal(steps.at(-1).what, 'no link carries MMS');
        const {links} = await admin('GET', '/links', undefined, 200);
        for (const {name, formats, configured} of links) assert.deepEqual([formats, configured], [['SMS'], true], name);
    });

    test('to a link that is down are left out while another one is up', async () => {
        await route('best', {link: 'second'});
        await route('spare', {link: 'first', priority: 5});
        const {port} = second;
        await second.close();
        await until('the link to be down', () => /link second lost its connection/.test(gateway.program.err));
        assert.equal((await ways(await send()))[0], 1);
        second = await Carrier.start(port);
        await second.binds.waitFor('a bind', () => true);  // what the link last told is up to a second old
        await until('the link to be up', async () =>
            (await admin('GET', '/links', undefined, 200)).links.find(({name}) => name === 'second').bound === 1);
        assert.deepEqual(await ways(await send()), [0, 1]);
    });

    test('can be tested without sending anything', async () => {
        await route('mobiles', {link: 'second', destination_prefix: '614', account: 'sandbox'});
        await route('codes', {link: 'first', sources: ['12345', 'Bakery'], format: 'SMS', weight: 3});
        const message = {destination_number: '+61491570156', source_number: '12345', account: 'sandbox'};
        const found = await admin('POST', '/route_test', message, 200);
        assert.deepEqual(found, {
            candidates: [{route: 'mobiles', link: 'second'}, {route: 'codes', link: 'first'}],
            routes: [{route: 'codes', link: 'first', why: 'fits'}, {route: 'mobiles', link: 'second', why: 'fits'}],
            code: null,
        });
        const none = await admin('POST', '/route_test', {destination_number: '6129'}, 200);
        assert.equal(none.code, '333');
        assert.deepEqual(none.routes.map(({why}) => why), ['does not carry this source', 'is for another account']);
    });
});

describe('a route', () => {
    test('is shown as it was set, replaced, and removed', async () => {
        const defaults = {destination_prefix: null, sources: [], account: null, format: null, priority: 0, weight: 1};
        assert.deepEqual(await route('a', {link: 'first'}), {name: 'a', link: 'first', ...defaults});
        const fields = {
            link: 'second', destination_prefix: '614', sources: ['+61491570157', '12345', 'Bakery'], account: 'sandbox',
            format: 'SMS', priority: -5, weight: 7,
        };
        assert.deepEqual(await route('a', fields), {name: 'a', ...fields});
        assert.deepEqual((await admin('GET', '/routes', undefined, 200)).routes, [{name: 'a', ...fields}]);
        await admin('DELETE', '/routes/a', undefined, 204);
        await admin('DELETE', '/routes/a', undefined, 404);
    });

    test('with faults is refused with each of them', async () => {
        const body = {
            destination_prefix: '61x', sources: ['twelve chars'], account: 'nobody', format: 'FAX', priority: 1.5,
            weight: 0, x: 1,
        };
        const {details} = await admin('PUT', '/routes/a%20b', body, 400);
        assert.deepEqual(details.map((line) => line.split(':')[0]), [
            '/link', '/destination_prefix', '/sources', '/account', '/format', '/priority', '/weight', '/x',
            'The name of a route must have 1 to 64 letters, digits, dots, hyphens and underscores, and begin with a ' +
                'letter or a digit.',
        ]);
        await admin('PUT', '/routes/a', {link: 'first', sources: 'x'}, 400);
        await admin('POST', '/route_test', {}, 400);
    });
});
