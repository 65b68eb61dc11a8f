// SPDX-License-Identifier: Apache-2.0
// The built gateway as a child process with a data folder of its own.
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {Client} from './client.mjs';
import {patience, until, within} from './wait.mjs';

export const binary = resolve(process.env.TIDINGS ?? new URL('../../build/dev/tidings', import.meta.url).pathname);

// Sanitizers end a faulty process with this status, so that no test takes it for an ordinary exit.
const environment = {...process.env, ASAN_OPTIONS: 'exitcode=99', UBSAN_OPTIONS: 'print_stacktrace=1'};
const running = new Set();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

// A process of the program, or of another one; collects what it prints.
export class Program {
    out = '';
    err = '';
    constructor(args, env = {}, file = binary) {
        this.child = spawn(file, args, {stdio: ['ignore', 'pipe', 'pipe'], env: {...environment, ...env}});
        running.add(this.child);
        this.child.stdout.on('data', (data) => (this.out += data));
        this.child.stderr.on('data', (data) => (this.err += data));
        this.failure = new Promise((resolve) => this.child.once('error', resolve));
        this.exited = once(this.child, 'close').then(([code, signal]) => {
            running.delete(this.child);
            return {code, signal, out: this.out, err: this.err};
        });
    }

    // The first match of `pattern` in what the program printed on stdout; throws when it ends before.
    async printed(pattern) {
        let end;
        this.exited.then((status) => (end = status));
        this.failure.then((error) => (end = error));
        return until(`${pattern} on stdout\n${this.err}`, () => {
            const found = this.out.match(pattern);
            if (!found && end) throw new Error(`ended before ${pattern}: ${JSON.stringify(end)}`);
            return found;
        });
    }

    // Sends a signal and waits for the end: {code, signal, out, err}.
    async end(signal = 'SIGTERM') {
        this.child.kill(signal);
        return within(`the end of the program after ${signal}\n${this.err}`, this.exited, patience + 10_000);
    }
}

export class Gateway {
    // options: data, config (TOML text), sandbox (default true), args, scheme of the listener, env, before: a command
    // that ends by running the rest of its arguments.
    static async start(options = {}) {
        const gateway = new Gateway();
        gateway.options = options;
        gateway.ownsData = !options.data;
        gateway.data = options.data ?? (await mkdtemp(join(tmpdir(), 'tidings-')));
        try {
            await gateway.launch();
        } catch (error) {
            await gateway.program?.end('SIGKILL');
            throw error;
        }
        return gateway;
    }

    // Starts the process, again after stop() or kill(); the data folder and the options are the same, the port is not.
    async launch() {
        const {config, sandbox = true, args = [], env, listen = '127.0.0.1:0', before = []} = this.options;
        const flags = ['serve', '--data', this.data, '--listen', listen];
        if (sandbox) flags.push('--sandbox');
        if (config) {
            this.configFile = join(this.data, '..', `${this.data.split('/').pop()}.toml`);
            await writeFile(this.configFile, config);
            flags.push('--config', this.configFile);
        }
        const [file, ...rest] = [...before, binary, ...flags, ...args];
        this.program = new Program(rest, env, file);
        const [, base] = await this.program.printed(/^listening on (https?:\/\/\S+)$/m);
        this.base = base;
        this.keys = sandbox ? JSON.parse(await readFile(join(this.data, 'sandbox.json'), 'utf8')) : undefined;
        this.client = new Client(base, this.keys);
        await until('readyz', async () => (await this.client.get('/readyz', {auth: null})).status === 200);
    }

    // SIGTERM; checks the clean exit.
    async stop() {
        const status = await this.program.end('SIGTERM');
        if (status.code !== 0) throw new Error(`exit ${status.code} ${status.signal}\n${status.err}`);
        return status;
    }

    kill() {
        return this.program.end('SIGKILL');
    }

    // Stops what runs and removes the data folder.
    async close() {
        if (running.has(this.program.child)) await this.stop();
        if (this.configFile) await rm(this.configFile, {force: true});
        if (this.ownsData) await rm(this.data, {recursive: true, force: true});
    }

    async adminToken() {
        return (await readFile(join(this.data, 'admin.token'), 'utf8')).trim();
    }
}

// The configuration of one link to a carrier.mjs.
export const linkTo = (carrier, more = {}) => {
    const link = {
        name: 'carrier', host: '127.0.0.1', port: carrier.port, system_id: 'tidings', password: 'secret',
        bind: 'transceiver', window: 10, reconnect_min_ms: 50, in_doubt_wait_s: 0, ...more,
    };
    return `[[link]]\n${Object.entries(link).map(([key, value]) => `${key} = ${toml(value)}\n`).join('')}`;
};

const toml = (value) => {
    if (typeof value !== 'object' || Array.isArray(value)) return JSON.stringify(value);
    return `{${Object.entries(value).map(([key, item]) => `${JSON.stringify(key)} = ${toml(item)}`).join(', ')}}`;
};
