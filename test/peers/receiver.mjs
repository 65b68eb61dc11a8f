// SPDX-License-Identifier: Apache-2.0
// A receiver of callbacks that misbehaves as told: slow, silent, broken, endless, or behind a wrong certificate.
import {createServer} from 'node:http';
import {createServer as createTlsServer} from 'node:https';
import {once} from 'node:events';
import {Journal, pause} from './wait.mjs';

// What a script may answer with, besides a status.
export const answers = {
    slow: (ms) => async (response) => {
        await pause(ms);
        response.writeHead(200).end();
    },
    reset: () => (response) => response.socket.resetAndDestroy(),
    halfway: () => (response) => {
        response.writeHead(200, {'Content-Length': 1000});
        response.write('x'.repeat(10));
        setTimeout(() => response.socket.resetAndDestroy(), 50);
    },
    silent: () => () => {},
    dripping: (ms) => (response) => {  // a byte now and then, so that the connection never looks idle
        response.writeHead(200);
        const drip = setInterval(() => response.write('.'), ms);
        response.on('close', () => clearInterval(drip));
    },
    huge: (bytes) => (response) => {
        response.writeHead(200, {'Content-Type': 'text/plain'});
        response.on('error', () => {});
        const chunk = Buffer.alloc(64 << 10, 'x');
        const flood = () => {
            for (; bytes > 0; bytes -= chunk.length) if (!response.write(chunk)) return;
            response.end();
        };
        response.on('drain', flood);
        flood();
    },
    longHeaders: (bytes) => (response) => response.writeHead(200, {'X-Long': 'x'.repeat(bytes)}).end(),
    text: (status, body, headers = {}) => (response) => response.writeHead(status, headers).end(body),
};

export class Receiver {
    journal = new Journal();
    connections = 0;
    // Gives a status or one of the answers above; called with {path, headers, text, body, attempt}, where attempt
    // counts the calls with the same webhook-id from 1.
    script = () => 200;
    #attempts = new Map();

    // options: port; tls {key, cert}.
    static async start({port = 0, tls} = {}) {
        const receiver = new Receiver();
        const serve = (request, response) => receiver.#serve(request, response);
        receiver.server = tls ? createTlsServer(tls, serve) : createServer(serve);
        receiver.scheme = tls ? 'https' : 'http';
        receiver.server.on('connection', () => ++receiver.connections);
        receiver.server.on('tlsClientError', () => {});
        receiver.server.listen(port, '127.0.0.1');
        await once(receiver.server, 'listening');
        receiver.port = receiver.server.address().port;
        return receiver;
    }

    url(path = '/') {
        return `${this.scheme}://127.0.0.1:${this.port}${path}`;
    }

    async #serve(request, response) {
        const chunks = [];
        try {
            for await (const chunk of request) chunks.push(chunk);
        } catch {
            return;
        }
        const id = request.headers['webhook-id'];
        const attempt = (this.#attempts.get(id) ?? 0) + 1;
        this.#attempts.set(id, attempt);
        const text = Buffer.concat(chunks).toString();
        const {method, url: path, headers} = request;
        const call = {method, path, headers, text, id, attempt, at: Date.now()};
        try {
            call.body = JSON.parse(text);
        } catch {
            call.body = undefined;
        }
        const answer = this.script(call);
        if (typeof answer === 'number') call.status = answer;
        this.journal.add(call);
        if (typeof answer === 'number') response.writeHead(answer).end();
        else await answer(response);
    }

    calls(what, count, predicate, deadline) {
        return this.journal.waitForMany(what, count, predicate, deadline);
    }

    async close() {
        this.server.closeAllConnections();
        this.server.close();
        await once(this.server, 'close');
    }
}
