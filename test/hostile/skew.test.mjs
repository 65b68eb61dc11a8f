// SPDX-License-Identifier: Apache-2.0
// A carrier that gives every message the same id, or none, and sends receipts and replies that fit nothing: its own
// messages may suffer, those of another link go on.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {Carrier} from '../peers/carrier.mjs';
import {Gateway, linkTo} from '../peers/gateway.mjs';
import {until} from '../peers/wait.mjs';

const skewed = 3_000;  // messages of the one carrier
const batch = 100;
let bad, good, gateway, auth;

before(async () => {
    [bad, good] = [await Carrier.start(), await Carrier.start()];
    const links = [linkTo(bad, {name: 'bad', window: 100}), linkTo(good, {name: 'good'})];
    gateway = await Gateway.start({config: links.join('\n')});
    auth = `Bearer ${await gateway.adminToken()}`;
    for (const [name, prefix] of [['bad', '6141'], ['good', '6142']]) {
        const route = {link: name, destination_prefix: prefix};
        const answer = await gateway.client.put(`/admin/v1/routes/${name}`, route, {auth});
        assert.ok(answer.status < 300, answer.text);
    }
});
after(async () => {
    await gateway.close();
    await Promise.all([bad.close(), good.close()]);
});

const message = (destination_number) => ({content: 'Skewed', destination_number});
const handset = '+61411000001';

async function metric(name) {
    const {text} = await gateway.client.get('/metrics', {auth});
    return Number(text.match(new RegExp(`^${name} (\\S+)$`, 'm'))[1]);
}

// Sends one over the good link, and waits for its receipt.
async function passes(number) {
    const [{message_id}] = await gateway.client.send(message(`+6142${String(number).padStart(7, '0')}`));
    await gateway.client.reaches(message_id, 'delivered');
}

// Lets the bad carrier say what it has to say, a window at a time, while others go on.
async function deliverBeside(count, deliver) {
    for (let from = 0; from < count; from += batch) {
        const beside = passes(++passed);
        await Promise.all(Array.from({length: batch}, (_, i) => deliver(from + i)));
        await beside;
    }
}
let passed = 0;

test('messages of another link go on beside thousands that have one id, or none', async () => {
    let submits = 0;
    bad.nextId = () => (submits++ % 2 ? 'same' : '');
    bad.onSubmit = (submit) => bad.accept(submit);
    for (let sent = 0; sent < skewed; sent += batch) {
        await gateway.client.send(...Array(batch).fill(message(handset)));
        await passes(++passed);
    }
    await bad.submits.waitForMany('all submits', skewed);

    const submit = bad.submits.entries[0];
    const receipts = 2_000;
    await deliverBeside(receipts, async (i) => {
        const answer = await bad.receipt({pdu: submit.pdu, id: i % 2 ? 'same' : ''});
        assert.equal(answer.command_status, 0);
    });
    assert.equal(bad.answered.entries.length, receipts);
});

test('nor do replies that fit nothing look through what waits', async () => {
    bad.onSubmit = () => {};  // the window stays full
    for (let sent = 0; sent < 1_000; sent += batch)
        await gateway.client.send(...Array(batch).fill(message(handset)));
    const before = await metric('tidings_replies_unmatched');
    const replies = 1_000;
    await deliverBeside(replies, async (i) => {
        const answer = await bad.reply(`+61433${String(i).padStart(6, '0')}`, '+61499999999', 'To nobody');
        assert.equal(answer.command_status, 0);
    });
    assert.equal(await metric('tidings_replies_unmatched'), before + replies);
    assert.ok(await metric('tidings_messages_due') >= 900);
    bad.onSubmit = (submit) => bad.accept(submit);
    bad.drop();
    await until('what waited to be sent', async () => (await metric('tidings_messages_due')) === 0);
});
