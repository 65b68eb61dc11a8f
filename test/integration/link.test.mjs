// SPDX-License-Identifier: Apache-2.0
// The sending side of a link as its carrier sees it: how fast, over how many binds, and what becomes of a lost one.
import assert from 'node:assert/strict';
import {after, afterEach, before, describe, test} from 'node:test';
import {Carrier} from '../peers/carrier.mjs';
import {Gateway, linkTo} from '../peers/gateway.mjs';
import {until} from '../peers/wait.mjs';

const source_number = '+61491570157';
const throttled = 0x58, queueFull = 0x14;
let carrier, gateway, client, lastHandset = 491571000;

async function open(link) {
    carrier = await Carrier.start();
    gateway = await Gateway.start({config: linkTo(carrier, link)});
    client = gateway.client;
}

async function close() {
    await gateway.close();
    await carrier.close();
}

// Sends that many messages with texts of their own; gives the texts in their order.
async function send(count, name) {
    const texts = Array.from({length: count}, (_, i) => `${name} ${String(i).padStart(4, '0')}`);
    for (let i = 0; i < count; i += 100) {
        await client.send(...texts.slice(i, i + 100).map((content) => ({
            content, destination_number: `+61${++lastHandset}`, source_number, delivery_report: true,
        })));
    }
    return texts;
}

// Times are those at which the carrier read a submit; a machine that stops for a while delays some, so that the most
// within a window is asked for over a window that is longer than its hiccups.
function mostWithin(times, window) {
    let most = 0;
    for (let first = 0, last = 0; last < times.length; ++last) {
        while (times[last] - times[first] >= window) ++first;
        most = Math.max(most, last - first + 1);
    }
    return most;
}

// Lets the carrier write down when it read what; `decide` answers each submit.
function record(decide = (submit) => carrier.accept(submit) && carrier.receipt(submit)) {
    const taken = [], times = [];
    carrier.onSubmit = (submit) => {
        times.push(performance.now());
        if (decide(submit) !== 'refused') taken.push(submit.text);
    };
    return {taken, times};
}

describe('a link with a rate', () => {
    before(() => open({rate: 50, window: 1}));
    after(close);
    afterEach(() => assert.equal(carrier.fault, undefined));

    test('spreads its submits evenly', async () => {
        const {taken, times} = record();
        const texts = await send(200, 'spread');
        await until('all submits', () => taken.length === texts.length);
        assert.deepEqual(taken, texts);
        const lasted = times.at(-1) - times[0];
        assert.ok(lasted > 199 / 50 * 1000 * 0.95, `200 at 50 a second took ${lasted} ms`);
        assert.ok(mostWithin(times, 1000) <= 75, `${mostWithin(times, 1000)} within a second`);
    });

    test('sends what is throttled again, in its place and without a report, and gets slower', async () => {
        let refusals = 0, pausedAt, wentOnAt;
        const {taken, times} = record((submit) => {
            if (submit.text.endsWith('0020') && refusals < 2) {
                carrier.refuse(submit, [throttled, queueFull][refusals++]);
                pausedAt = performance.now();
                return 'refused';
            }
            if (refusals === 2) wentOnAt ??= performance.now();
            carrier.accept(submit);
            carrier.receipt(submit);
        });
        const texts = await send(60, 'throttle');
        await until('all submits', () => taken.length === texts.length);
        assert.deepEqual(taken, texts, 'none lost, none twice, and in their order');
        assert.ok(wentOnAt - pausedAt > 900, `went on after ${wentOnAt - pausedAt} ms`);
        assert.ok(mostWithin(times.slice(-35), 1000) <= 25, 'a quarter of 50, and what it grew since');
        await client.drainReports();
        for (const report of client.told.values()) assert.ok(['101', '200', '220'].includes(report.error_code));
    });
});

describe('a carrier that takes less than the rate', () => {
    before(() => open({rate: 100, window: 20}));
    after(close);

    test('gets everything once, however often it throttles', async () => {
        let refusals = 0;
        const second = [];
        const {taken} = record((submit) => {
            const now = performance.now();
            while (second.length && now - second[0] > 1000) second.shift();
            if (second.length >= 30) {
                ++refusals;
                carrier.refuse(submit, throttled);
                return 'refused';
            }
            second.push(now);
            carrier.accept(submit);
            carrier.receipt(submit);
        });
        const texts = await send(150, 'narrow');
        await until('all submits', () => taken.length >= texts.length, 60_000);
        assert.ok(refusals > 0);
        assert.deepEqual(taken.sort(), texts);
    });
});

describe('a carrier that tells its congestion', () => {
    before(() => open({rate: 100, window: 100}));
    after(close);

    test('gets less, and loses nothing', async () => {
        const {taken, times} = record((submit) => {
            submit.session.send(submit.pdu.response({message_id: submit.id,
                congestion_state: taken.length === 20 ? 100 : 30}));
            carrier.receipt(submit);
        });
        const texts = await send(120, 'congested');
        await until('all submits', () => taken.length >= texts.length, 60_000);
        assert.deepEqual(taken, texts);
        const longest = Math.max(...times.slice(1).map((time, i) => time - times[i]));
        assert.ok(longest > 900, `the longest pause was ${longest} ms`);
        assert.ok(mostWithin(times.slice(40), 500) <= 45, 'half of 100, and what it grew since');
    });
});
