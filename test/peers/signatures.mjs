// SPDX-License-Identifier: Apache-2.0
// How receivers verify callbacks, with code that is not ours.
import {createPublicKey, createVerify} from 'node:crypto';
import standard from 'standardwebhooks';

const pem = (base64) =>
    ['-----BEGIN PUBLIC KEY-----', ...base64.match(/.{1,64}/g), '-----END PUBLIC KEY-----', ''].join('\n');

// As the samples of the vendor do: `publicKey` as the API showed it; `request` is {method, target, headers, body}, the
// names of its headers in lower case.
export function isSigned(publicKey, {method, target, headers, body}) {
    const verifier = createVerify(`RSA-${headers['x-messagemedia-digest-type']}`);
    verifier.update(`${method} ${target} HTTP/1.1`);
    verifier.update(headers.date);
    verifier.update(body);
    return verifier.verify(createPublicKey(pem(publicKey)), headers['x-messagemedia-signature'], 'base64');
}

// As Standard Webhooks say: the body as JSON, or an exception.
export const verified = (secret, {headers, body}) => new standard.Webhook(secret).verify(body, headers);
