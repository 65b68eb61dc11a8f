// SPDX-License-Identifier: Apache-2.0
// Whether a callback comes from the gateway. To be asked before anything in its body is believed.
#pragma once

#include "tidings/message.hpp"

#include <chrono>
#include <string_view>

namespace tidings {

// Signed with one of the account's signature keys (RSA).
struct SignedCallback {
    std::string_view method = "POST";
    std::string_view target{};     // path and query as the gateway sent them: before a proxy changed them
    std::string_view body{};       // as received, not parsed and written again
    std::string_view date{};       // header Date
    std::string_view signature{};  // header X-MessageMedia-Signature
    std::string_view digest{};     // header X-MessageMedia-Digest-Type: SHA224, SHA256 or SHA512
};

// Signed as Standard Webhooks are, with a secret of the webhook.
struct StandardWebhook {
    std::string_view id{};         // header webhook-id
    std::string_view timestamp{};  // header webhook-timestamp
    std::string_view signature{};  // header webhook-signature; one of several is enough
    std::string_view body{};
};

// How far its time may be from ours. What is older may be a captured one that somebody sends again.
struct Freshness {
    Time now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    std::chrono::seconds tolerance{300};
};

// bad_signature. `public_key` is what the gateway gave when the key was made: base64 on one line.
Result<void> verify(const SignedCallback& callback, std::string_view public_key,
                    const Freshness& freshness = {});
// bad_signature. `secret` as the gateway gave it, with or without "whsec_".
Result<void> verify(const StandardWebhook& webhook, std::string_view secret, const Freshness& freshness = {});

}  // namespace tidings
