// SPDX-License-Identifier: Apache-2.0
// A wall clock that a test sets, for the processes that get its `env`; their steady clock is the machine's.
import {execFileSync} from 'node:child_process';
import {mkdtempSync, openSync, rmSync, writeSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';

const source = fileURLToPath(new URL('wall_clock.c', import.meta.url));

export const day = 86_400;

export class WallClock {
    #folder = mkdtempSync(join(tmpdir(), 'tidings-clock-'));
    #file;

    constructor() {
        const library = join(this.#folder, 'wall_clock.so'), offset = join(this.#folder, 'offset');
        execFileSync(process.env.CC ?? 'cc', ['-shared', '-fPIC', '-o', library, source]);
        this.#file = openSync(offset, 'w');
        this.set(0);
        // A sanitizer wants to be the first library, which it need not be for this one.
        const asan = 'exitcode=99:verify_asan_link_order=0';
        this.env = {LD_PRELOAD: library, WALL_CLOCK_OFFSET: offset, ASAN_OPTIONS: asan};
    }

    // So many seconds from what the machine's clock shows.
    set(seconds) {
        const bytes = Buffer.alloc(8);
        bytes.writeBigInt64LE(BigInt(seconds));
        writeSync(this.#file, bytes, 0, 8, 0);
    }

    close() {
        rmSync(this.#folder, {recursive: true});
    }
}
