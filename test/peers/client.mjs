// SPDX-License-Identifier: Apache-2.0
// An application's HTTP client. Every answer is checked against openapi.yaml: a test cannot forget to.
import {createHash, createHmac} from 'node:crypto';
import {readFileSync} from 'node:fs';
import assert from 'node:assert/strict';
import Ajv from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import {parse} from 'yaml';
import {patience, until} from './wait.mjs';

export const openapi = parse(readFileSync(new URL('../../openapi.yaml', import.meta.url), 'utf8'));
const ajv = new Ajv({strict: false, allErrors: true});
addFormats(ajv);
ajv.addSchema({$id: 'openapi', ...openapi});

const templates = Object.keys(openapi.paths).map((path) => ({
    path,
    // Of two templates that fit, the one with fewer variables is meant: /v1/replies/confirmed is not an id.
    variables: (path.match(/\{/g) ?? []).length,
    pattern: new RegExp(`^${path.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '[^/]+')}$`),
})).sort((a, b) => a.variables - b.variables);

const escaped = (pointer) => pointer.replace(/~/g, '~0').replace(/\//g, '~1');

const checks = new Map();
function checkOf(pointer) {
    if (!checks.has(pointer)) checks.set(pointer, ajv.compile({$ref: `openapi${pointer}`}));
    return checks.get(pointer);
}

// Where the description of this answer stands in openapi.yaml, and the description itself.
function described(method, path, status) {
    const template = templates.find(({pattern}) => pattern.test(path));
    const operation = template && openapi.paths[template.path][method.toLowerCase()];
    if (!operation) return {at: '#/components/responses/Other', response: openapi.components.responses.Other};
    const key = operation.responses[status] ? status : 'default';
    const response = operation.responses[key];
    if (response.$ref) {
        return {at: response.$ref, response: openapi.components.responses[response.$ref.split('/').pop()]};
    }
    return {at: `#/paths/${escaped(template.path)}/${method.toLowerCase()}/responses/${key}`, response};
}

export function validate(method, path, answer) {
    const what = `${method} ${path} → ${answer.status} ${answer.text.slice(0, 1000)}`;
    const {at, response} = described(method, path, String(answer.status));
    assert.ok(answer.headers.get('x-request-id'), `${what}: no X-Request-Id`);
    if (at.endsWith('/default') || at.endsWith('/Other')) {
        assert.ok(answer.status >= 400, `${what}: a success that openapi.yaml does not know`);
    }
    for (const [name, header] of Object.entries(response.headers ?? {})) {
        if (header.required) assert.ok(answer.headers.get(name), `${what}: no ${name}`);
    }
    if (!response.content) return assert.equal(answer.text, '', what);
    const type = (answer.headers.get('content-type') ?? '').split(';')[0];
    const schema = response.content[type];
    assert.ok(schema, `${what}: Content-Type '${type}' where ${Object.keys(response.content)} is due`);
    if (type !== 'application/json') return;
    const check = checkOf(`${at}/content/${escaped(type)}/schema`);
    assert.ok(check(answer.json), `${what}: ${ajv.errorsText(check.errors, {dataVar: 'body'})}`);
}

// Checks a body that the gateway sent to a callback URL.
export function validateCallback(body) {
    const name = 'reply_id' in body ? 'Reply' : 'DeliveryReport';
    const check = checkOf(`#/components/schemas/${name}`);
    assert.ok(check(body), `callback ${JSON.stringify(body)}: ${ajv.errorsText(check.errors)}`);
}

export const basic = (key, secret) => `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}`;

// Headers of a request signed as the reference says; every part of the signature can be made otherwise.
export function hmac(keys, method, path, body, options = {}) {
    const {
        algorithm = 'sha1', date = new Date().toUTCString(), dateHeader = 'Date', digestHeader = 'Content-MD5',
        digest = createHash('md5').update(body ?? '').digest('hex'), signedMethod = method, spaced = false,
        scheme = 'hmac',
    } = options;
    const lines = [`${dateHeader}: ${date}`];
    const names = [dateHeader];
    const headers = {[dateHeader]: date};
    if (body !== undefined && digestHeader) {
        lines.push(`${digestHeader}: ${digest}`);
        names.push(digestHeader);
        headers[digestHeader] = digest;
    }
    lines.push(`${signedMethod} ${path} HTTP/1.1`);
    names.push('request-line');
    const signature = createHmac(algorithm, keys.hmac_secret).update(lines.join('\n')).digest('base64');
    const equals = spaced ? ' = ' : '=';
    headers.Authorization = `${scheme} ` + Object.entries({
        username: keys.hmac_key, algorithm: `hmac-${algorithm}`, headers: names.join(' '), signature,
    }).map(([name, value]) => `${name}${equals}"${value}"`).join(spaced ? ' , ' : ', ');
    return headers;
}

export class Client {
    constructor(base, keys) {
        this.base = base;
        this.keys = keys;
        this.auth = keys && basic(keys.key, keys.secret);
    }

    // Sends `body` as JSON, or as it is when it is a string. auth: null for none, else an Authorization header.
    async call(method, path, {body, auth = this.auth, headers = {}} = {}) {
        const init = {method, headers: {...headers}, redirect: 'manual', signal: AbortSignal.timeout(patience)};
        if (auth) init.headers.Authorization ??= auth;
        if (body !== undefined) {
            init.body = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
            init.headers['Content-Type'] ??= 'application/json';
        }
        const response = await fetch(this.base + path, init);
        const answer = {status: response.status, headers: response.headers, text: await response.text()};
        if (/^application\/json/.test(answer.headers.get('content-type') ?? '')) answer.json = JSON.parse(answer.text);
        validate(method, path.split('?')[0], answer);
        return answer;
    }

    get = (path, options) => this.call('GET', path, options);
    post = (path, body, options) => this.call('POST', path, {body, ...options});
    put = (path, body, options) => this.call('PUT', path, {body, ...options});

    // Posts messages that must be accepted; gives them as answered.
    async send(...messages) {
        const answer = await this.post('/v1/messages', {messages});
        assert.equal(answer.status, 202, answer.text);
        assert.equal(answer.json.messages.length, messages.length);
        return answer.json.messages;
    }

    async status(id) {
        const answer = await this.get(`/v1/messages/${id}`);
        assert.equal(answer.status, 200, answer.text);
        return answer.json.status;
    }

    reaches(id, status, deadline) {
        return until(`${status} of ${id}`, async () => (await this.status(id)) === status, deadline);
    }

    async reports() {
        return (await this.get('/v1/delivery_reports')).json.delivery_reports;
    }

    async replies() {
        return (await this.get('/v1/replies')).json.replies;
    }

    confirmReports = (ids) => this.post('/v1/delivery_reports/confirmed', {delivery_report_ids: ids});
    confirmReplies = (ids) => this.post('/v1/replies/confirmed', {reply_ids: ids});

    // Takes everything off a list, page by page, into `kept`, by id; gives how many there were.
    async #drain(list, confirm, idOf, kept) {
        for (let count = 0; ;) {
            const page = await list();
            if (!page.length) return count;
            for (const entry of page) kept.set(entry[idOf], entry);
            assert.equal((await confirm(page.map((entry) => entry[idOf]))).status, 202);
            count += page.length;
        }
    }

    // What was ever taken off the lists, in the order in which it came.
    told = new Map();
    heard = new Map();
    drainReports = () => this.#drain(() => this.reports(), this.confirmReports, 'delivery_report_id', this.told);
    drainReplies = () => this.#drain(() => this.replies(), this.confirmReplies, 'reply_id', this.heard);

    // The reports of one message, oldest first; confirms whatever is on the list.
    async reportsOf(id) {
        await this.drainReports();
        return [...this.told.values()].filter((report) => report.message_id === id);
    }

    // The replies to one message, oldest first; confirms whatever is on the list.
    async repliesTo(id) {
        await this.drainReplies();
        return [...this.heard.values()].filter((reply) => reply.message_id === id);
    }

    replyTo(id) {
        return until(`a reply to ${id}`, async () => (await this.repliesTo(id)).at(-1));
    }

    // The codes told of one message, oldest first, once the last of them is `last`.
    codes(id, last, deadline) {
        return until(`report ${last} of ${id}`, async () => {
            const codes = (await this.reportsOf(id)).map(({error_code}) => error_code);
            return codes.at(-1) === last && codes;
        }, deadline);
    }
}
