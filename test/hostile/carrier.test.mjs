// SPDX-License-Identifier: Apache-2.0
// A handset or a message that its carrier stumbles over, and what becomes of the others: how often each was
// submitted is counted, and in which order.
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {Carrier, concatenation} from '../peers/carrier.mjs';
import {Gateway, linkTo} from '../peers/gateway.mjs';
import {until} from '../peers/wait.mjs';

const source_number = '+61491570157';
const long = 600_000;  // a pause that no test lives to see the end of
let lastHandset = 491576000;
const handset = () => `+61${++lastHandset}`;

// A gateway whose first link leads to `carrier`, and what a test asks of it.
async function linked(link, body, more = '') {
    const carrier = await Carrier.start();
    const gateway = await Gateway.start({config: linkTo(carrier, link) + more});
    const auth = `Bearer ${await gateway.adminToken()}`;
    const admin = async (path) => (await gateway.client.get(`/admin/v1${path}`, {auth})).json;
    const counts = () => {
        const counts = new Map();
        for (const {text} of carrier.submits.entries) counts.set(text, (counts.get(text) ?? 0) + 1);
        return counts;
    };
    const count = (text) => counts().get(text) ?? 0;
    try {
        await carrier.binds.waitFor('a bind', () => true);
        await body({carrier, gateway, client: gateway.client, admin, count, counts,
            held: async () => (await admin('/held_messages')).messages});
        if (carrier.fault) throw carrier.fault;
    } finally {
        await gateway.close();
        await carrier.close();
    }
}

// Sends that many messages to handsets of their own; gives their texts and ids.
async function send(client, count, name, fields = {}) {
    const sent = [];
    for (let i = 0; i < count; i += 100) {
        sent.push(...await client.send(...Array.from({length: Math.min(100, count - i)}, (_, j) => ({
            content: `${name} ${i + j}`, destination_number: handset(), source_number, delivery_report: true, ...fields,
        }))));
    }
    return sent.map(({content, message_id}) => ({text: content, id: message_id}));
}

// Delivers it; again on another connection when that goes.
async function deliver(carrier, submit) {
    carrier.accept(submit);
    for (let attempt = 0; attempt < 5; ++attempt) {
        const answer = await carrier.receipt(submit).catch(() => undefined);
        if (answer?.command_status === 0) return;
    }
}

// Delivers all but what `decide` has answered or lost itself, which it says by a truthy value.
const unless = (carrier, decide) => (submit) => {
    if (!decide(submit)) deliver(carrier, submit);
};

describe('a handset that its carrier refuses', () => {
    for (const [status, name] of [[0x14, 'queue full'], [0x08, 'system error'], [0x64, 'temporary failure'],
        [0x45, 'submit failed']]) {
        test(`${name}: 300 others leave once each, while it is tried once`, () =>
            linked({retry_min_ms: long, retry_max_ms: long}, async ({carrier, client, count, counts}) => {
                carrier.onSubmit = unless(carrier, (submit) =>
                    submit.text.startsWith('Refused') && carrier.refuse(submit, status));
                await send(client, 1, 'Refused');
                const others = await send(client, 300, 'Other');
                await until('all others', () => others.every(({text}) => count(text) > 0));
                assert.equal(count('Refused 0'), 1);
                assert.equal(carrier.submits.entries.length, 301);
                assert.ok([...counts().values()].every((times) => times === 1));
            }));
    }

    test('is tried so many times, then its message ends with code 400', () =>
        linked({retry_min_ms: 10, retry_max_ms: 20, retry_attempts: 4}, async ({carrier, client, count}) => {
            carrier.onSubmit = (submit) => carrier.refuse(submit, 0x14);
            const [{id}] = await send(client, 1, 'Refused');
            await client.reaches(id, 'failed');
            assert.deepEqual(await client.codes(id, '400'), ['101', '400']);
            assert.equal(count('Refused 0'), 4);
        }));

    test('is tried so many times, then its message goes another way', async () => {
        const other = await Carrier.start();
        try {
            await linked({retry_min_ms: 10, retry_max_ms: 20, retry_attempts: 2}, async ({carrier, client, count}) => {
                carrier.onSubmit = (submit) => carrier.refuse(submit, 0x14);
                await other.binds.waitFor('a bind', () => true);
                const [{id}] = await send(client, 1, 'Refused');
                await client.reaches(id, 'delivered');
                assert.deepEqual(await client.codes(id, '220'), ['101', '102', '200', '220']);
                assert.equal(count('Refused 0'), 2);
            }, linkTo(other, {name: 'other'}));
        } finally {
            await other.close();
        }
    });

    test('of which a part was accepted gets only the others again, with the same reference', () =>
        linked({retry_min_ms: 10, retry_max_ms: 20}, async ({carrier, client}) => {
            const parts = [];
            carrier.onSubmit = unless(carrier, (submit) => {
                const part = concatenation(submit.udh);
                parts.push(part);
                const times = parts.filter(({number}) => number === part.number).length;
                return part.number === 2 && times <= 2 && carrier.refuse(submit, 0x14);
            });
            const [{id}] = await send(client, 1, 'x'.repeat(400));
            await client.reaches(id, 'delivered');
            assert.deepEqual(parts.map(({number}) => number).sort(), [1, 2, 2, 2, 3]);
            assert.equal(new Set(parts.map(({reference}) => reference)).size, 1);
            assert.deepEqual(await client.codes(id, '220'), ['101', '200', '220']);
        }));

    test('is one of many, with nobody else about: a message to another one passes them', () =>
        linked({retry_min_ms: 200, retry_max_ms: 400}, async ({carrier, client, count}) => {
            carrier.onSubmit = unless(carrier, (submit) =>
                submit.text.startsWith('Refused') && carrier.refuse(submit, 0x14));
            const refused = await send(client, 12, 'Refused');
            await until('all to be refused', () => refused.every(({text}) => count(text) > 0));
            const [{id}] = await send(client, 1, 'Other');
            await client.reaches(id, 'delivered');
        }));

    test('beside several others in a row is the trouble of the link: it gets slower, and no attempt counts', () =>
        linked({retry_min_ms: 10, retry_max_ms: 20, retry_attempts: 3}, async ({carrier, client, admin}) => {
            let refusals = 0;
            carrier.onSubmit = unless(carrier, (submit) => refusals < 12 && ++refusals && carrier.refuse(submit, 0x14));
            const sent = await send(client, 20, 'Full');
            for (const {id} of sent) await client.reaches(id, 'delivered', 60_000);
            const [{throttled}] = (await admin('/links')).links;
            assert.ok(throttled > 0);
        }));
});

describe('a message that makes its carrier close the connection', () => {
    const poisoned = (carrier) => (carrier.onSubmit = unless(carrier, (submit) => {
        if (!submit.text.startsWith('Poison')) return false;
        submit.session.destroy();
        return true;
    }));

    for (const binds of [1, 2]) {
        test(`is held and shown; its neighbours go three times at most, with ${binds} binds`, () =>
            linked({binds}, async ({carrier, client, held, count, gateway}) => {
                poisoned(carrier);
                const before = await send(client, 5, 'Before');
                const [{id}] = await send(client, 1, 'Poison');
                const others = [...before, ...await send(client, 100, 'After')];
                await until('it to be held', async () => (await held()).length > 0);
                const [message] = await held();
                assert.equal(message.message_id, id);
                assert.match(JSON.stringify(message), /closed its connection/);
                assert.match(gateway.program.err, /is held/);
                for (const other of others) await client.reaches(other.id, 'delivered');
                assert.ok(count('Poison 0') >= 3 && count('Poison 0') <= 5, `${count('Poison 0')} times`);
                for (const {text} of others) assert.ok(count(text) <= 3, `${text}: ${count(text)} times`);
                const again = await send(client, 20, 'Afterwards');
                for (const other of again) await client.reaches(other.id, 'delivered');
                for (const {text} of again) assert.equal(count(text), 1);
                assert.equal((await held()).length, 1);
            }));
    }

    test('is alone on its own connection alone: another bind sends beside it', () =>
        linked({binds: 2, window: 5}, async ({carrier, client, held, count}) => {
            const open = new Map();  // submits without an answer, by session
            let answered = 0, alone = 0;
            carrier.onSubmit = async (submit) => {
                const {session, text} = submit;
                open.set(session, (open.get(session) ?? 0) + 1);
                if (!text.startsWith('Poison')) {
                    await new Promise(setImmediate);
                    open.set(session, open.get(session) - 1);
                    ++answered;
                    deliver(carrier, submit);
                } else if (count(text) <= 2) {
                    session.destroy();
                } else {
                    const before = answered;
                    await until('others beside it', () => answered >= before + 10);
                    if (open.get(session) === 1) ++alone;
                    session.destroy();
                }
            };
            await send(client, 1, 'Poison');
            const others = [];
            await until('it to be held', async () => {
                others.push(...await send(client, 10, `Beside ${others.length}`));
                return (await held()).length === 1;
            });
            for (const {id} of others) await client.reaches(id, 'delivered');
            assert.ok(alone >= 1, 'nothing else came over its connection');
        }));
});

test('a line that flaps blames nobody', () =>
    linked({}, async ({carrier, client, held, counts}) => {
        let submits = 0;
        carrier.onSubmit = (submit) => {
            if (++submits % 13 === 0) return submit.session.destroy();
            return deliver(carrier, submit);
        };
        const sent = await send(client, 150, 'Flap');
        for (const {id} of sent) await client.reaches(id, 'delivered', 60_000);
        assert.deepEqual(await held(), []);
        const most = Math.max(...counts().values());
        assert.ok(most <= 6, `${most} times`);
    }));

test('a line that loses whatever is sent blames nobody', () =>
    linked({reconnect_min_ms: 1, reconnect_max_ms: 1}, async ({carrier, client, held}) => {
        let losses = 0;
        carrier.onSubmit = unless(carrier, (submit) => {
            if (losses >= 40) return false;
            ++losses;
            submit.session.destroy();
            return true;
        });
        const sent = await send(client, 3, 'Lost');
        for (const {id} of sent) await client.reaches(id, 'delivered', 60_000);
        assert.equal(losses, 40);
        assert.deepEqual(await held(), []);
    }));

test('a handset whose submits are never answered costs nobody the connection, and is held', () =>
    linked({response_timeout_ms: 1_000}, async ({carrier, client, held, count}) => {
        carrier.onSubmit = unless(carrier, ({text}) => text.startsWith('Unanswered'));
        await send(client, 1, 'Unanswered');
        const others = [];
        await until('it to be held', async () => {
            others.push(...await send(client, 1, `Other ${others.length}`));
            return (await held()).length === 1;
        });
        for (const {id} of others) await client.reaches(id, 'delivered');
        assert.equal(count('Unanswered 0'), 3);
        for (const {text} of others) assert.equal(count(text), 1);
        assert.equal(carrier.binds.entries.length, 1);
    }));
