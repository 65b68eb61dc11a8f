// SPDX-License-Identifier: Apache-2.0
// Who asks, and for whom. Pure: the request, the settings and the time go in, a key or a problem comes out.
// All but the digest of the body is judged on the headers, before a body is read.
//
// HMAC: the client signs a list of headers and the request line. What it listed, in its order and spelling,
// makes the signing string; `request-line` stands for `METHOD target HTTP/1.1`, whatever version reached us.
// Without a line end behind the last:
//
//     date: Sat, 30 Jul 2016 05:18:52 GMT
//     x-Content-MD5: e4355dd089ef72a8730a238a3a324237
//     POST /v1/messages HTTP/1.1
//
// Two errors of the official SDKs are forgiven. All of them sign a PUT as a POST; harmless, as no path takes
// both. The C# one takes the MD5 of a text in which it replaced what is not ASCII by question marks; that
// leaves those characters of the body to the protection of TLS.
//
// A captured request can be sent again for as long as `skew`: there, too, TLS is the protection.
#pragma once

#include "api/problem.hpp"
#include "base/digest.hpp"
#include "base/time.hpp"
#include "store/settings.hpp"

#include <chrono>
#include <optional>

namespace tidings::api {

struct AuthOptions {
    unsigned failure_status = 401;   // for wrong credentials; 403 in the older reference of the API
    std::chrono::seconds skew{300};  // between a signed date and our clock
    bool put_as_post = true;
    bool lossy_md5 = true;
};

// The key that the request proves to know; it points into `settings`. An unknown key costs the same time and
// gives the same answer as a wrong secret.
base::Result<const store::ApiKey*, Problem> authenticate(const http::Request& head,
                                                         const store::Settings& settings, base::Time now,
                                                         const AuthOptions& options);

// Why the body is not the one that was signed, once it is here; nothing: it is, or `key` signs none.
std::optional<Problem> refuse_body(const http::Request& request, const store::ApiKey& key,
                                   const AuthOptions& options);

// The account for which the key acts: its own, or the one that the header Account names, which must be its
// own or a child of it. `named` empty: no such header. The result points into `settings`.
base::Result<const store::Account*, Problem> effective_account(const store::Settings& settings,
                                                               const store::ApiKey& key,
                                                               std::string_view named);

// Whether somebody on this machine asks, as far as can be seen: a proxy here has our peers behind it, and
// mostly says so in a header.
bool is_local(const http::Request& request);

// Why the request may not administer; nothing: it knows the token.
std::optional<Problem> refuse_admin(const http::Request& request, const base::Sha256& token);

}  // namespace tidings::api
