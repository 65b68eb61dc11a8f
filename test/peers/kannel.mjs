// SPDX-License-Identifier: Apache-2.0
// Kannel, bearerbox and smsbox, as an ESME with a folder and ports of its own: an SMPP client that is not ours, and an
// old one.
import {once} from 'node:events';
import {existsSync} from 'node:fs';
import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {createServer} from 'node:http';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {Program} from './gateway.mjs';
import {Journal, until} from './wait.mjs';

const boxes = {bearerbox: '/usr/sbin/bearerbox', smsbox: '/usr/sbin/smsbox'};

// Why the tests with Kannel are skipped; false when they need not be.
export const kannelMissing = Object.values(boxes).every(existsSync) ? false : 'Kannel is not installed';

async function freePorts(count) {
    const servers = Array.from({length: count}, () => createServer().listen(0, '127.0.0.1'));
    await Promise.all(servers.map((server) => once(server, 'listening')));
    const ports = servers.map((server) => server.address().port);
    for (const server of servers) server.close();
    return ports;
}

const configuration = (ports, smpp) => `
group = core
admin-port = ${ports.admin}
admin-interface = 127.0.0.1
admin-password = secret
smsbox-port = ${ports.box}
smsbox-interface = 127.0.0.1
box-allow-ip = 127.0.0.1

group = smsc
smsc = smpp
smsc-id = sandbox
host = 127.0.0.1
port = ${smpp}
transceiver-mode = true
smsc-username = kannel
smsc-password = secret
system-type = ""
interface-version = 34

group = smsbox
bearerbox-host = 127.0.0.1
bearerbox-port = ${ports.box}
sendsms-port = ${ports.send}
sendsms-interface = 127.0.0.1

group = sendsms-user
username = test
password = test
max-messages = 10
concatenation = true

group = sms-service
keyword = default
catch-all = true
get-url = "http://127.0.0.1:${ports.application}/message?from=%p&to=%P&charset=%C&text=%b"
max-messages = 0
`;

export class Kannel {
    messages = new Journal();  // of handsets: {from, to, charset, text}
    reports = new Journal();   // {type, tag, answer}

    // Bound to the carrier at this port.
    static async start(smppPort) {
        const kannel = new Kannel();
        kannel.folder = await mkdtemp(join(tmpdir(), 'kannel-'));
        kannel.application = createServer((request, response) => kannel.#hear(request, response));
        kannel.application.listen(0, '127.0.0.1');
        await once(kannel.application, 'listening');
        const [admin, box, send] = await freePorts(3);
        kannel.ports = {admin, box, send, application: kannel.application.address().port};
        const file = join(kannel.folder, 'kannel.conf');
        await writeFile(file, configuration(kannel.ports, smppPort));
        kannel.bearerbox = new Program(['-v', '2', file], {}, boxes.bearerbox);
        await kannel.#status('a running bearerbox', /Status: running/);
        kannel.smsbox = new Program(['-v', '2', file], {}, boxes.smsbox);
        await kannel.#status('a bound link and a smsbox', /smsbox:.*on-line[^]*sandbox\[sandbox\].*\(online/);
        return kannel;
    }

    #status(what, pattern) {
        const url = `http://127.0.0.1:${this.ports.admin}/status.txt?password=secret`;
        return until(`${what}\n${this.bearerbox.err}`, async () => {
            const text = await fetch(url).then((response) => response.text()).catch(() => '');
            return pattern.test(text);
        });
    }

    #hear(request, response) {
        const {pathname, searchParams} = new URL(request.url, 'http://x');
        (pathname === '/message' ? this.messages : this.reports).add(Object.fromEntries(searchParams));
        response.end();
    }

    // By its HTTP interface; `tag` comes back in the reports.
    async send(from, to, text, tag, more = {}) {
        const report = `http://127.0.0.1:${this.ports.application}/report?type=%d&tag=${tag}&answer=%A`;
        const query = new URLSearchParams({
            username: 'test', password: 'test', from, to, text, charset: 'UTF-8', 'dlr-mask': 31, 'dlr-url': report,
            ...more,
        });
        const response = await fetch(`http://127.0.0.1:${this.ports.send}/cgi-bin/sendsms?${query}`);
        return {status: response.status, text: await response.text()};
    }

    async stop() {
        for (const box of [this.smsbox, this.bearerbox]) await box?.end('SIGTERM');
        this.application.closeAllConnections();
        this.application.close();
        await rm(this.folder, {recursive: true});
    }
}
