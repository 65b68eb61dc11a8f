// SPDX-License-Identifier: Apache-2.0
// SMPP as bytes, by nobody's codec: for peers that say what no codec would. A frame is {command, status, sequence,
// body}; whatever goes out may have any length, any field and any end.
import net from 'node:net';
import {once} from 'node:events';
import {Journal, within} from './wait.mjs';

export const commands = {
    bind_transceiver: 0x09, submit_sm: 0x04, deliver_sm: 0x05, unbind: 0x06, outbind: 0x0B, enquire_link: 0x15,
    data_sm: 0x103, alert_notification: 0x102, generic_nack: 0x80000000, submit_sm_resp: 0x80000004,
    deliver_sm_resp: 0x80000005, unbind_resp: 0x80000006, bind_transceiver_resp: 0x80000009,
    enquire_link_resp: 0x80000015, data_sm_resp: 0x80000103,
};
export const status = {
    ok: 0, invalid_length: 2, invalid_command: 3, invalid_bind_state: 4, already_bound: 5, come_again: 0x64,
    invalid_parameters: 0xC0,
};

// `length` stands in the head and need not be true.
export function pdu(command, {status = 0, sequence = 1, body = Buffer.alloc(0), length = 16 + body.length} = {}) {
    const head = Buffer.alloc(16);
    [length, commands[command] ?? command, status, sequence].forEach((value, i) => head.writeUInt32BE(value, 4 * i));
    return Buffer.concat([head, body]);
}

export const text = (value) => Buffer.from(`${value}\0`, 'latin1');

export function tlv(tag, value, length = value.length) {
    const head = Buffer.alloc(4);
    head.writeUInt16BE(tag, 0);
    head.writeUInt16BE(length, 2);
    return Buffer.concat([head, value]);
}

// The body of a submit_sm or deliver_sm.
export function shortMessage({
    from = '61491570156', to = '61491570157', content = 'Hello', esm_class = 0, data_coding = 0, tlvs = [],
}) {
    const short = Buffer.from(content, 'latin1');
    return Buffer.concat([
        text(''), Buffer.from([1, 1]), text(from), Buffer.from([1, 1]), text(to), Buffer.from([esm_class, 0, 0]),
        text(''), text(''), Buffer.from([1, 0, data_coding, 0, short.length]), short, ...tlvs,
    ]);
}

export const bindBody = (system_id = 'raw', password = 'secret') =>
    Buffer.concat([text(system_id), text(password), text(''), Buffer.from([0x34, 0, 0]), text('')]);

// One connection, whoever made it. Its frames are whole; what comes in pieces is put together.
export class RawSession {
    heard = new Journal();
    closed = false;
    onFrame = () => {};
    #rest = Buffer.alloc(0);

    constructor(socket) {
        this.socket = socket;
        socket.setNoDelay(true);
        socket.on('data', (data) => this.#take(data));
        socket.on('error', () => {});
        socket.on('close', () => {
            this.closed = true;
            this.heard.add({closed: true});
        });
    }

    static async connect(port) {
        const session = new RawSession(net.connect(port, '127.0.0.1'));
        await within('a connection', once(session.socket, 'connect'));
        return session;
    }

    #take(data) {
        let rest = Buffer.concat([this.#rest, data]);
        while (rest.length >= 16 && rest.length >= rest.readUInt32BE(0)) {
            const [length, command, status, sequence] = [0, 4, 8, 12].map((at) => rest.readUInt32BE(at));
            const frame = {command, status, sequence, body: rest.subarray(16, length)};
            rest = rest.subarray(length);
            this.heard.add(frame);
            this.onFrame(frame);
        }
        this.#rest = rest;
    }

    // True when the connection took it at once.
    send(bytes) {
        return this.socket.write(bytes);
    }

    // Resolves when `bytes` have left, or when the connection is over.
    sent(bytes) {
        return new Promise((resolve) => {
            this.socket.once('close', resolve);
            this.socket.write(bytes, () => {
                this.socket.off('close', resolve);
                resolve();
            });
        });
    }

    // The frame with this command (a name) and sequence.
    frame(command, sequence) {
        return this.heard.waitFor(`${command} ${sequence}`,
            (frame) => frame.command === commands[command] && frame.sequence === sequence);
    }

    // Sends a request and waits for its response, whatever its sequence is.
    ask(command, more = {}) {
        const sequence = more.sequence ?? 1;
        this.send(pdu(command, {...more, sequence}));
        return this.frame(`${command}_resp`, sequence);
    }

    end() {
        return this.heard.waitFor('the end of the connection', ({closed}) => closed);
    }

    close() {
        this.socket.destroy();
    }
}

// A carrier of such sessions. Without instructions it takes binds, enquire_link and submit_sm as carriers do.
export class RawCarrier {
    sessions = [];
    binds = new Journal();    // {session, frame}
    submits = new Journal();  // {session, frame}
    onBind = ({session, frame}) => session.send(pdu('bind_transceiver_resp',
        {sequence: frame.sequence, body: text('raw')}));
    onSubmit = ({session, frame}) => session.send(pdu('submit_sm_resp',
        {sequence: frame.sequence, body: text(`raw${this.submits.entries.length}`)}));

    static async start() {
        const carrier = new RawCarrier();
        carrier.server = net.createServer((socket) => carrier.#serve(new RawSession(socket)));
        carrier.server.listen(0, '127.0.0.1');
        await once(carrier.server, 'listening');
        carrier.port = carrier.server.address().port;
        return carrier;
    }

    #serve(session) {
        this.sessions.push(session);
        session.onFrame = (frame) => {
            switch (frame.command) {
            case commands.bind_transceiver:
                this.onBind({session, frame});
                return this.binds.add({session, frame});
            case commands.submit_sm:
                this.submits.add({session, frame});
                return this.onSubmit({session, frame});
            case commands.enquire_link:
                return session.send(pdu('enquire_link_resp', {sequence: frame.sequence}));
            case commands.unbind:
                return session.send(pdu('unbind_resp', {sequence: frame.sequence}));
            }
        };
    }

    // The session of the next bind, or of the last one while it is up.
    async session() {
        const {session} = await this.binds.waitFor('a bind', (bind) => !bind.session.closed);
        return session;
    }

    async close() {
        this.server.close();
        for (const session of this.sessions) session.close();
        await once(this.server, 'close');
    }
}
