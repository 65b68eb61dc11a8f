// SPDX-License-Identifier: Apache-2.0
// Names and secrets of keys are random letters and digits: 20 and 30 of them, about 119 and 178 bits, which
// nobody guesses, so that a plain SHA-256 of the secret is enough to keep.
#include "api/new_key.hpp"

#include <cstdlib>

namespace tidings::api {

namespace {

constexpr std::size_t name_size = 20;
constexpr std::size_t secret_size = 30;

}  // namespace

NewKey make_key(store::AccountKey account, store::KeyScheme scheme)
{
    NewKey made;
    made.secret = base::random_text(secret_size);
    made.key.name = base::random_text(name_size);
    made.key.account = account;
    made.key.scheme = scheme;
    switch (scheme) {
    // HMAC needs the secret itself to check a signature, and so the store seals it; for Basic a digest is
    // enough.
    case store::KeyScheme::basic: made.key.basic_secret = base::sha256(made.secret); return made;
    case store::KeyScheme::hmac: made.key.hmac_secret = made.secret; return made;
    }
    std::abort();
}

}  // namespace tidings::api
