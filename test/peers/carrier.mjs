// SPDX-License-Identifier: Apache-2.0
// A carrier: an SMPP server by npm smpp, a codec that is not ours. What it does with each submit_sm is up to the test;
// without instructions it accepts and sends a receipt at once.
import {once} from 'node:events';
import smpp from 'smpp';
import {Journal, patience, pause, until, within} from './wait.mjs';

export {smpp};
const receiptStates = {ENROUTE: 1, DELIVRD: 2, EXPIRED: 3, DELETED: 4, UNDELIV: 5, ACCEPTD: 6, UNKNOWN: 7, REJECTD: 8};

export class Carrier {
    submits = new Journal();  // {session, pdu, text, udh, id}
    binds = new Journal();    // {session, pdu}
    answered = new Journal(); // deliver_sm_resp: {pdu, response}
    unbinds = new Journal();  // {session}
    enquiries = new Journal();  // enquire_link: {session, at}
    mute = false;             // answers no enquire_link
    // Decides on a submit; gets the entry of `submits`. Default: accept, then a receipt.
    onSubmit = (submit) => this.accept(submit) && this.receipt(submit);
    // The command_status of a bind's answer; undefined: no answer at all.
    onBind = () => 0;
    nextId = () => `c${String(++this.#lastId).padStart(8, '0')}`;
    #lastId = 0;

    // options: what smpp.createServer takes; with a key and a certificate it speaks TLS.
    static async start(port = 0, options = {}) {
        const carrier = new Carrier();
        carrier.server = smpp.createServer(options, (session) => carrier.serve(session));
        carrier.server.listen(port, '127.0.0.1');
        await once(carrier.server, 'listening');
        carrier.port = carrier.server.address().port;
        return carrier;
    }

    // Answers what comes over a connection, whoever made it.
    serve(session) {
        session.setMaxListeners(0);  // one 'close' for each deliver_sm that waits for its answer
        session.on('error', () => session.destroy());
        for (const command of ['bind_transceiver', 'bind_transmitter', 'bind_receiver']) {
            session.on(command, (pdu) => {
                const command_status = this.onBind(pdu, session);
                if (command_status === 0) session.kind = command;
                if (command_status !== undefined) session.send(pdu.response({command_status, system_id: 'carrier'}));
                this.binds.add({session, pdu});
            });
        }
        session.on('unbind', (pdu) => {
            this.unbinds.add({session});
            session.send(pdu.response(), () => session.close());
        });
        session.on('enquire_link', (pdu) => {
            this.enquiries.add({session, at: performance.now()});
            if (!this.mute) session.send(pdu.response());
        });
        session.on('submit_sm', (pdu) => {
            const {message = '', udh} = pdu.message_payload ?? pdu.short_message;
            const submit = {session, pdu, text: message, udh, id: this.nextId()};
            this.submits.add(submit);
            // A connection that goes while onSubmit answers is part of many tests; a failed assertion is not.
            (async () => this.onSubmit(submit))().catch((error) => {
                if (error.code === 'ERR_ASSERTION') this.fault = error;
            });
        });
    }

    // Answers a submit; truthy when the connection took it.
    accept({session, pdu, id}) {
        return session.send(pdu.response({message_id: id}));
    }

    refuse({session, pdu}, command_status) {
        return session.send(pdu.response({command_status}));
    }

    // The sessions over which deliver_sm may go.
    receivers() {
        return this.server.sessions.filter(({kind, socket}) => kind && kind !== 'bind_transmitter' && socket.writable);
    }

    async receiver() {
        return (await until('a bound receiver', () => this.receivers().length && this.receivers()))[0];
    }

    // Sends a receipt for a submit; gives the deliver_sm_resp.
    receipt({pdu, id}, stat = 'DELIVRD', {tlv = true, err = '000', text = '', how = {}} = {}) {
        const now = new Date().toISOString().replace(/\D/g, '').slice(2, 12);
        return this.deliver({
            source_addr: pdu.destination_addr, destination_addr: pdu.source_addr,
            source_addr_ton: 1, source_addr_npi: 1, esm_class: 0x04,
            short_message: `id:${id} sub:001 dlvrd:${stat === 'DELIVRD' ? '001' : '000'} submit date:${now} ` +
                `done date:${now} stat:${stat} err:${err} text:${text}`,
            ...(tlv ? {receipted_message_id: id, message_state: receiptStates[stat]} : {}), ...how,
        });
    }

    // A message from a handset; gives the deliver_sm_resp.
    reply(from, to, text, how = {}) {
        return this.deliver({
            source_addr: from.replace('+', ''), destination_addr: to.replace('+', ''), source_addr_ton: 1,
            source_addr_npi: 1, dest_addr_ton: 1, dest_addr_npi: 1, short_message: text, ...how,
        });
    }

    // Sends a deliver_sm over a bound receiver; rejects when the connection goes before the answer comes.
    async deliver(options, session) {
        session ??= await this.receiver();
        const pdu = new smpp.PDU('deliver_sm', options);
        const response = new Promise((resolve, reject) => {
            const lost = () => reject(new Error('the connection went before deliver_sm_resp'));
            session.once('close', lost);
            const sent = session.send(pdu, (answer) => {
                session.off('close', lost);
                resolve(answer);
            });
            if (!sent) lost();
        });
        response.catch(() => {});  // whoever does not wait for a receipt's answer does not care for its loss
        const answer = await within('deliver_sm_resp', response, patience);
        this.answered.add({pdu, response: answer});
        return answer;
    }

    // Cuts all connections without a word.
    drop() {
        for (const session of [...this.server.sessions]) session.destroy();
    }

    async close() {
        this.server.close();
        this.drop();
        await once(this.server, 'close');
        if (this.fault) throw this.fault;
    }
}

// Does what carriers do: sends a deliver_sm again until it is answered OK. `send` gives the deliver_sm_resp.
export async function insist(send) {
    for (;;) {
        const answer = await send().catch(() => undefined);
        if (answer?.command_status === 0) return;
        await pause(50);
    }
}

// Number, total and reference from the concatenation element of a UDH, as node-smpp splits it.
export function concatenation(udh) {
    const element = udh?.find((element) => element[0] === 0 || element[0] === 8);
    if (!element) return undefined;
    if (element[0] === 0) return {reference: element[2], total: element[3], number: element[4]};
    return {reference: element.readUInt16BE(2), total: element[4], number: element[5]};
}
