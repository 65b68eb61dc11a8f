// SPDX-License-Identifier: Apache-2.0
// A receiver of callbacks that writes its answers octet by octet, as no library would.
import {createServer} from 'node:net';
import {once} from 'node:events';
import {Journal} from './wait.mjs';

export class RawHttp {
    journal = new Journal();  // requests: {connection, head, text}, connections counted from 1
    connections = 0;
    closed = 0;
    #sockets = new Set();
    // Gets the socket and the request; `headers`: called when the headers are here, and the body is not read then.
    script = (socket) => socket.write(answer(200));

    static async start({atHeaders = false, host = '127.0.0.1'} = {}) {
        const raw = new RawHttp();
        raw.atHeaders = atHeaders;
        raw.host = host;
        raw.server = createServer((socket) => raw.#serve(socket)).listen(0, host);
        await once(raw.server, 'listening');
        raw.port = raw.server.address().port;
        return raw;
    }

    url(path = '/') {
        return `http://127.0.0.1:${this.port}${path}`;
    }

    #serve(socket) {
        const connection = ++this.connections;
        this.#sockets.add(socket);
        socket.setNoDelay(true).on('error', () => {}).on('close', () => ++this.closed);
        let text = '';
        socket.on('data', (data) => {
            text += data.toString('latin1');
            for (;;) {
                const end = text.indexOf('\r\n\r\n');
                if (end < 0) return;
                const head = text.slice(0, end);
                const size = this.atHeaders ? 0 : Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
                if (text.length < end + 4 + size) return;
                const body = text.slice(end + 4, end + 4 + size);
                text = text.slice(end + 4 + size);
                const request = {connection, head, text: body};
                if (this.atHeaders) socket.pause();
                this.journal.add(request);
                this.script(socket, request);
            }
        });
    }

    async close() {
        for (const socket of this.#sockets) socket.destroy();
        this.server.close();
        await once(this.server, 'close');
    }
}

export const answer = (status, body = '', headers = '') =>
    `HTTP/1.1 ${status} X\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body}`;
