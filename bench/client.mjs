// SPDX-License-Identifier: Apache-2.0
// What bench_client does, with the official Node SDK: node client.mjs BASE BATCHES prints how many seconds it took.
import {createRequire} from 'node:module';

const require = createRequire(new URL('../test/package.json', import.meta.url));
const lib = require('messagemedia-messages-sdk');

const [base, batches] = [process.argv[2], Number(process.argv[3])];
const concurrency = 4;
lib.Configuration.BASEURI = base;
lib.Configuration.basicAuthUserName = 'KEY';
lib.Configuration.basicAuthPassword = 'SECRET';

const message = () => Object.assign(new lib.Message(), {
    content: 'Your parcel arrives today between 14:00 and 16:00. Reply STOP to opt out.',
    destinationNumber: '+61491570156', deliveryReport: true,
});

let next = 0;
async function work() {
    while (next++ < batches) {
        const request = new lib.SendMessagesRequest();
        request.messages = Array.from({length: 100}, message);
        const answer = await lib.MessagesController.sendMessages(request);
        if (answer.messages.length !== 100) throw new Error('the stub refused something');
    }
}

const begin = process.hrtime.bigint();
await Promise.all(Array.from({length: concurrency}, work));
console.log(Number(process.hrtime.bigint() - begin) / 1e9);
process.exit(0);
