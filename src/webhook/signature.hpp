// SPDX-License-Identifier: Apache-2.0
// How receivers know that a callback is ours. There are two kinds of signature, and a callback may have both.
//
// RSA, as the vendor's receivers verify it: RSASSA-PKCS1-v1_5 over the request line, the value of the Date
// header and the body, with nothing between them:
//
//     POST /hook?x=1 HTTP/1.1Wed, 18 Jul 2018 06:33:52 GMT{"reply_id":…}
//
// What is signed must be what is sent: the target with its query as it goes over the wire, always HTTP/1.1,
// and the Date header set by us. It does not keep anybody from sending a callback again.
//
// Standard Webhooks (standardwebhooks.com, 1.0): HMAC-SHA256 over "id.timestamp.body", where the id stays
// the same when a callback is tried again, so that receivers recognise repeats.
#pragma once

#include "base/error.hpp"
#include "base/time.hpp"
#include "base/uuid.hpp"
#include "message/webhook.hpp"

#include <openssl/types.h>

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace tidings::webhook {

constexpr unsigned rsa_bits = 2048;

class SigningKey {
public:
    // Takes a tenth of a second and more of CPU time.
    static SigningKey generate(unsigned bits = rsa_bits);
    static base::Result<SigningKey> from_der(std::string_view pkcs8);  // bad_seal: no RSA key

    std::string private_der() const;  // PKCS #8
    std::string public_der() const;   // SubjectPublicKeyInfo

    // Takes a quarter of a millisecond. Safe from every thread.
    std::string sign(message::SignatureDigest digest, std::string_view bytes) const;

private:
    explicit SigningKey(EVP_PKEY* key);

    std::shared_ptr<EVP_PKEY> key_;  // shared with the copies, and never changed
};

// A request that is about to be sent.
struct Sent {
    std::string_view method;  // "POST"
    std::string_view target;  // path and query
    std::string_view date;    // the value of its Date header
    std::string_view body;
};

// X-Messagemedia-Signature, -Digest-Type, -Cipher-Type and -Key-Id. The Date header goes beside them.
message::HeaderList rsa_headers(const SigningKey& key, const base::Uuid& key_id,
                                message::SignatureDigest digest, const Sent& sent);

// webhook-id, webhook-timestamp and webhook-signature, the last with one signature for each secret.
message::HeaderList standard_headers(std::span<const std::string> secrets, const base::Uuid& id,
                                     base::Time now, std::string_view body);

constexpr std::size_t secret_size = 32;               // Standard Webhooks ask for 24 to 64 bytes
std::string written_secret(std::string_view secret);  // "whsec_…", as receivers are given it

}  // namespace tidings::webhook
