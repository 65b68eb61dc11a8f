// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/digest.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>

namespace tidings::store {

// An account's row number: never reused, never shown. Applications know the account by its id.
enum class AccountKey : std::uint32_t {};

// A link's row number, kept for its name for ever: carrier ids and what was learnt of a link belong to it.
enum class LinkKey : std::uint32_t {};

struct Account {
    AccountKey key{};
    std::string id;                                // "MyAccount"; what vendor_account_id tells
    std::optional<AccountKey> parent;              // whose keys may act for this account
    std::string default_source;                    // used when a message names no source; digits, empty: none
    std::optional<std::int64_t> credits;           // nothing: unlimited
};

enum class KeyScheme : std::uint8_t { basic = 0, hmac = 1 };

// Basic keys keep only the SHA-256 of their secret: 30 random characters need no slow hash. An HMAC secret
// has to be read back: sealed on disk, open in memory.
struct ApiKey {
    std::string name;  // 20 characters
    AccountKey account{};
    KeyScheme scheme = KeyScheme::basic;
    base::Sha256 basic_secret{};
    std::string hmac_secret;
};

struct Number {
    std::string number;  // digits
    AccountKey account{};
};

// Everything of the business that is read far more often than changed. Immutable: a change makes a new
// snapshot, whose version the changing commit bumped.
struct Settings {
    std::uint64_t version = 0;
    std::optional<base::Sha256> admin_token;  // of the token for /admin/v1; nothing before the first start
    std::unordered_map<AccountKey, Account> accounts;
    std::unordered_map<std::string, AccountKey> account_ids;
    std::unordered_map<std::string, ApiKey> keys;      // by name
    std::unordered_map<std::string, Number> numbers;   // by digits
};

}  // namespace tidings::store
