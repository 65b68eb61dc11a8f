// SPDX-License-Identifier: Apache-2.0
// Somebody sets the clock of the machine.
import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {after, before, beforeEach, describe, test} from 'node:test';
import {promisify} from 'node:util';
import {Carrier} from '../peers/carrier.mjs';
import {binary, Gateway, linkTo} from '../peers/gateway.mjs';
import {until} from '../peers/wait.mjs';
import {day, WallClock} from '../peers/wall_clock.mjs';

const year = 365 * day;
const source_number = '+61491570157';
let clock, carrier, gateway, lastHandset = 491573000;

const inSeconds = (seconds) => new Date(Date.now() + seconds * 1000).toISOString();
const send = async (fields) => (await gateway.client.send({
    content: 'Hello', destination_number: `+61${++lastHandset}`, source_number, delivery_report: true, ...fields,
}))[0].message_id;
const readyz = async () => (await gateway.client.get('/readyz', {auth: null})).json;
const doubts = (is) =>
    until(is ? 'the jump to be shown' : 'nothing to be doubted', async () => !!(await readyz()).clock === is);

// Over whichever connection: an idle one may be closed at any time.
const answers = () => until('an answer', () => readyz().catch(() => undefined));

async function command(...args) {
    const options = ['--json', '--data', gateway.data, '--url', gateway.base];
    const {stdout} = await promisify(execFile)(binary, [...args, ...options]);
    return JSON.parse(stdout);
}

// The gateway looked for what is due, after this was called.
async function released() {
    const id = await send({scheduled: inSeconds(0.5)});
    await gateway.client.reaches(id, 'delivered');
}

before(async () => {
    clock = new WallClock();
    carrier = await Carrier.start();
    gateway = await Gateway.start({config: linkTo(carrier), env: clock.env});
});
beforeEach(() => clock.set(0));
after(async () => {
    await gateway.close();
    await carrier.close();
    clock.close();
});

describe('a year ahead', () => {
    let delivered, scheduled, expiring, reports;
    before(async () => {
        delivered = await send();
        await gateway.client.reaches(delivered, 'delivered');
        assert.equal((await carrier.reply(`+61${lastHandset}`, source_number, 'A reply')).command_status, 0);
        scheduled = await send({scheduled: inSeconds(day)});
        expiring = await send({scheduled: inSeconds(2 * day), message_expiry_timestamp: inSeconds(3 * day)});
        assert.equal((await gateway.client.replies()).length, 1);
        reports = (await gateway.client.reports()).length;
        assert.ok(reports >= 3);
    });
    async function allIsAsBefore() {
        assert.equal(await gateway.client.status(delivered), 'delivered');
        assert.equal(await gateway.client.status(scheduled), 'scheduled');
        assert.equal(await gateway.client.status(expiring), 'scheduled');
        const codes = (await gateway.client.reports()).filter(({message_id}) => message_id === delivered);
        assert.deepEqual(codes.map(({error_code}) => error_code), ['101', '200', '220']);
        assert.ok((await gateway.client.replies()).some(({content}) => content === 'A reply'));
    }

    test('nothing ends or leaves, what is sent goes on, and nothing has happened when it comes back', async () => {
        clock.set(year);
        await doubts(true);
        const {jumped_seconds, believed_in_seconds} = (await readyz()).clock;
        assert.ok(Math.abs(jumped_seconds - year) < 5, `${jumped_seconds}`);
        assert.ok(believed_in_seconds > 0 && believed_in_seconds <= 600);
        const meanwhile = await send();
        await gateway.client.reaches(meanwhile, 'delivered');
        await released();
        await allIsAsBefore();
        clock.set(0);
        await doubts(false);
        await released();
        await allIsAsBefore();
        const told = (await gateway.client.reports()).filter(({message_id}) => message_id === meanwhile);
        assert.ok(told.length > 0);
        for (const {date_received} of told) assert.ok(date_received < inSeconds(60), date_received);
        assert.match(gateway.program.err, /the wall clock jumped 315\d+ s forward.*tidings clock confirm/);
        assert.match(gateway.program.err, /the wall clock came back/);
    });

    test('a start then is a jump, too', async () => {
        await gateway.stop();
        clock.set(year);
        await gateway.launch();
        await doubts(true);
        await released();
        await allIsAsBefore();
        await gateway.kill();
        clock.set(0);
        await gateway.launch();
        await doubts(false);
        await allIsAsBefore();
    });
});

describe('the operator', () => {
    test('is asked, and believed', async () => {
        const id = await send({scheduled: inSeconds(2 * day)});
        assert.deepEqual(await command('clock', 'confirm').then(({doubted}) => doubted), false);
        clock.set(3 * day);
        await doubts(true);
        const shown = await command('clock', 'show');
        assert.equal(shown.doubted, true);
        assert.ok(shown.time < inSeconds(60), shown.time);
        await released();
        assert.equal(await gateway.client.status(id), 'scheduled');
        const {doubted, time} = await command('clock', 'confirm');
        assert.equal(doubted, false);
        assert.ok(time > inSeconds(2 * day), time);
        await answers();
        await gateway.client.reaches(id, 'delivered');
        clock.set(0);
        await doubts(true);
        await command('clock', 'confirm');
        await answers();
    });
});

describe('an hour back and forth', () => {
    test('sends nothing again and stops nothing', async () => {
        let refused = 0;
        const before = carrier.submits.entries.length;
        carrier.onSubmit = (submit) => {
            if (submit.text === 'Again' && refused++ === 0) return carrier.refuse(submit, 0x58);  // ESME_RTHROTTLED
            return carrier.accept(submit) && carrier.receipt(submit);
        };
        const ids = [];
        for (const offset of [3600, 0, -3600, 0, -1800, 1800]) {
            clock.set(offset);
            await answers();
            ids.push(await send({content: offset === -1800 ? 'Again' : `At ${offset}`}));
            await carrier.submits.waitForMany('each submit', before + ids.length);
        }
        for (const id of ids) await gateway.client.reaches(id, 'delivered');
        assert.equal(carrier.submits.entries.length, before + ids.length + 1, 'only the refused one goes twice');
        assert.equal((await readyz()).clock, undefined);
    });
});
