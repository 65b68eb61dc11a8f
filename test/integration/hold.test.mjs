// SPDX-License-Identifier: Apache-2.0
// A link whose operator decides on what is in doubt: nothing goes twice without being asked for.
import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {after, before, describe, test} from 'node:test';
import {promisify} from 'node:util';
import {Carrier} from '../peers/carrier.mjs';
import {binary, Gateway, linkTo} from '../peers/gateway.mjs';
import {until} from '../peers/wait.mjs';

const source_number = '+61491570157';
let carrier, gateway, lastHandset = 491572000;

async function message(...args) {
    const options = ['--data', gateway.data, '--url', gateway.base];
    const {stdout} = await promisify(execFile)(binary, ['message', ...args, ...options]);
    return stdout;
}
const held = async () => JSON.parse(await message('held', '--json')).messages;

const send = async (content) => (await gateway.client.send({content, source_number, delivery_report: true,
    destination_number: `+61${++lastHandset}`}))[0].message_id;

describe('a link that holds what is in doubt', () => {
    before(async () => {
        carrier = await Carrier.start();
        gateway = await Gateway.start({config: linkTo(carrier, {in_doubt: 'hold'})});
    });
    after(async () => {
        await gateway.close();
        await carrier.close();
    });
    const taken = (content) => carrier.submits.entries.filter(({text}) => text === content).length;
    const loseOn = (content) => {
        carrier.onSubmit = (submit) => {
            if (submit.text === content) return submit.session.destroy();
            carrier.accept(submit);
            return carrier.receipt(submit);
        };
    };
    const answerAll = () => (carrier.onSubmit = (submit) => {
        carrier.accept(submit);
        return carrier.receipt(submit);
    });

    test('keeps it as enroute with code 151, and sends it once more when it is released', async () => {
        loseOn('Lost');
        const id = await send('Lost');
        await until('it to be held', async () => (await held()).length === 1);
        assert.equal((await held())[0].message_id, id);
        assert.equal((await gateway.client.get(`/v1/messages/${id}`)).json.status, 'enroute');
        assert.match(await message('held'), /in doubt on carrier/);
        const other = await send('Not lost');
        await gateway.client.reaches(other, 'delivered');
        assert.equal(taken('Lost'), 1);

        answerAll();
        assert.match(await message('release', id), /goes on/);
        await gateway.client.reaches(id, 'delivered');
        assert.equal(taken('Lost'), 2);
        assert.deepEqual(await held(), []);
        await assert.rejects(message('release', id), /not held/);
    });

    test('ends it as rejected with code 304 when it is dropped', async () => {
        loseOn('Unwanted');
        const id = await send('Unwanted');
        await until('it to be held', async () => (await held()).length === 1);
        assert.match(await message('drop', id), /is dropped/);
        await gateway.client.reaches(id, 'rejected');
        assert.match(await message('trace', id), /304.*dropped by the operator/);
        assert.equal(taken('Unwanted'), 1);
    });

    test('holds after a crash what it was submitting, and sends what it was not', async () => {
        carrier.onSubmit = () => {};
        const first = [];
        for (let i = 0; i < 10; ++i) first.push(await send(`Window ${i}`));
        await until('a full window', () => taken('Window 9') === 1);
        const queued = await send('Queued');
        await gateway.kill();
        answerAll();
        await gateway.launch();
        await gateway.client.reaches(queued, 'delivered');
        assert.deepEqual((await held()).map(({message_id}) => message_id).sort(), first.sort());
        for (let i = 0; i < 10; ++i) assert.equal(taken(`Window ${i}`), 1);
        for (const id of first) await message('release', id);
        for (const id of first) await gateway.client.reaches(id, 'delivered');
    });

    test('holds nothing after a stop in good order', async () => {
        const id = await send('Last');
        await gateway.client.reaches(id, 'delivered');
        await gateway.stop();
        await gateway.launch();
        assert.deepEqual(await held(), []);
    });
});
