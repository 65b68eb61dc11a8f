// SPDX-License-Identifier: Apache-2.0
// Carriers that refuse for now, for long: their link shares with the next, and what they took of a long message is not
// sent to them again, whatever happens to the gateway meanwhile.
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {Carrier, concatenation} from '../peers/carrier.mjs';
import {Gateway, linkTo} from '../peers/gateway.mjs';
import {until} from '../peers/wait.mjs';

const source_number = '+61491570157';
let lastHandset = 491579000;
const message = (content) => (
    {content, source_number, delivery_report: true, destination_number: `+61${++lastHandset}`});
const ordinary = (carrier) => (submit) => carrier.accept(submit) && carrier.receipt(submit);

// A gateway with a link to each carrier, for as long as `run` takes.
async function onLinks(names, settings, run) {
    const carriers = await Promise.all(names.map(() => Carrier.start()));
    const config = names.map((name, i) => linkTo(carriers[i], {name, ...settings})).join('');
    const gateway = await Gateway.start({config});
    try {
        for (const carrier of carriers) await carrier.binds.waitFor('a bind', () => true);
        await run(gateway, ...carriers);
    } finally {
        await gateway.close();
        await Promise.all(carriers.map((carrier) => carrier.close()));
    }
}

describe('a carrier that answers everything, for longer than overflow_after_s, with', () => {
    for (const [name, status] of Object.entries({ESME_RTHROTTLED: 0x58, ESME_RMSGQFUL: 0x14, ESME_RSYSERR: 0x08,
        ESME_RX_T_APPN: 0x64})) {
        test(`${name} gets help from the next link, and the trace says so`, () => onLinks(['first', 'second'],
            {overflow_after_s: 1, retry_min_ms: 100, retry_max_ms: 300}, async (gateway, first, second) => {
                first.onSubmit = (submit) => first.refuse(submit, status);
                const {client} = gateway;
                const sent = await client.send(...Array.from({length: 20}, (_, i) => message(`${name} ${i}`)));
                for (const {message_id} of sent) await client.reaches(message_id, 'delivered', 60_000);
                assert.equal(second.submits.entries.length, 20);
                const auth = `Bearer ${await gateway.adminToken()}`;
                const {steps} = (await client.get(`/admin/v1/messages/${sent[0].message_id}/trace`, {auth})).json;
                assert.ok(steps.some(({what}) => what === `by second, since carrier first keeps answering ${name}`),
                    JSON.stringify(steps));
                await until('the list of links to say so', async () => {  // it is as of a second ago
                    const {links} = (await client.get('/admin/v1/links', {auth})).json;
                    return links.find((link) => link.name === 'first').strained_by === name;
                });

                // Once it takes everything again, it gets everything again.
                first.onSubmit = ordinary(first);
                let after = 0;
                await until('all of ten by the first link', async () => {
                    const before = first.submits.entries.length;
                    const more = await client.send(...Array.from({length: 10}, () => message(`After ${++after}`)));
                    for (const {message_id} of more) await client.reaches(message_id, 'delivered', 60_000);
                    return first.submits.entries.length - before === 10;
                }, 60_000);
            }));
    }
});

describe('a part that its carrier refuses for now', () => {
    for (const status of [0x08, 0x14, 0x58, 0x64]) {
        for (const end of ['stop', 'kill']) {
            test(`with ${status} is repeated alone after a ${end} of the gateway`, () => onLinks(['carrier'],
                {retry_min_ms: 50, retry_max_ms: 100}, async (gateway, carrier) => {
                    const parts = [];
                    let refuses = true;
                    carrier.onSubmit = (submit) => {
                        const part = concatenation(submit.udh);
                        parts.push(part);
                        if (part.number === 2 && refuses) return carrier.refuse(submit, status);
                        return ordinary(carrier)(submit);
                    };
                    const [{message_id}] = await gateway.client.send(message('x'.repeat(400)));
                    // What was stored after the second refusal is on disk before the third.
                    await until('three refusals', () => parts.filter(({number}) => number === 2).length >= 3 &&
                        parts.some(({number}) => number === 3));
                    await gateway[end]();
                    refuses = false;
                    const before = parts.length;
                    await gateway.launch();
                    await gateway.client.reaches(message_id, 'delivered', 60_000);
                    assert.deepEqual(parts.slice(before).map(({number}) => number), [2]);
                    assert.equal(new Set(parts.map(({reference}) => reference)).size, 1);
                }));
        }
    }
});
