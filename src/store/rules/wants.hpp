// SPDX-License-Identifier: Apache-2.0
// What the items of a batch have to know before they decide, by the keys that they know it by. A store
// answers all of one kind at once: see facts.hpp for what each answer is.
//
// Keys may repeat, and may be known already: whoever loads passes over what the Facts have. To add a kind,
// add a vector here, a Known in Facts, its line in clear() of both, and its loading in each store.
#pragma once

#include "store/rules/callback_row.hpp"
#include "store/rules/keys.hpp"

#include <map>
#include <string>
#include <vector>

namespace tidings::store::rules {

// What an account sent, by its duplicate key.
struct SentName {
    AccountKey account{};
    message::DuplicateKey key{};
};

// What is parked with these numbers, as far as a doubt may explain it: the receipts of as many ids.
struct ParkedBetween {
    LinkThread numbers;
    int ids_max = 0;
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

    // What carriers speak of (carrier_facts.hpp).
    std::vector<CarrierId> carrier_ids;  // of messages
    std::vector<Thread> threads;         // bring the rows of their messages, too
    std::vector<Thread> sent_between;    // the same
    std::vector<CarrierId> parked;       // of receipts
    std::vector<ParkedBetween> parked_between;
    std::vector<DoubtName> doubts_of;
    std::vector<LinkThread> doubts_between;
    std::vector<base::Sha256> seen;  // fingerprints
    std::vector<ReplyName> reply_parts;

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
        carrier_ids.clear();
        threads.clear();
        sent_between.clear();
        parked.clear();
        parked_between.clear();
        doubts_of.clear();
        doubts_between.clear();
        seen.clear();
        reply_parts.clear();
    }
    void clear()
    {
        begin_second();
        pool_uses.clear();
    }
};

}  // namespace tidings::store::rules
