// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <variant>

namespace tidings {

enum class Digest { sha256, sha1 };

// An API key that is sent with each request. Only TLS keeps it secret.
struct Basic {
    std::string key{};
    std::string secret{};
};

// An API key whose secret never leaves the process: it signs each request.
struct Hmac {
    std::string key{};
    std::string secret{};
    Digest digest = Digest::sha256;
};

using Credentials = std::variant<Basic, Hmac>;

struct Retries {
    int attempts_max = 4;                        // with the first
    std::chrono::milliseconds first_delay{250};  // doubles each time, and is spread by a half
    std::chrono::milliseconds delay_max{10'000};
    std::chrono::seconds retry_after_max{60};  // a gateway that wants us to wait longer gets no second try
};

struct Options {
    Credentials credentials{};  // empty: a Basic key from the variables TIDINGS_KEY and TIDINGS_SECRET
    // Scheme, host, and perhaps port and a path. Empty: the environment variable TIDINGS_BASE_URI, and
    // without it http://127.0.0.1:8080, where a gateway listens that was not told anything. The hosted
    // service is https://api.messagemedia.com.
    std::string base_uri{};
    std::string account{};  // a sub-account on whose behalf a parent's key acts
    std::string ca_file{};  // PEM of whom to trust with https; empty: whom the system trusts
    std::chrono::milliseconds connect_timeout{10'000};  // name lookup and TLS included
    std::chrono::milliseconds timeout{30'000};  // from the connection to the end of the answer, each attempt
    std::size_t connections_max = 8;            // further calls wait for one of these
    Retries retries{};  // of calls that may be repeated: reading, confirming, sending with an idempotency key
};

}  // namespace tidings
