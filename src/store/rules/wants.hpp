// SPDX-License-Identifier: Apache-2.0
// What the items of a batch have to know before they decide, by the keys that they know it by. A store
// answers all of one kind at once: see facts.hpp for what each answer is.
//
// Keys may repeat, and may be known already: whoever loads passes over what the Facts have. To add a kind,
// add a vector here, a Known in Facts, its line in clear() of both, and its loading in each store.
#pragma once

#include "message/duplicate.hpp"
#include "store/memory/key_hash.hpp"
#include "store/records.hpp"
#include "store/rules/callback_row.hpp"

#include <map>
#include <string>
#include <vector>

namespace tidings::store::rules {

// Something that an account knows by a text: a number or handset in digits, or an idempotency key.
struct AccountName {
    AccountKey account{};
    std::string name;
    bool operator==(const AccountName&) const = default;
};

// What is said between a number of ours and a handset, both in digits.
struct Thread {
    std::string number, handset;
    bool operator==(const Thread&) const = default;
};

// What an account sent, by its duplicate key.
struct SentName {
    AccountKey account{};
    message::DuplicateKey key{};
};

struct Wants {
    std::vector<MessageKey> messages;
    std::vector<SentName> sent;         // brings the row of what was sent last with this key, too
    std::vector<AccountName> familiar;  // handsets
    std::vector<AccountName> listings;  // numbers
    std::vector<AccountName> requests;  // idempotency keys
    std::vector<AccountKey> usage;
    std::vector<AccountKey> balances;
    std::vector<EventKey> unconfirmed;  // reports and replies that their application has not confirmed
    std::vector<EventKey> replies;      // what they say
    std::vector<EventKey> receivers;    // callbacks of an event, all of them
    // Handsets, and how many messages to each may take a number of the pool: as many of its numbers are
    // loaded as that takes, in message::PoolOrder. Counts add up over both loads of a batch.
    std::map<std::string, std::size_t> pool_uses;

    void add(const std::vector<MessageKey>& keys)
    {
        messages.insert(messages.end(), keys.begin(), keys.end());
    }

    // Before the second load of a batch, which asks for what the first one revealed.
    void begin_second()
    {
        messages.clear();
        sent.clear();
        familiar.clear();
        listings.clear();
        requests.clear();
        usage.clear();
        balances.clear();
        unconfirmed.clear();
        replies.clear();
        receivers.clear();
    }
    void clear()
    {
        begin_second();
        pool_uses.clear();
    }
};

}  // namespace tidings::store::rules

template <>
struct std::hash<tidings::store::rules::AccountName> {
    std::size_t operator()(const tidings::store::rules::AccountName& it) const noexcept
    {
        return tidings::store::key_hash(it.account, it.name);
    }
};
template <>
struct std::hash<tidings::store::rules::Thread> {
    std::size_t operator()(const tidings::store::rules::Thread& it) const noexcept
    {
        return tidings::store::thread_hash(it.number, it.handset);
    }
};
template <>
struct std::hash<tidings::store::MessageKey> {
    std::size_t operator()(const tidings::store::MessageKey& key) const noexcept
    {
        return std::hash<tidings::base::Uuid>{}(key.id) + static_cast<std::size_t>(key.account);
    }
};
template <>
struct std::hash<tidings::message::DuplicateKey> {
    std::size_t operator()(const tidings::message::DuplicateKey& key) const noexcept
    {
        std::size_t hash = 0;  // a key is a digest: any part of it is as good as another
        __builtin_memcpy(&hash, key.data(), sizeof hash);
        return hash;
    }
};
