// SPDX-License-Identifier: Apache-2.0
// What a link cannot carry goes another way: one that is down, and one whose carrier does not answer in time.
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';
import {Carrier} from '../peers/carrier.mjs';
import {Gateway, linkTo} from '../peers/gateway.mjs';
import {until} from '../peers/wait.mjs';

const source_number = '+61491570157';
const patient = 60_000;  // a link is left after ten seconds
let first, second, gateway, client, auth, lastHandset = 491574000;

before(async () => {
    [first, second] = [await Carrier.start(), await Carrier.start()];
    gateway = await Gateway.start({config: linkTo(first, {name: 'first'}) + linkTo(second, {name: 'second'})});
    client = gateway.client;
    auth = `Bearer ${await gateway.adminToken()}`;
    for (const carrier of [first, second]) await carrier.binds.waitFor('a bind', () => true);
});
after(async () => {
    await gateway.close();
    await Promise.all([first.close(), second.close()]);
});

async function send(count, name) {
    const texts = Array.from({length: count}, (_, i) => `${name} ${i}`);
    const sent = await client.send(...texts.map((content) => ({
        content, source_number, delivery_report: true, destination_number: `+61${++lastHandset}`})));
    return sent.map(({message_id}) => message_id);
}
const taken = (carrier, content) => carrier.submits.entries.filter(({text}) => text === content).length;
const link = async (wanted) =>
    (await client.get('/admin/v1/links', {auth})).json.links.find(({name}) => name === wanted);

describe('a carrier that does not answer in time', () => {
    test('is left out, and what it had not got goes to the other one', {timeout: patient}, async () => {
        first.onSubmit = () => {};
        const ids = await send(30, 'Stuck');
        await until('a full window', () => taken(first, 'Stuck 9') === 1);
        await until('what waits', async () => (await link('first')).waiting === 20);
        assert.ok((await link('first')).oldest_seconds < 30);
        for (const id of ids.slice(10)) await client.reaches(id, 'delivered', patient);
        for (let i = 10; i < 30; ++i) assert.equal(taken(second, `Stuck ${i}`), 1);

        const [next] = await send(1, 'Next');
        await client.reaches(next, 'delivered');
        assert.equal(taken(second, 'Next 0'), 1);

        for (const submit of first.submits.entries) {
            first.accept(submit);
            first.receipt(submit).catch(() => {});
        }
        for (const id of ids.slice(0, 10)) await client.reaches(id, 'delivered');
    });
});

describe('a link that is down', () => {
    test('leaves what it had to the other one', {timeout: patient}, async () => {
        const route = {link: 'first', destination_prefix: '61', priority: 0};
        assert.equal((await client.call('PUT', '/admin/v1/routes/a', {body: route, auth})).status, 200);
        await first.close();
        await until('the loss of the link', async () => (await link('first')).bound === 0);
        const ids = await send(20, 'Only way');
        await until('what waits', async () => (await link('first')).waiting === 20);

        assert.equal((await client.call('PUT', '/admin/v1/routes/b',
            {body: {...route, link: 'second', priority: 1}, auth})).status, 200);
        for (const id of ids) await client.reaches(id, 'delivered', patient);
        for (let i = 0; i < 20; ++i) assert.equal(taken(second, `Only way ${i}`), 1);
    });
});
