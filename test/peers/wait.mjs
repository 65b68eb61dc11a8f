// SPDX-License-Identifier: Apache-2.0
// Waiting for something to become true, with a deadline. No test sleeps for a fixed time and hopes.

// Sanitizer builds on small shared machines are slow; what fails takes this long, what works does not.
export const patience = 20_000;

// Asks `probe` again and again; gives its first truthy answer, or throws with `what` after `deadline` ms.
export async function until(what, probe, deadline = patience) {
    const end = Date.now() + deadline;
    for (;;) {
        const answer = await probe();
        if (answer) return answer;
        if (Date.now() >= end) throw new Error(`waited ${deadline} ms in vain for ${what}`);
        await pause(20);
    }
}

// Gives what `promise` gives, or throws with `what` after `deadline` ms.
export async function within(what, promise, deadline = patience) {
    let timer;
    const late = new Promise((_, reject) => {
        timer = setTimeout(() => reject(new Error(`waited ${deadline} ms in vain for ${what}`)), deadline);
    });
    try {
        return await Promise.race([promise, late]);
    } finally {
        clearTimeout(timer);
    }
}

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// A list to which peers add what happened, and on which tests wait.
export class Journal {
    entries = [];
    #waiting = new Set();

    add(entry) {
        this.entries.push(entry);
        for (const look of [...this.#waiting]) look();
    }

    // The first entry, old or new, for which `predicate` holds.
    async waitFor(what, predicate, deadline = patience) {
        return (await this.waitForMany(what, 1, predicate, deadline))[0];
    }

    async waitForMany(what, count, predicate = () => true, deadline = patience) {
        let look;
        const found = new Promise((resolve) => {
            look = () => {
                const matching = this.entries.filter(predicate);
                if (matching.length >= count) resolve(matching);
            };
        });
        this.#waiting.add(look);
        look();
        try {
            return await within(`${what} (${count}, of ${this.entries.length} entries)`, found, deadline);
        } finally {
            this.#waiting.delete(look);
        }
    }
}
