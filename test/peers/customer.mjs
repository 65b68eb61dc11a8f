// SPDX-License-Identifier: Apache-2.0
// An application's web server: receives callbacks, answers as told, remembers what came.
import {createServer} from 'node:http';
import {once} from 'node:events';
import {validateCallback} from './client.mjs';
import {Journal} from './wait.mjs';

export class Customer {
    journal = new Journal();
    // Gives the answer to a call: a status, or {status, headers, body}, or undefined for none at all.
    answer = () => 200;

    static async start(port = 0) {
        const customer = new Customer();
        customer.server = createServer((request, response) => customer.#serve(request, response));
        customer.server.listen(port, '127.0.0.1');
        await once(customer.server, 'listening');
        customer.port = customer.server.address().port;
        return customer;
    }

    url(path = '/') {
        return `http://127.0.0.1:${this.port}${path}`;
    }

    async #serve(request, response) {
        const chunks = [];
        for await (const chunk of request) chunks.push(chunk);
        const text = Buffer.concat(chunks).toString();
        const call = {method: request.method, path: request.url, headers: request.headers, text, at: Date.now()};
        try {
            call.body = JSON.parse(text);
            validateCallback(call.body);
        } catch (error) {
            call.fault = error;
        }
        const answer = this.answer(call);
        this.journal.add(call);
        if (answer === undefined) return;
        const {status, headers = {}, body = ''} = typeof answer === 'number' ? {status: answer} : answer;
        response.writeHead(status, headers).end(body);
    }

    // Waits for `count` calls; throws when one of them was not as openapi.yaml says.
    async calls(what, count, predicate, deadline) {
        const calls = await this.journal.waitForMany(what, count, predicate, deadline);
        for (const call of calls) if (call.fault) throw call.fault;
        return calls;
    }

    async close() {
        this.server.closeAllConnections();
        this.server.close();
        await once(this.server, 'close');
    }
}
