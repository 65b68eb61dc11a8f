// SPDX-License-Identifier: Apache-2.0
// What went over a port of this machine, as tshark decodes it: a third opinion on our SMPP.
import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {existsSync, readFileSync} from 'node:fs';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {Program} from './gateway.mjs';
import {until} from './wait.mjs';

const tshark = '/usr/bin/tshark';

// Root has it, unless a container takes it away.
function mayCapture() {
    const [, capabilities] = readFileSync('/proc/self/status', 'utf8').match(/^CapEff:\s*(\w+)$/m);
    const netRaw = 13n;
    return (BigInt(`0x${capabilities}`) >> netRaw) & 1n;
}

// Why nothing can be captured here; false when it can.
export const captureMissing = !existsSync(tshark) ? 'tshark is not installed'
    : !mayCapture() ? 'capturing needs root (CAP_NET_RAW)' : false;

const fields = [
    'tcp.len', 'smpp.command_length', 'smpp.command_id', '_ws.malformed', '_ws.expert.severity', '_ws.col.Info',
];
const errorSeverity = 0x800000;  // and what is worse; below are chats, notes and warnings of TCP

const listed = (text) => (text ? text.split(',') : []);

export class Capture {
    static async start(port) {
        const capture = new Capture();
        capture.port = port;
        capture.folder = await mkdtemp(join(tmpdir(), 'capture-'));
        capture.file = join(capture.folder, 'smpp.pcapng');
        capture.program = new Program(['-p', '-i', 'lo', '-f', `tcp port ${port}`, '-w', capture.file], {}, tshark);
        await until(`the capture\n${capture.program.err}`, () => /Capture started/.test(capture.program.err));
        return capture;
    }

    // Each frame that carries data: {size, lengths and commands of the PDUs that end in it, faults}.
    async frames() {
        const {stdout} = await promisify(execFile)(tshark, [
            '-r', this.file, '-Y', 'tcp.len > 0', '-d', `tcp.port==${this.port},smpp`, '-T', 'fields',
            ...fields.flatMap((field) => ['-e', field]),
        ]);
        return stdout.split('\n').filter(Boolean).map((line) => {
            const [size, lengths, commands, malformed, severities, info] = line.split('\t');
            const severe = listed(severities).some((severity) => Number(severity) >= errorSeverity);
            return {
                size: Number(size), lengths: listed(lengths).map(Number), commands: listed(commands).map(Number),
                fault: malformed || severe ? info : undefined,
            };
        });
    }

    // Waits until `last` was captured, a command; throws unless all that went over the port was well-formed SMPP.
    // Gives how often each command went.
    async commands(last) {
        const frames = await until(`command ${last} in the capture`, async () => {
            const seen = await this.frames().catch(() => []);  // a file that is being written may end anywhere
            return seen.some(({commands}) => commands.includes(last)) && seen;
        });
        assert.deepEqual(frames.map(({fault}) => fault).filter(Boolean), []);
        const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
        assert.equal(sum(frames.flatMap(({lengths}) => lengths)), sum(frames.map(({size}) => size)),
            'octets that belong to no PDU');
        const counts = new Map();
        for (const command of frames.flatMap(({commands}) => commands)) {
            counts.set(command, (counts.get(command) ?? 0) + 1);
        }
        return counts;
    }

    async stop() {
        await this.program.end('SIGINT');
        await rm(this.folder, {recursive: true});
    }
}
