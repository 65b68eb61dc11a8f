// SPDX-License-Identifier: Apache-2.0
// `tidings smsc` as a child process: the sandbox carrier alone, and a client of its HTTP interface.
import assert from 'node:assert/strict';
import {Client} from './client.mjs';
import {Esme} from './esme.mjs';
import {Program} from './gateway.mjs';

export class Smsc {
    esmes = [];
    #last = 491570700;
    constructor(args = [], env = {}) {
        this.args = args;
        this.env = env;
    }

    static async start(args, env) {
        const smsc = new Smsc(args, env);
        await smsc.launch();
        return smsc;
    }

    // Starts the process, again after stop(); the ports are not the same.
    async launch() {
        this.program = new Program(['smsc', '--port', '0', '--http', '127.0.0.1:0', ...this.args], this.env);
        this.port = Number((await this.program.printed(/^smsc listening on 127\.0\.0\.1:(\d+)$/m))[1]);
        this.client = new Client((await this.program.printed(/^handsets on (http:\/\/\S+)\/sandbox/m))[1]);
    }

    async bind(command, more) {
        return this.esmes[this.esmes.push(await Esme.bind(this.port, command, more)) - 1];
    }

    // A number that no other test uses, whose handset behaves so.
    async handset(how = {}) {
        const number = `61${++this.#last}`;
        await this.put(`/sandbox/handsets/${number}`, how);
        return number;
    }

    async put(path, how) {
        const answer = await this.client.put(path, how);
        assert.equal(answer.status, 200, answer.text);
        return answer.json;
    }

    async inbox(number) {
        return (await this.client.get(`/sandbox/handsets/${number}/messages`)).json.messages;
    }

    async stop() {
        for (const esme of this.esmes) esme.close();
        const {code, err} = await this.program.end('SIGTERM');
        assert.equal(code, 0, err);
    }
}
