// SPDX-License-Identifier: Apache-2.0
// An SMPP client by npm smpp, a codec that is not ours. Answers each deliver_sm with OK.
import {once} from 'node:events';
import smpp from 'smpp';
import {Journal, within} from './wait.mjs';

let last = 0;

export const idOf = (receipt) => receipt.receipted_message_id.replace(/\0$/, '');

export class Esme {
    delivered = new Journal();  // deliver_sm
    heard = new Journal();      // the commands of all PDUs that came, in their order
    closed = false;

    static async connect(port) {
        const esme = new Esme();
        esme.session = smpp.connect({host: '127.0.0.1', port});
        esme.session.setMaxListeners(0);  // one 'close' for each request that waits for its response
        esme.session.on('error', () => {});
        esme.session.on('close', () => (esme.closed = true));
        esme.session.on('pdu', ({command}) => esme.heard.add(command));
        esme.session.on('enquire_link', (pdu) => esme.session.send(pdu.response()));
        esme.session.on('deliver_sm', (pdu) => {
            esme.session.send(pdu.response());
            esme.delivered.add(pdu);
        });
        await within('a connection', once(esme.session, 'connect'));
        return esme;
    }

    static async bind(port, command = 'bind_transceiver', more = {}) {
        const esme = await Esme.connect(port);
        // Receipts go to any session of their system_id: each ESME has its own.
        const credentials = {system_id: `esme${++last}`, password: 'secret', interface_version: 0x34};
        esme.bound = await esme.ask(command, {...credentials, ...more});
        return esme;
    }

    // The response; rejects when the connection goes before it comes.
    ask(command, options = {}) {
        return within(command, new Promise((resolve, reject) => {
            const lost = () => reject(new Error(`the connection went before the response to ${command}`));
            this.session.once('close', lost);
            const sent = this.session[command](options, (response) => {
                this.session.off('close', lost);
                resolve(response);
            });
            if (!sent) lost();
        }));
    }

    submit(options) {
        return this.ask('submit_sm', {
            source_addr: '61491570157', source_addr_ton: 1, source_addr_npi: 1, dest_addr_ton: 1, dest_addr_npi: 1,
            destination_addr: '61491570156', registered_delivery: 1, data_coding: 0, short_message: 'Hello', ...options,
        });
    }

    close() {
        this.session.destroy();
    }
}
