// SPDX-License-Identifier: Apache-2.0
// The commands account, key and number against a running gateway.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {createServer} from 'node:http';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {once} from 'node:events';
import {after, before, describe, test} from 'node:test';
import {Gateway, Program} from '../peers/gateway.mjs';
import {basic} from '../peers/client.mjs';
import {patience, until, within} from '../peers/wait.mjs';

let gateway, folder, token;
before(async () => {
    gateway = await Gateway.start();
    folder = await mkdtemp(join(tmpdir(), 'tidings-cli-'));
    token = await gateway.adminToken();
});
after(async () => {
    await gateway.close();
    await rm(folder, {recursive: true});
});

// Runs a command to its end: {code, out, err}.
async function run(args, env = {}) {
    const program = new Program(args, {TIDINGS_URL: gateway.base, TIDINGS_ADMIN_TOKEN: '', ...env});
    const {code, out, err} = await within(`the end of ${args.join(' ')}`, program.exited, patience);
    assert.ok(!`${out}${err}`.includes(token), 'the token is printed');
    return {code, out, err};
}

// Runs a command that must do it, with the token of the data folder; gives what it prints.
async function does(...args) {
    const {code, out, err} = await run([...args, '--data', gateway.data]);
    assert.deepEqual([code, err], [0, ''], `${args.join(' ')}: ${out}`);
    return out;
}
const json = async (...args) => {
    const out = await does(...args, '--json');
    assert.match(out, /^[^\n]+\n$/);
    return JSON.parse(out);
};

async function fails(code, err, ...args) {
    const result = await run([...args, '--data', gateway.data]);
    assert.deepEqual([result.code, result.out], [code, ''], result.err);
    assert.match(result.err, err);
}

describe('account', () => {
    test('is added, listed, shown, changed and removed', async () => {
        await does('account', 'add', 'acme');
        const added = await does('account', 'add', 'shop', '--parent', 'acme', '--default-source', '+61491570150',
            '--credits', '1000');
        assert.equal(added, [
            'id                    shop', 'parent                acme', 'default_source        +61491570150',
            'unregistered_source   reject', 'features              mms,tts,opt_out', 'requests_per_second   0',
            'messages_per_second   0', 'priority              normal', 'duplicate_window_s    0',
            'opt_out_confirmation  -', 'daily_cap             0', 'monthly_cap           0',
            'blocked_sources       -', 'drop_patterns         -', 'hold_patterns         -',
            'converter             off', 'hours                 off', 'zone                  UTC',
            'country               -', 'send_both             no', 'credits               1000', '',
        ].join('\n'));
        assert.equal(await does('account', 'show', 'shop'), added);

        const changed = await json('account', 'set', 'shop', '--unregistered-source', 'allow', '--mms', 'off',
            '--signature-keys', 'on', '--messages-per-second', '50', '--priority', 'high', '--default-source', '',
            '--duplicates', 'on', '--converter', 'strict', '--hours', 'account', '--zone', 'Australia/Sydney',
            '--country', 'AU');
        const {features, ...rest} = changed;
        assert.deepEqual(features, {
            mms: false, tts: true, inbound_mms: false, signature_keys: true, opt_out: true,
            familiar_sender: false, familiar_source: false, billing_units: false,
        });
        assert.deepEqual(rest, {
            id: 'shop', parent: 'acme', default_source: null, unregistered_source: 'allow', requests_per_second: 0,
            messages_per_second: 50, priority: 'high', duplicate_window_s: 86_400,
            opt_out_confirmation: null, daily_cap: 0, monthly_cap: 0, blocked_sources: [], drop_patterns: [],
            hold_patterns: [], converter: 'strict', hours: 'account', zone: 'Australia/Sydney', country: 'AU',
            send_both: false, credits: 1000,
        });
        const [header, ...lines] = (await does('account', 'list')).trimEnd().split('\n');
        assert.deepEqual(header.split(/ {2,}/), ['ID', 'PARENT', 'DEFAULT SOURCE', 'UNREGISTERED', 'FEATURES',
            'REQUESTS/S', 'MESSAGES/S', 'PRIORITY', 'CREDITS']);
        for (const line of [
            /^shop +acme +- +allow +tts,signature_keys,opt_out +0 +50 +high +1000$/,
            /^acme +- +- +reject +mms,tts,opt_out +0 +0 +normal +unlimited$/,
        ]) assert.ok(lines.some((it) => line.test(it)), `${line} in ${lines.join(' | ')}`);
        assert.ok((await json('account', 'list')).accounts.some(({id}) => id === 'shop'));

        await fails(1, /^tidings: Resource is in use: account acme\n {2}The account has sub-accounts: remove them/,
            'account', 'remove', 'acme');
        assert.equal(await does('account', 'remove', 'shop'),
            'account shop is removed, along with its keys and numbers\n');
        assert.deepEqual(await json('account', 'remove', 'acme'), {});
    });

    test('has its credits changed', async () => {
        await does('account', 'add', 'paying');
        assert.equal(await does('account', 'credits', 'paying'), 'credits  unlimited\n');
        await fails(1, /^tidings: The account is not prepaid: account paying\n {2}It may send without limit/,
            'account', 'credits', 'paying', '--add', '5');
        assert.equal(await does('account', 'credits', 'paying', '--set', '100'), 'credits  100\n');
        assert.equal(await does('account', 'credits', 'paying', '--add', '-30'), 'credits  70\n');
        assert.deepEqual(await json('account', 'credits', 'paying', '--add', '500'), {credits: 570});
        assert.equal(await does('account', 'credits', 'paying', '--unlimited'), 'credits  unlimited\n');
    });

    test('with faults is refused with each of them', async () => {
        await fails(1, /^tidings: the gateway refused this: account a b\n {2}\/id: must .*\n {2}\/parent: no such/,
            'account', 'add', 'a b', '--parent', 'nobody');
        await fails(1, /^tidings: Resource exists already: account sandbox\n$/, 'account', 'add', 'sandbox');
        await fails(1, /^tidings: there is no account nobody at http/, 'account', 'show', 'nobody');
    });
});

describe('message', () => {
    test('waits for a link', async () => {
        assert.match(await does('link', 'list'), /LINK +BOUND +OF +WAITING[^\n]+\nsandbox +1 +1 +0 /);
        assert.equal((await json('link', 'list')).links[0].name, 'sandbox');
    });

    test('is traced', async () => {
        const [{message_id}] = await gateway.client.send({content: 'Hello', destination_number: '+61491570156'});
        await gateway.client.reaches(message_id, 'delivered');
        const out = await does('message', 'trace', message_id);
        const [account, sender, destination, status, blank, header, ...steps] = out.trimEnd().split('\n');
        assert.deepEqual([account, sender, destination, status, blank].map((line) => line.split(/ +/)), [
            ['account', 'sandbox'], ['sender', '+61491570150'], ['destination_number', '+61491570156'],
            ['status', 'delivered'], [''],
        ]);
        assert.match(header, /^AT +CODE +WHAT$/);
        assert.deepEqual(steps.map((line) => line.split(/ +/)[1]), ['101', '200', '220']);
        await fails(1, /^tidings: there is no message x at http/, 'message', 'trace', 'x');
    });

    test('is previewed', async () => {
        await does('account', 'add', 'careful', '--converter', 'strict', '--unregistered-source', 'allow');
        const preview = ['message', 'preview', '+61491570156', 'Wow… 😀', '--account', 'careful', '--source', 'Bakery'];
        const lines = (await does(...preview)).trimEnd().split('\n').map((line) => line.split(/ {2,}/));
        assert.deepEqual(lines.filter(([name]) => !['leaves_at', 'hours'].includes(name)), [
            ['content', 'Wow… 😀'], ['converted_content', 'Wow... ?'], ['encoding', 'GSM7'], ['segments', '1'],
            ['credits', '1'], ['source_number', 'Bakery'], ['link', 'sandbox'], ['code', 'none: it would leave'],
            ['why', '-'], [''], ['AT', 'FROM', 'TO'], ['3', '…', '...'], ['5', '😀', '?'],
        ]);
        const [message] = (await json(...preview)).messages;
        assert.equal(message.converted_content, 'Wow... ?');
        await fails(1, /^tidings: there is no account nobody at http/, 'message', 'preview', '+61491570156', 'x',
            '--account', 'nobody');
        await fails(1, /^tidings: /, 'message', 'preview', '1', 'x', '--account', 'careful');
        await fails(2, /--account/, 'message', 'preview', '+61491570156', 'x');
    });
});

describe('route', () => {
    test('is set, listed, tested and removed', async () => {
        const test = ['route', 'test', '+61491570156', '--source', '12345'];
        assert.match(await does(...test), /^There are no routes: every link is tried/);
        await does('route', 'set', 'codes', '--link', 'sandbox', '--source', '12345', '--source', 'Bakery',
            '--priority', '-1');
        await does('route', 'set', 'rest', '--link', 'sandbox', '--destination-prefix', '+61');
        const [header, ...lines] = (await does('route', 'list')).trimEnd().split('\n');
        assert.deepEqual(header.split(/ +/), ['NAME', 'LINK', 'PREFIX', 'SOURCES', 'ACCOUNT', 'FORMAT', 'PRIORITY',
            'WEIGHT']);
        assert.deepEqual(lines.map((line) => line.split(/ +/)), [
            ['codes', 'sandbox', 'any', '12345,Bakery', 'any', 'any', '-1', '1'],
            ['rest', 'sandbox', '61', 'any', 'any', 'any', '0', '1'],
        ]);
        assert.match(await does(...test), /^Tried in this order: sandbox by codes, then sandbox by rest\.$/m);
        assert.match(await does('route', 'test', '1234567890'), /^No route fits: the message would end with 333\.$/m);
        for (const name of ['codes', 'rest']) {
            assert.equal(await does('route', 'remove', name), `route ${name} is removed\n`);
        }
        const warning = /^Warning: route gone: link nowhere is not configured, so that nothing leaves by it\.$/m;
        assert.match(await does('route', 'set', 'gone', '--link', 'nowhere'), warning);
        assert.match(await does('route', 'list'), warning);
        assert.match(await does(...test), /^gone +nowhere +fits, but link nowhere is not configured$/m);
        assert.match(await does(...test),
            /^route gone leads nowhere: link nowhere is not configured: the message would end with 332\.$/m);
        await does('route', 'remove', 'gone');
        await fails(1, /^tidings: there is no route codes at http/, 'route', 'remove', 'codes');
        await fails(2, /--link/, 'route', 'set', 'x');
    });
});

describe('key', () => {
    const entry = (out, name) => out.match(new RegExp(`^${name} +(\\S+)$`, 'm'))[1];
    const getsIn = async (own) => (await gateway.client.get('/v1/replies', {auth: own})).status === 200;

    test('is added, listed, changed, rotated and removed', async () => {
        await does('account', 'add', 'keys');
        const out = await does('key', 'add', 'keys');
        assert.match(out, /\nThe secret is not shown again: keep it now\.\n$/);
        const [key, own] = [entry(out, 'key'), basic(entry(out, 'key'), entry(out, 'secret'))];
        assert.ok(await getsIn(own));
        const signed = await json('key', 'add', 'keys', '--scheme', 'hmac', '--sha1-allowed', 'off');
        assert.equal(signed.sha1_allowed, false);
        const list = await does('key', 'list', 'keys');
        assert.match(list, /^KEY +SCHEME +EXPIRES +EXPIRED +PRIORITY +BODY DIGEST REQUIRED +SHA-1 ALLOWED\n/);
        assert.match(list, new RegExp(`^${key} +basic +never +no +the account.s +- +-$`, 'm'));
        assert.match(list, /^\w{20} +hmac +never +no +the account's +no +no$/m);
        assert.ok(!list.includes(entry(out, 'secret')));

        assert.match(await does('key', 'set', 'keys', key, '--expires-at', '2096-01-01T00:00:00Z'),
            /^expires_at +2096-01-01T00:00:00.000Z$/m);
        assert.match(await does('key', 'set', 'keys', key, '--expires-at', 'never'), /^expires_at +never$/m);
        const rotated = await does('key', 'rotate', 'keys', key, '--overlap', '24h');
        assert.match(rotated, new RegExp(`\\nKey ${key} works until \\S+Z\\.\\n$`));
        const next = basic(entry(rotated, 'key'), entry(rotated, 'secret'));
        assert.ok(await getsIn(own) && await getsIn(next));
        assert.equal((await json('key', 'rotate', 'keys', key, '--overlap', '0')).replaces.key, key);
        await until('the end of the key', async () => !await getsIn(own));
        assert.equal(await does('key', 'remove', 'keys', key), `key ${key} of account keys is removed\n`);
        await fails(1, /there is no key \w+ of account keys at/, 'key', 'remove', 'keys', key);
    });
});

describe('number', () => {
    test('is added, listed and removed', async () => {
        await does('account', 'add', 'bakery');
        assert.equal(await does('number', 'add', '61491575001', '--account', 'bakery'),
            'number   +61491575001\naccount  bakery\npool     no\n');
        await does('number', 'add', '+61491575002', '--pool');
        for (const account of ['bakery', 'sandbox']) await does('number', 'add', 'Bäckerei 1', '--account', account);
        const list = await does('number', 'list');
        assert.match(list, /^NUMBER +ACCOUNT +POOL\n/);
        assert.match(list, /^\+61491575002 +- +yes$/m);
        assert.match(list, /^Bäckerei 1 +bakery +no$/m);
        await fails(1, /Several accounts have this name/, 'number', 'remove', 'Bäckerei 1');
        assert.equal(await does('number', 'remove', 'Bäckerei 1', '--account', 'bakery'),
            'number Bäckerei 1 of account bakery is removed\n');
        await does('number', 'remove', 'Bäckerei 1');
        assert.equal(await does('number', 'remove', '+61491575002'), 'number +61491575002 is removed\n');
        assert.deepEqual((await json('number', 'list')).numbers.map(({number}) => number).sort(),
            ['+61491570150', '+61491575001']);
    });

    test('of nobody has its replies listed, and they cannot move the cursor', async () => {
        const content = 'red \u001b[31m alert\nsecond line';
        await gateway.client.post('/sandbox/handsets/+61491570177/messages', {to: '+61491575999', content});
        const out = await until('the reply', async () => {
            const text = await does('number', 'unmatched');
            return text.includes('alert') && text;
        });
        assert.match(out, /^RECEIVED +LINK +FROM +TO +CONTENT\n\S+Z +sandbox +\+61491570177 +\+61491575999 +red /);
        assert.match(out, /red \S* ?\[31m alert second line\n$/);
        assert.ok(!out.includes('\u001b'));
    });
});

describe('the gateway', () => {
    const list = ['account', 'list'];

    test('is told the token of a file, else of the environment, else of the data folder', async () => {
        const file = join(folder, 'token'), wrong = join(folder, 'wrong');
        await writeFile(file, `${token}\n`);
        await writeFile(wrong, 'wrong\n');
        const code = async (args, env) => (await run([...list, ...args], env)).code;
        assert.equal(await code(['--token-file', file], {TIDINGS_ADMIN_TOKEN: 'wrong'}), 0);
        assert.equal(await code(['--token-file', wrong, '--data', gateway.data]), 1);
        assert.equal(await code(['--data', gateway.data], {TIDINGS_ADMIN_TOKEN: 'wrong'}), 1);
        assert.equal(await code([], {TIDINGS_ADMIN_TOKEN: token}), 0);
        assert.equal(await code(['--data', gateway.data]), 0);
    });

    test('refuses a wrong token, and the error says where it came from', async () => {
        const {code, err} = await run(list, {TIDINGS_ADMIN_TOKEN: 'wrong'});
        assert.equal(code, 1);
        assert.equal(err, `tidings: the gateway at ${gateway.base} does not know the token in the variable ` +
            `TIDINGS_ADMIN_TOKEN: is it another gateway's?\n`);
    });

    test('is not asked without a token, and the error says where it was looked for', async () => {
        const {code, out, err} = await run([...list, '--data', folder]);
        assert.deepEqual([code, out], [1, '']);
        assert.match(err, /^tidings: no admin token: TIDINGS_ADMIN_TOKEN is not set and there is no .*admin\.token;/);
        assert.match((await run([...list, '--token-file', join(folder, 'none')])).err, /^tidings: .*none/);
        await writeFile(join(folder, 'empty'), '\n');
        const empty = await run([...list, '--token-file', join(folder, 'empty')]);
        assert.match(empty.err, /^tidings: there is no token in the file \S+empty\n$/);
    });

    test('that is down is named', async () => {
        const server = createServer().listen(0, '127.0.0.1');
        await once(server, 'listening');
        const url = `http://127.0.0.1:${server.address().port}`;
        server.close();
        await once(server, 'close');
        const {code, out, err} = await run([...list, '--url', url], {TIDINGS_ADMIN_TOKEN: token});
        assert.deepEqual([code, out], [1, '']);
        assert.match(err, new RegExp(`^tidings: no gateway answers at ${url} \\(.*\\): is it running there\\? --url`));
    });

    test('is trusted by https as far as --ca-file says', async () => {
        const [key, certificate, data] = ['key.pem', 'certificate.pem', 'data'].map((name) => join(folder, name));
        const request = 'req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost ' +
            '-addext subjectAltName=IP:127.0.0.1';
        execFileSync('openssl', [...request.split(' '), '-keyout', key, '-out', certificate], {stdio: 'ignore'});
        const config = join(folder, 'tls.toml');
        await writeFile(config, `[listen]\ncertificate = "${certificate}"\nkey = "${key}"\n`);
        const program = new Program(['serve', '--config', config, '--data', data, '--listen', '127.0.0.1:0']);
        try {
            const [, url] = await program.printed(/^listening on (https:\S+)$/m);
            const args = [...list, '--url', url, '--data', data];
            const trusted = await run([...args, '--ca-file', certificate]);
            assert.deepEqual([trusted.code, trusted.err], [0, '']);
            const {code, err} = await run(args);
            assert.equal(code, 1);
            assert.match(err, /^tidings: no gateway answers at https:.*--ca-file whose certificates are trusted\n$/);
        } finally {
            await program.end();
        }
    });

    test('that is none is told from one', async () => {
        const server = createServer((_, response) => response.end('<html>')).listen(0, '127.0.0.1');
        await once(server, 'listening');
        const url = `http://127.0.0.1:${server.address().port}/`;
        const {code, err} = await run([...list, '--url', url], {TIDINGS_ADMIN_TOKEN: token});
        server.closeAllConnections();
        server.close();
        assert.equal(code, 1);
        assert.match(err, /answers 200, and not as a gateway does: is it one\?\n$/);
    });

    test('is not asked when the command line is wrong', async () => {
        await fails(2, /account/, 'account', 'show');
        await fails(2, /say what to change/, 'account', 'set', 'sandbox');
        await fails(2, /on or off/, 'account', 'set', 'sandbox', '--mms', 'perhaps');
        await fails(2, /--account ID or --pool/, 'number', 'add', '+61491575009');
        await fails(2, /http/, 'account', 'list', '--url', '127.0.0.1:1');
        assert.equal((await run(['account'])).code, 2);
        assert.match((await run(list, {TIDINGS_URL: 'localhost'})).err, /TIDINGS_URL/);
    });

    test('need not be there for help, which has examples', async () => {
        const {code, out} = await run(['account', 'add', '--help']);
        assert.equal(code, 0);
        assert.match(out, /tidings account add shop --parent acme/);
    });
});
