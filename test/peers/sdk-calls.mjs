// SPDX-License-Identifier: Apache-2.0
// Every call of messagemedia-messages-sdk against a gateway: node sdk-calls.mjs BASE basic|hmac KEYS
import assert from 'node:assert/strict';
import lib from 'messagemedia-messages-sdk';
import moment from 'moment';  // the SDK's own: it takes its dates so
import {basic} from './client.mjs';
import {until} from './wait.mjs';

const [base, scheme, keys] = [process.argv[2], process.argv[3], JSON.parse(process.argv[4])];
const {MessagesController: messages, RepliesController: replies, DeliveryReportsController: reports} = lib;
lib.Configuration.BASEURI = base;
if (scheme === 'hmac') {
    lib.Configuration.hmacAuthUserName = keys.hmac_key;
    lib.Configuration.hmacAuthPassword = keys.hmac_secret;
} else {
    lib.Configuration.basicAuthUserName = keys.key;
    lib.Configuration.basicAuthPassword = keys.secret;
}

const from = scheme === 'hmac' ? '+61491570158' : '+61491570159';
const handset = scheme === 'hmac' ? '+61491570156' : '+61491570157';
const hello = {content: 'Grüße, 世界 😀', destinationNumber: handset};
const message = (fields) => Object.assign(new lib.Message(), hello, fields);
const request = (...list) => Object.assign(new lib.SendMessagesRequest(), {messages: list});
const failure = async (promise) => promise.then(() => assert.fail('a failure was due'), (error) => error);

// sendMessages, by promise and by callback
const [when, expiry] = [1, 2].map((days) => moment().add(days, 'days').milliseconds(0));
const sent = await messages.sendMessages(request(
    message({deliveryReport: true, sourceNumber: from, metadata: {order: '7'}}),
    message({format: ['SMS'], scheduled: when, messageExpiryTimestamp: expiry}),
    message({format: lib.FormatEnum.MMS, media: ['https://example.com/a.png'], subject: 'Look'})));
assert.equal(sent.messages.length, 3);
for (const echo of sent.messages) {
    assert.match(echo.messageId, /^[0-9a-f-]{36}$/);
    assert.equal(echo.status, 'queued');
    assert.equal(echo.content, 'Grüße, 世界 😀');
}
assert.deepEqual(sent.messages[0].metadata, {order: '7'});
assert.equal(new Date(sent.messages[1].scheduled).toISOString(), when.toISOString());
assert.equal(sent.messages[2].format, 'MMS');
await new Promise((resolve, reject) => {
    messages.sendMessages(request(message({})), (error, response) => (error ? reject(error) : resolve(response)));
});

// getMessageStatus
const [first, later] = sent.messages.map(({messageId}) => messageId);
const seen = await until('delivery', async () => {
    const status = await messages.getMessageStatus(first);
    return status.status === 'delivered' && status;
});
assert.equal(seen.sourceNumber, from);
assert.equal(seen.deliveryReport, true);
assert.equal((await messages.getMessageStatus(later)).status, 'scheduled');
const unknown = await failure(messages.getMessageStatus('877c19ef-fa2e-4cec-827a-e1df9b5509f7'));
assert.equal(unknown.errorMessage, 'Resource not found');

// cancelScheduledMessage: under HMAC the SDK signs this PUT as a POST
const cancel = Object.assign(new lib.CancelScheduledMessageRequest(), {status: 'cancelled'});
assert.equal((await messages.cancelScheduledMessage(later, cancel)).status, 'cancelled');
const tooLate = await failure(messages.cancelScheduledMessage(first, cancel));
assert.equal(tooLate.errorCode, 400);
assert.equal(tooLate.errorResponse, '{"message":"Message is not currently scheduled"}');

// checkDeliveryReports, confirmDeliveryReportsAsReceived
const mine = await until('three reports', async () => {
    const list = (await reports.checkDeliveryReports()).deliveryReports.filter(({messageId}) => messageId === first);
    return list.length === 3 && list;
});
assert.deepEqual(mine.map(({status}) => status), ['enroute', 'submitted', 'delivered']);
for (const report of mine) {
    assert.equal(report.delay, 0);
    assert.equal(report.sourceNumber, handset);
    assert.deepEqual(report.metadata, {order: '7'});
    assert.equal(report.vendorAccountId.vendorId, 'MessageMedia');
    assert.ok(!Number.isNaN(new Date(report.submittedDate).getTime()));
}
const confirmReports = Object.assign(new lib.ConfirmDeliveryReportsAsReceivedRequest(),
    {deliveryReportIds: mine.map(({deliveryReportId}) => deliveryReportId)});
await reports.confirmDeliveryReportsAsReceived(confirmReports);
const left = (await reports.checkDeliveryReports()).deliveryReports;
assert.ok(!left.some(({messageId}) => messageId === first));

// checkReplies, confirmRepliesAsReceived
await fetch(`${base}/sandbox/handsets/${handset}/messages`, {
    method: 'POST', body: JSON.stringify({to: from, content: 'Ja, gern'}),
    headers: {'Content-Type': 'application/json', Authorization: basic(keys.key, keys.secret)},
});
const reply = await until('the reply', async () =>
    (await replies.checkReplies()).replies.find(({messageId}) => messageId === first));
assert.equal(reply.content, 'Ja, gern');
assert.equal(reply.sourceNumber, handset);
assert.equal(reply.destinationNumber, from);
const confirmReplies = Object.assign(new lib.ConfirmRepliesAsReceivedRequest(), {replyIds: [reply.replyId]});
await replies.confirmRepliesAsReceived(confirmReplies);
assert.ok(!(await replies.checkReplies()).replies.some(({replyId}) => replyId === reply.replyId));

// checkCreditsRemaining
assert.ok((await messages.checkCreditsRemaining()).remaining_credits > 0);

// What a caller sees of errors
const invalid = await failure(messages.sendMessages(request(message({destinationNumber: 'nobody'}))));
assert.equal(invalid.errorCode, 400);
assert.match(JSON.stringify(invalid.errorResponse), /Request failed to parse correctly/);
if (scheme === 'hmac') lib.Configuration.hmacAuthPassword = 'wrong';
else lib.Configuration.basicAuthPassword = 'wrong';
const stranger = await failure(messages.sendMessages(request(message({}))));
assert.equal(stranger.errorCode, 401);
console.log('all calls done');
