// SPDX-License-Identifier: Apache-2.0
// The routes of the program are the paths of openapi.yaml, no more and no fewer, by its tables and by its answers.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {after, before, test} from 'node:test';
import {openapi} from '../peers/client.mjs';
import {Gateway} from '../peers/gateway.mjs';
import {Wire} from '../peers/wire.mjs';

const methods = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'TRACE', 'BREW'];

// [path, its methods in capitals] of each path of the description.
const described = Object.entries(openapi.paths).map(([path, item]) =>
    [path, Object.keys(item).map((key) => key.toUpperCase()).filter((key) => methods.includes(key))]);

// What is described for a path, by method. It may fit two: /v1/messages/preview is an id, too.
function operationsAt(path) {
    const fits = ([template]) => new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}$`).test(path);
    return Object.fromEntries(described.filter(fits).flatMap(([template, known]) =>
        known.map((method) => [method, openapi.paths[template][method.toLowerCase()]])));
}

let gateway, port;
before(async () => {
    gateway = await Gateway.start();
    port = Number(new URL(gateway.base).port);
});
after(() => gateway.close());

// One request without credentials; the answer with its headers.
async function ask(method, path) {
    const wire = new Wire(port).write(`${method} ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    await wire.end();
    const [head] = wire.text.split('\r\n\r\n', 1);
    const [line, ...fields] = head.split('\r\n');
    const headers = new Map(fields.map((field) => field.split(/: ?(.*)/s)).map(([name, value]) =>
        [name.toLowerCase(), value]));
    return {status: Number(line.split(' ')[1]), headers, body: wire.text.slice(head.length + 4)};
}

test('the tables of operations in the source hold what openapi.yaml describes', () => {
    const routes = ['../../src/api/routes.cpp', '../../src/sandbox/routes.cpp'].flatMap((file) => {
        const text = readFileSync(new URL(file, import.meta.url), 'utf8');
        const [, table] = text.match(/constexpr Entry operations\[\] = \{\n(.*?)\n\};/s);
        return [...table.matchAll(/\{verb::(\w+), "([^"]+)"/g)].map(([, verb, path]) => [verb.replace('_', ''), path]);
    });
    const unnamed = (path) => path.replace(/\{\w+\}/g, '{}');
    const inSource = routes.map(([verb, path]) => `${verb.toUpperCase()} ${unnamed(path)}`);
    const inDescription = described.flatMap(([path, known]) => known.map((method) => `${method} ${unnamed(path)}`));
    assert.ok(inSource.length > 20);
    assert.deepEqual(inSource.sort(), inDescription.sort());
});

test('every described path answers each of its methods, and every other with 405 and Allow', async () => {
    const ids = new Set();
    for (const [template] of described) {
        const path = template.replace('{number}', '61491570156').replace(/\{\w+\}/g, 'x');
        const operations = operationsAt(path);
        for (const method of methods) {
            const {status, headers, body} = await ask(method, path);
            const what = `${method} ${path}: ${status} ${body}`;
            ids.add(headers.get('x-request-id'));
            if (method in operations) {
                // Without credentials nobody learns more of what is protected than that.
                assert.ok(status === 200 || status === 401, what);
                const {security} = operations[method];
                // An empty alternative: some may ask without, as whoever is on this machine.
                const open = security && (!security.length || security.some((way) => !Object.keys(way).length));
                assert.equal(status, open ? 200 : 401, what);
                continue;
            }
            assert.equal(status, 405, what);
            assert.deepEqual(headers.get('allow').split(', ').sort(), Object.keys(operations).sort(), what);
            assert.match(headers.get('content-type'), /^application\/json/, what);
            assert.equal(body, method === 'HEAD' ? '' : '{"message":"Method not allowed"}', what);
        }
    }
    assert.equal(ids.size, described.length * methods.length);
    for (const id of ids) assert.match(id, /^[0-9a-f-]{36}$/);
});

test('what is not described is not there', async () => {
    for (const [template] of described) {
        const path = template.replace(/\{\w+\}/g, '61491570156');
        for (const other of [`${path}/`, `${path}/x/y/z`, `/x${path}`, path.toUpperCase(), `/${path}`]) {
            if (openapi.paths[other]) continue;
            for (const method of ['GET', 'POST', 'HEAD']) {
                const {status, headers, body} = await ask(method, other);
                assert.equal(status, 404, `${method} ${other}`);
                assert.match(headers.get('x-request-id'), /^[0-9a-f-]{36}$/);
                assert.equal(headers.get('allow'), undefined);
                assert.equal(body, method === 'HEAD' ? '' : '{"message":"Resource not found"}');
            }
        }
    }
});
