// SPDX-License-Identifier: Apache-2.0
// Messages that wait: for their time, for a link that is down, through a restart.
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';
import {Carrier} from '../peers/carrier.mjs';
import {Gateway, linkTo} from '../peers/gateway.mjs';
import {until} from '../peers/wait.mjs';

const hello = {
    content: 'Hello', destination_number: '+61491570156', source_number: '+61491570157', delivery_report: true,
};
const inSeconds = (seconds) => new Date(Date.now() + seconds * 1000).toISOString();

describe('while the link is down', () => {
    let gateway, client, port;
    before(async () => {
        const carrier = await Carrier.start();  // only to find a port that is free
        port = carrier.port;
        await carrier.close();
        gateway = await Gateway.start({config: linkTo({port})});
        client = gateway.client;
    });
    after(() => gateway.close());

    test('a message expires at its time and is never submitted', async () => {
        const lasting = {...hello, content: 'lasting'};
        const expiring = {...hello, content: 'expiring', message_expiry_timestamp: inSeconds(1)};
        const scheduled = {...expiring, content: 'too late', scheduled: inSeconds(60)};
        const [kept, ...gone] = await client.send(lasting, expiring, scheduled);
        for (const {message_id} of gone) await client.reaches(message_id, 'expired');
        assert.deepEqual(await client.codes(gone[0].message_id, '320'), ['101', '320']);
        assert.deepEqual(await client.codes(gone[1].message_id, '320'), ['320']);

        const carrier = await Carrier.start(port);
        try {
            await client.reaches(kept.message_id, 'delivered');
            assert.deepEqual(carrier.submits.entries.map(({text}) => text), ['lasting']);
        } finally {
            await carrier.close();
        }
    });
});

describe('a scheduled message', () => {
    test('is sent at its time after a restart, and at once when that is past', async () => {
        const gateway = await Gateway.start();
        try {
            const times = [inSeconds(1), inSeconds(4)];
            const sent = await gateway.client.send(...times.map((scheduled) => ({...hello, scheduled})));
            await gateway.stop();
            await until('the first time', () => Date.now() > Date.parse(times[0]));
            await gateway.launch();
            for (const [i, {message_id}] of sent.entries()) {
                await gateway.client.codes(message_id, '220');
                const [first] = await gateway.client.reportsOf(message_id);
                assert.equal(first.error_code, '101');
                assert.ok(first.submitted_date >= times[i], `${first.submitted_date} before ${times[i]}`);
            }
        } finally {
            await gateway.close();
        }
    });
});
