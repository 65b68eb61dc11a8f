// SPDX-License-Identifier: Apache-2.0
// What is told of links, and that doc/alerts.yml and doc/grafana.json speak of what there is.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {after, before, test} from 'node:test';
import {parse} from 'yaml';
import {Carrier} from '../peers/carrier.mjs';
import {Gateway, linkTo} from '../peers/gateway.mjs';
import {until} from '../peers/wait.mjs';

let carrier, gateway, lastHandset = 491572000;
before(async () => {
    carrier = await Carrier.start();
    gateway = await Gateway.start({config: linkTo(carrier, {bind: 'pair', binds: 2, window: 5, rate: 40})});
});
after(async () => {
    await gateway.close();
    await carrier.close();
});

const send = (count) => gateway.client.send(...Array.from({length: count}, () => (
    {content: 'Counted', destination_number: `+61${++lastHandset}`})));

async function links() {
    const auth = `Bearer ${await gateway.adminToken()}`;
    const {status, json} = await gateway.client.get('/admin/v1/links', {auth});
    assert.equal(status, 200);
    return json.links;
}
const carrierLink = async () => (await links()).find(({name}) => name === 'carrier');
const settles = (what, holds) => until(what, async () => {
    const link = await carrierLink();
    return link && holds(link) && link;
});

// {name of the sample: value} of the samples of our link.
async function samples() {
    const {text} = await gateway.client.get('/metrics', {auth: null});
    return Object.fromEntries([...text.matchAll(/^(\w+)\{link="carrier"(?:,le="([^"]+)")?\} (\S+)$/gm)]
        .map(([, name, le, value]) => [le ? `${name} ${le}` : name, Number(value)]));
}

test('links tell their binds, limits and counts', async () => {
    await settles('four binds', ({bound}) => bound === 4);
    assert.deepEqual((await links()).map(({name}) => name).sort(), ['carrier', 'sandbox']);
    assert.equal((await links()).find(({name}) => name === 'sandbox').rate, null);

    let submits = 0;
    carrier.onSubmit = (submit) => {
        ++submits;
        if (submits === 3) return carrier.refuse(submit, 0x45);
        if (submits === 5) return carrier.refuse(submit, 0x58);
        if (submits === 8) return submit.session.destroy();
        return carrier.accept(submit);
    };
    await send(10);
    const whole = await settles('all counts', (it) => it.responses === 11 && it.bound === 4);
    const {response_seconds, rate, ...link} = whole;
    assert.ok(response_seconds > 0 && rate > 0 && rate < 40, `${response_seconds} s, ${rate} a second`);
    assert.deepEqual(link, {name: 'carrier', configured: true, formats: ['SMS'], binds: 4, bound: 4, gave_up: false,
        strained_by: null, stopped_by: null, unknown_words: [], window: 10,
        window_in_use: 0, waiting: 0, oldest_seconds: 0, submits, throttled: 1,
        refused: 1, doubts: submits - 11, responses: 11});
    assert.ok(link.doubts >= 1);

    const told = await samples();
    assert.equal(told.tidings_link_bound, 4);
    assert.equal(told.tidings_link_binds, 4);
    assert.equal(told.tidings_link_window, 10);
    assert.equal(told.tidings_link_window_in_use, 0);
    assert.equal(told.tidings_link_waiting, 0);
    assert.equal(told.tidings_link_oldest_seconds, 0);
    assert.equal(told.tidings_link_submits_total, submits);
    assert.equal(told.tidings_link_throttled_total, 1);
    assert.equal(told.tidings_link_refused_total, 1);
    assert.equal(told.tidings_link_doubts_total, link.doubts);
    assert.equal(told.tidings_link_response_seconds_count, 11);
    assert.equal(told['tidings_link_response_seconds_bucket +Inf'], 11);
    assert.ok(told.tidings_link_rate > 0 && told.tidings_link_rate < 40);
});

test('every metric of the alerts and of the dashboard is exported', async () => {
    const {text} = await gateway.client.get('/metrics', {auth: null});
    const exported = new Set([...text.matchAll(/^(tidings_\w+)/gm)].map(([, name]) => name));
    for (const file of ['alerts.yml', 'grafana.json']) {
        const source = readFileSync(new URL(`../../doc/${file}`, import.meta.url), 'utf8');
        const names = new Set(source.match(/\btidings_\w+/g));
        assert.ok(names.size > 10);
        for (const name of names) assert.ok(exported.has(name), `${file} speaks of ${name}`);
    }
});

test('alerts and dashboard are whole', () => {
    const read = (file) => readFileSync(new URL(`../../doc/${file}`, import.meta.url), 'utf8');
    const rules = parse(read('alerts.yml')).groups.flatMap((group) => group.rules);
    for (const {alert, expr, labels, annotations} of rules) {
        assert.ok(alert && expr && annotations.summary);
        assert.match(labels.severity, /^(warning|critical)$/);
    }
    assert.equal(new Set(rules.map(({alert}) => alert)).size, rules.length);
    const {panels} = JSON.parse(read('grafana.json'));
    assert.equal(new Set(panels.map(({id}) => id)).size, panels.length);
});
