// SPDX-License-Identifier: Apache-2.0
// The links change while the gateway runs: SIGHUP reads the configuration again.
import assert from 'node:assert/strict';
import {writeFile} from 'node:fs/promises';
import {after, afterEach, before, describe, test} from 'node:test';
import {Carrier} from '../peers/carrier.mjs';
import {Gateway, linkTo} from '../peers/gateway.mjs';
import {until} from '../peers/wait.mjs';

const source_number = '+61491570157';
let first, second, gateway, client, lastHandset = 491573000;

before(async () => {
    [first, second] = [await Carrier.start(), await Carrier.start()];
    gateway = await Gateway.start({config: `stop_wait_s = 1\n${linkTo(first, {name: 'first'})}`});
    client = gateway.client;
    await first.binds.waitFor('a bind', () => true);
});
after(async () => {
    await gateway.close();
    await Promise.all([first.close(), second.close()]);
});
afterEach(() => {
    for (const carrier of [first, second])
        carrier.onSubmit = (submit) => carrier.accept(submit) && carrier.receipt(submit);
});

const send = async (content) => (await client.send({content, source_number, delivery_report: true,
    destination_number: `+61${++lastHandset}`}))[0].message_id;
const taken = (carrier, content) => carrier.submits.entries.filter(({text}) => text === content).length;

// Writes the configuration, and waits for what the gateway says of it.
async function reload(config, says = /the configuration was read again/) {
    const from = gateway.program.err.length;
    await writeFile(gateway.configFile, `stop_wait_s = 1\n${config}`);
    gateway.program.child.kill('SIGHUP');
    await until('the reload', () => says.test(gateway.program.err.slice(from)));
    return gateway.program.err.slice(from);
}

describe('SIGHUP', () => {
    test('leaves links alone that did not change', async () => {
        const binds = first.binds.entries.length;
        await reload(linkTo(first, {name: 'first'}));
        await client.reaches(await send('Same'), 'delivered');
        assert.equal(first.binds.entries.length, binds);
    });

    test('refuses a file with a fault and goes on as before', async () => {
        const said = await reload('[[link]]\nname = "first"\nhots = "127.0.0.1"\n', /stays as it was/);
        assert.match(said, /unknown key link\.hots/);
        await client.reaches(await send('As before'), 'delivered');
    });

    test('says what counts only from the next start on', async () => {
        const said = await reload(`[api]\nvendor_id = "Other"\n${linkTo(first, {name: 'first'})}`);
        assert.match(said, /api\.vendor_id has changed and counts from the next start on/);
    });

    test('gives what waits for a link that is gone, or has no answer there, to another one', async () => {
        first.onSubmit = () => {};
        const ids = [];
        for (let i = 0; i < 20; ++i) ids.push(await send(`Moved ${i}`));
        await until('a full window', () => taken(first, 'Moved 9') === 1);
        await reload(linkTo(second, {name: 'second'}));
        for (const id of ids) await client.reaches(id, 'delivered');
        for (let i = 0; i < 20; ++i) {
            assert.equal(taken(first, `Moved ${i}`), i < 10 ? 1 : 0, 'only its window got there');
            assert.equal(taken(second, `Moved ${i}`), 1);
        }
        assert.ok(first.unbinds.entries.length > 0);
        const {json} = await client.get('/admin/v1/links', {auth: `Bearer ${await gateway.adminToken()}`});
        assert.deepEqual(json.links.map(({name}) => name).filter((name) => name !== 'sandbox'), ['second']);
    });

    test('binds a link anew when it changed, and sends what its carrier never answered', async () => {
        second.onSubmit = () => {};
        const id = await send('Twice');
        await until('the submit', () => taken(second, 'Twice') === 1);
        second.onSubmit = (submit) => second.accept(submit) && second.receipt(submit);
        const binds = second.binds.entries.length;
        await reload(linkTo(second, {name: 'second', window: 5}));
        await client.reaches(id, 'delivered');
        assert.ok(second.binds.entries.length > binds);
        assert.equal(taken(second, 'Twice'), 2);
    });

    test('lets messages wait for a link whose new settings do not work', async () => {
        const broken = linkTo(second, {name: 'second', tls: true, ca_file: '/nowhere.pem'});
        assert.match(await reload(broken), /link second cannot be made/);
        const id = await send('Patient');
        await reload(linkTo(second, {name: 'second'}));
        await client.reaches(id, 'delivered');
    });
});
