// SPDX-License-Identifier: Apache-2.0
// Nobody makes the gateway talk to its own neighbours, in whatever form he writes their addresses.
import assert from 'node:assert/strict';
import {hostname} from 'node:os';
import {after, before, test} from 'node:test';
import {basic} from '../peers/client.mjs';
import {Gateway} from '../peers/gateway.mjs';
import {RawHttp} from '../peers/raw_http.mjs';
import {until} from '../peers/wait.mjs';

// 127.0.0.1, and what else a name or a form of it leads to.
const loopback = [
    '127.0.0.1', '127.1', '127.0.1', '127.000.000.001', '0177.0.0.1', '0177.1', '0x7f.0.0.1', '0x7f.1',
    '0x7f000001', '0X7F000001', '2130706433', '017700000001', 'localhost', 'LOCALHOST', 'LocalHost', 'user@127.0.0.1',
    'user:pass@127.0.0.1', 'example.com@127.0.0.1', '1.1.1.1:80@127.0.0.1', '%31.1.1.1@127.0.0.1',
    '1.1.1.1\\@127.0.0.1',
    '１２７.０.０.１', '127。0。0。1', '①②⑦.⓪.⓪.①', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[0:0:0:0:0:ffff:127.0.0.1]',
];
// Loopback as well, but by another address or another protocol: nobody need listen there.
const alsoLoopback = ['127.0.0.2', '127.255.255.254', '[::1]', '[0:0:0:0:0:0:0:1]', '[0000::0001]', 'ip6-localhost',
    'ip6-loopback', 'localhost.localdomain', hostname()];
// Never loopback, and never allowed unless the operator says so.
const others = [
    '0.0.0.0', '0', '00000000', '0x0', '10.0.0.1', '10.1', '0xa000001', '167772161', '172.16.0.1', '172.31.255.255',
    '192.168.0.1', '3232235521', '169.254.169.254', '0xa9fea9fe', '2852039166', '0251.0376.0251.0376',
    '169.254.43518', '100.64.0.1', '100.127.255.255', '192.0.0.192', '192.0.2.1', '198.18.0.1', '198.51.100.1',
    '203.0.113.1', '192.88.99.1', '224.0.0.1', '240.0.0.1', '255.255.255.255', '4294967295', '[::]', '[0::0]',
    '[fe80::1]',
    '[fec0::1]', '[fc00::1]', '[fd00:ec2::254]', '[ff02::1]', '[100::1]', '[2001::1]', '[2001:db8::1]', '[3fff::1]',
    '[::ffff:10.0.0.1]', '[::ffff:169.254.169.254]', '[::ffff:a9fe:a9fe]', '[::ffff:0.0.0.0]', '[::10.0.0.1]',
    '[::169.254.169.254]', '[64:ff9b::10.0.0.1]', '[64:ff9b::a9fe:a9fe]', '[64:ff9b:1::10.0.0.1]',
    '[2002:a00:1::1]', '[2002:a9fe:a9fe::]', 'user@169.254.169.254', '1.1.1.1@10.0.0.1',
];
// Carried within an address of another kind, loopback needs a gateway on the way.
const carried = ['[::127.0.0.1]', '[64:ff9b::127.0.0.1]', '[2002:7f00:1::]'];
// What no URL of a callback may be, whatever it would lead to.
const refused = ['localhost.', '127.0.0.1.', '127.0.0.1%00.example.com', '[fe80::1%25lo]',
    '[::1%251]', '127.0.0.1:0', '127.0.0.1:65616'];
const refusal = 'address refused by policy';

// Several, because one that cannot be connected to is left alone after some tries, in whatever form it is written.
let targets;
before(async () => (targets = await Promise.all(Array.from({length: 4}, () => RawHttp.start()))));
after(() => Promise.all(targets.map((target) => target.close())));

const admin = async (gateway) => ({auth: `Bearer ${await gateway.adminToken()}`});
// With the port of a target, unless the host has one.
function url(host, place) {
    const {port} = targets[place % targets.length];
    return `http://${host}${/\w:\d+$/.test(host) ? '' : `:${port}`}/${encodeURIComponent(host)}`;
}

// Sends a message for each host; of those that the API takes, the first attempt by host.
async function attempts(gateway, own, hosts) {
    const ids = new Map();
    for (const [place, host] of hosts.entries()) {
        const callback_url = url(host, place);
        const message = {content: 'x', destination_number: '+61491570156', delivery_report: true, callback_url};
        const {status, json} = await gateway.client.post('/v1/messages', {messages: [message]}, own);
        if (status === 202) ids.set(host, json.messages[0].message_id);
        else assert.equal(status, 400, host);
    }
    const asAdmin = await admin(gateway);
    const made = new Map();
    for (const [host, id] of ids) {
        made.set(host, await until(`an attempt at ${host}`, async () => {
            const {callbacks} = (await gateway.client.get(`/admin/v1/callbacks?message=${id}`, asAdmin)).json;
            return callbacks.find(({last_attempt}) => last_attempt)?.last_attempt;
        }));
    }
    return made;
}
// A name that this machine does not have leads nowhere.
const leadsNowhere = ({error}) => /name is not found/.test(error);

test('no address of this machine or of a private network is connected to', async () => {
    // Without --sandbox. There is no link, so that each message fails, which is one report.
    const gateway = await Gateway.start({sandbox: false, config: 'stop_wait_s = 1\n'});
    try {
        const asAdmin = await admin(gateway);
        await gateway.client.post('/admin/v1/accounts', {id: 'Careful'}, asAdmin);
        const {json} = await gateway.client.post('/admin/v1/accounts/Careful/keys', {scheme: 'basic'}, asAdmin);
        const own = {auth: basic(json.key, json.secret)};
        await until('the key', async () => (await gateway.client.get('/v1/replies', own)).status === 200);
        const all = [...loopback, ...alsoLoopback, ...others, ...carried];
        const made = await attempts(gateway, own, [...all, ...refused]);
        for (const [host, attempt] of made) {
            if (leadsNowhere(attempt) && /^[a-z]/i.test(host)) continue;
            assert.equal(attempt.error, refusal, host);
            assert.equal(attempt.status, null, host);
        }
        for (const host of refused) assert.ok(!made.has(host), `${host} is taken`);
        assert.ok(made.size > 0.9 * all.length, `${made.size} of ${all.length} were tried`);
        for (const {connections} of targets) assert.equal(connections, 0);
    } finally {
        await gateway.close();
    }
});

test('with callbacks to this machine allowed, they reach this machine and nothing else', async () => {
    const gateway = await Gateway.start({config: 'stop_wait_s = 1\n'});
    try {
        const reached = await attempts(gateway, undefined, loopback);
        for (const [host, {status, error}] of reached) {
            // Where there is no IPv6, its sockets cannot be opened.
            if (host.includes('[') && status === null && error !== refusal) continue;
            assert.equal(status, 200, `${host}: ${error}`);
        }
        const heads = targets.flatMap(({journal}) => journal.entries.map(({head}) => head));
        const paths = new Set(heads.map((head) => head.split(' ')[1]));
        for (const host of ['127.0.0.1', '127.1', 'localhost', '0x7f000001', '2130706433', 'user@127.0.0.1'])
            assert.ok(paths.has(`/${encodeURIComponent(host)}`), host);
        for (const [host, {error}] of await attempts(gateway, undefined, others)) assert.equal(error, refusal, host);
    } finally {
        await gateway.close();
    }
});
