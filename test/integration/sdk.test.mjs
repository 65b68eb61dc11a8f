// SPDX-License-Identifier: Apache-2.0
// The official Node SDK, unmodified, does every one of its calls. Its credentials are static, and once HMAC is set it
// signs everything: so each scheme has a process of its own, sdk-calls.mjs.
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {after, before, test} from 'node:test';
import {Gateway} from '../peers/gateway.mjs';
import {patience, within} from '../peers/wait.mjs';

let gateway;
before(async () => (gateway = await Gateway.start()));
after(() => gateway.close());

async function calls(scheme) {
    const script = new URL('../peers/sdk-calls.mjs', import.meta.url).pathname;
    const child = spawn(process.execPath, [script, gateway.base, scheme, JSON.stringify(gateway.keys)]);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data));
    const [code] = await within(`the calls by ${scheme}`, once(child, 'close'), 3 * patience);
    assert.equal(code, 0, output);
    assert.match(output, /^all calls done$/m);
}

test('every call of the official SDK by Basic', () => calls('basic'));
test('every call of the official SDK by HMAC', () => calls('hmac'));
