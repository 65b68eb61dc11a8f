// SPDX-License-Identifier: Apache-2.0
// Kills the gateway with SIGKILL again and again while messages, receipts and replies pass through it, and counts:
//
//   - every message answered 202 reaches a final state;
//   - every reply and receipt the carrier was told OK for is there;
//   - a message is submitted again only over another connection, and not once it was seen as submitted;
//   - what was confirmed never comes back, and no message moves backwards, within its reports or between two looks.
//
// The carrier lives in this process and so survives the kills. It does what carriers do: it sends a deliver_sm again
// until it is answered. KILLS (20) says how often, SEED repeats the choices of an earlier run.
import assert from 'node:assert/strict';
import {Carrier, insist} from '../peers/carrier.mjs';
import {Gateway, linkTo} from '../peers/gateway.mjs';
import {pause, until} from '../peers/wait.mjs';

const kills = Number(process.env.KILLS ?? 20);
const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
const batchSize = 10, posters = 4, backlogMax = 2000;
const settleMs = 180_000;
const from = '+61491570157';

// mulberry32: small, and the same everywhere for one seed.
let state = seed;
function chance() {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}
const between = (low, high) => low + chance() * (high - low);

const ranks = {scheduled: 0, enroute: 1, submitted: 2, delivered: 3, expired: 3, rejected: 3, failed: 3};
const isFinal = (status) => ranks[status] === 3;
const mayFollow = (earlier, later) => (isFinal(earlier)
    ? later === earlier || (later === 'delivered' && (earlier === 'failed' || earlier === 'expired'))
    : ranks[later] >= ranks[earlier]);

const accepted = new Map();      // message id: {handset, status as last seen}
const acknowledged = new Set();  // texts of replies that were answered OK
const confirmed = new Set();     // ids whose confirmation was answered 202
const reports = new Map();       // message id: its reports, in the order of the list
const replies = new Map();       // text: reply
const sessions = new Map();      // text: the connection over which it was last submitted
const ids = new Map();           // text: message id
let receiptsAcknowledged = 0, duplicateReplies = 0, loading = true, nextNumber = 0;
const faults = [];
const fault = (text) => faults.push(text) && console.error(`FAULT: ${text}`);

const carrier = await Carrier.start();
const gateway = await Gateway.start({config: linkTo(carrier)});
const client = () => gateway.client;

const owed = new Set();
function owe(work) {
    const promise = work.catch((error) => fault(error.stack)).finally(() => owed.delete(promise));
    owed.add(promise);
}

// Only what was in flight at a kill is in doubt, and may come again.
function judgeSubmit({text, session}) {
    if (sessions.get(text) === session) fault(`'${text}' was submitted twice over one connection`);
    sessions.set(text, session);
    const id = ids.get(text);
    const wasTold = reports.get(id)?.some(({error_code}) => error_code !== '101');
    if (wasTold || ranks[accepted.get(id)?.status] >= 2) fault(`'${text}' was submitted again after it was told so`);
}

carrier.onSubmit = async (submit) => {
    judgeSubmit(submit);
    const {destination_addr} = submit.pdu;
    const stat = chance() < 0.8 ? 'DELIVRD' : 'UNDELIV';
    const early = chance() < 0.2;  // the receipt overtakes the response
    const receipt = async () => {
        await pause(between(0, 60));
        await insist(() => carrier.receipt(submit, stat));
        ++receiptsAcknowledged;
    };
    if (early) owe(receipt());
    await pause(between(0, 20));
    if (!carrier.accept(submit)) return;  // it never came to be
    if (!early) owe(receipt());
    if (chance() < 0.2) {
        const text = `reply ${++nextNumber} to ${submit.text}`;
        owe(insist(() => carrier.reply(destination_addr, from, text)).then(() => acknowledged.add(text)));
    }
};

async function post() {
    while (loading) {
        const messages = Array.from({length: batchSize}, () => {
            const number = ++nextNumber;
            const destination_number = `+6149${String(1_000_000 + number).padStart(7, '0')}`;
            return {content: `message ${number}`, destination_number, source_number: from, delivery_report: true};
        });
        const answer = await client().post('/v1/messages', {messages}).catch((error) => error);
        if (answer.code === 'ERR_ASSERTION') fault(answer.message);
        if (answer.status === 202) {
            for (const {message_id, destination_number, content} of answer.json.messages) {
                ids.set(content, message_id);
                accepted.set(message_id, {handset: destination_number, status: 'enroute'});
            }
        }
        await pause(between(20, 100));
        while (loading && accepted.size - carrier.submits.entries.length > backlogMax) await pause(100);
    }
}

// Takes one page off both lists; true when there was something.
async function readLists() {
    const reportPage = await client().reports();
    for (const report of reportPage) {
        const id = report.delivery_report_id;
        if (confirmed.has(id)) fault(`report ${id} came back after its confirmation`);
        const list = reports.get(report.message_id) ?? [];
        if (!list.some((known) => known.delivery_report_id === id)) list.push(report);
        reports.set(report.message_id, list);
    }
    const replyPage = await client().replies();
    for (const reply of replyPage) {
        if (confirmed.has(reply.reply_id)) fault(`reply ${reply.reply_id} came back after its confirmation`);
        const known = replies.get(reply.content);
        if (known && known.reply_id !== reply.reply_id) ++duplicateReplies;
        replies.set(reply.content, reply);
    }
    for (const [ids, confirm] of [[reportPage.map((report) => report.delivery_report_id), client().confirmReports],
        [replyPage.map((reply) => reply.reply_id), client().confirmReplies]]) {
        if (!ids.length) continue;
        assert.equal((await confirm(ids)).status, 202);
        for (const id of ids) confirmed.add(id);
    }
    return reportPage.length + replyPage.length > 0;
}

async function read() {
    while (loading) {
        const found = await readLists().catch((error) => {
            if (error.code === 'ERR_ASSERTION') fault(error.message);
        });
        if (!found) await pause(50);
    }
}

// Looks at a message again; a status must not be behind the one seen before.
async function look(id) {
    const entry = accepted.get(id);
    if (!entry) return;
    const answer = await client().get(`/v1/messages/${id}`);
    if (answer.status !== 200) {
        accepted.delete(id);  // said once
        return fault(`message ${id} was accepted and is answered ${answer.status}`);
    }
    const {status} = answer.json;
    if (!mayFollow(entry.status, status)) fault(`message ${id} went from ${entry.status} back to ${status}`);
    entry.status = status;
}

async function lookAtSome() {
    const ids = [...accepted.keys()];
    const some = Array.from({length: Math.min(50, ids.length)}, () => ids[Math.floor(chance() * ids.length)]);
    for (const id of some) await look(id);
}

async function settle() {
    await until('all receipts and replies to be answered', () => owed.size === 0, settleMs);
    await until('every message to be final', async () => {
        const open = [...accepted].filter(([, {status}]) => !isFinal(status));
        for (const [id] of open.slice(0, 500)) await look(id);
        return open.length === 0;
    }, settleMs).catch((error) => {
        const open = [...accepted].filter(([, {status}]) => !isFinal(status));
        fault(`${error.message}; ${open.length} are not, as ${JSON.stringify(open.slice(0, 3))}`);
    });
    while (await readLists());
}

function judge() {
    for (const [id, {status}] of accepted) {
        const list = reports.get(id) ?? [];
        const told = list.map((report) => `${report.error_code} ${report.status}`).join(', ');
        if (list[0]?.error_code !== '101') fault(`message ${id}: its first report is no 101: ${told}`);
        if (list.at(-1)?.status !== status) fault(`message ${id} is ${status}, its reports end otherwise: ${told}`);
        const codes = new Set(list.map((report) => report.error_code));
        if (codes.size !== list.length) fault(`message ${id} was told a code twice: ${told}`);
        for (let i = 1; i < list.length; ++i) {
            if (!mayFollow(list[i - 1].status, list[i].status)) fault(`message ${id} went backwards: ${told}`);
        }
    }
    const lost = [...acknowledged].filter((text) => !replies.has(text));
    if (lost.length) fault(`${lost.length} replies were acknowledged and are lost, as ${lost.slice(0, 3)}`);
}

const began = Date.now();
console.log(`crash: ${kills} kills, SEED=${seed}`);
try {
    const load = [read(), ...Array.from({length: posters}, post)];
    for (let kill = 1; kill <= kills; ++kill) {
        await pause(between(100, 1500));
        await gateway.kill();
        await gateway.launch();
        await lookAtSome();
    }
    await pause(500);
    loading = false;
    await Promise.all(load);
    await settle();
    judge();
    const submits = carrier.submits.entries.length;
    const again = submits - new Set(carrier.submits.entries.map(({text}) => text)).size;
    console.log(`${kills} kills in ${Math.round((Date.now() - began) / 1000)} s: ${accepted.size} messages accepted, ` +
        `${submits} submits (${again} of them again), ` +
        `${receiptsAcknowledged} receipts and ${acknowledged.size} replies acknowledged ` +
        `(${duplicateReplies} replies twice), ${faults.length} faults`);
    assert.ok(accepted.size >= 50 * Math.min(kills, 20), 'too little load to prove anything');
    assert.ok(acknowledged.size > 0);
} catch (error) {
    fault(error.stack);
}
if (faults.length) console.error(`SEED=${seed}; last words of the gateway:\n${gateway.program.err.slice(-4000)}`);
await gateway.close().catch((error) => fault(error.stack));
await carrier.close();
process.exit(faults.length ? 1 : 0);
