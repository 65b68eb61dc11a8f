// SPDX-License-Identifier: Apache-2.0
// A raw connection for requests byte by byte; collects what is answered.
import net from 'node:net';
import {until} from './wait.mjs';

export class Wire {
    text = '';
    closed = false;
    constructor(port) {
        this.socket = net.connect(port, '127.0.0.1');
        this.socket.setEncoding('utf8');
        this.socket.on('data', (data) => (this.text += data));
        this.socket.on('error', () => {});
        this.socket.on('close', () => (this.closed = true));
    }

    write(text) {
        this.socket.write(text);
        return this;
    }

    // Waits for `count` whole answers; gives them as {status, headers, text, json}.
    answers(count) {
        return until(`${count} answers`, () => {
            const list = parse(this.text);
            if (list.length < count && this.closed) throw new Error(`closed after ${JSON.stringify(this.text)}`);
            return list.length >= count && list;
        });
    }

    async end() {
        await until('the end of the connection', () => this.closed, 60_000);
        return parse(this.text);
    }
}

function parse(text) {
    const list = [];
    for (let rest = text; ;) {
        const [head] = rest.split('\r\n\r\n', 1);
        if (head === rest) return list;
        const [line, ...fields] = head.split('\r\n');
        const headers = new Map(fields.map((field) => {
            const colon = field.indexOf(':');
            return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()];
        }));
        const length = Number(headers.get('content-length') ?? 0);
        const body = Buffer.from(rest).subarray(Buffer.byteLength(head) + 4);
        if (body.length < length) return list;
        const answer = {status: Number(line.split(' ')[1]), headers, text: body.subarray(0, length).toString()};
        if (/json/.test(headers.get('content-type'))) answer.json = JSON.parse(answer.text);
        list.push(answer);
        rest = body.subarray(length).toString();
    }
}
