// SPDX-License-Identifier: Apache-2.0
// The working set of a batch: what its decisions have to know, found by the keys that they start from. Also
// what is known not to be there, so that two items of a batch meet: the second sees what the first changed,
// as if that were on disk.
//
// A store fills them from Wants; rules read and change them; what of it is to be written stands in the marks
// of the message rows (Unsaved) and, for all other kinds, in Effects. So a rule that changes a fact of
// another kind than a message adds an effect that says so.
#pragma once

#include "message/cap.hpp"
#include "store/rules/carrier_facts.hpp"
#include "store/rules/known.hpp"
#include "store/rules/message_row.hpp"
#include "store/rules/wants.hpp"

#include <deque>
#include <unordered_map>

namespace tidings::store::rules {

// The messages of a batch. Rows stay where they are while the batch lasts; whoever changes one notes in its
// `unsaved` what.
class MessageFacts {
public:
    MessageFacts() = default;
    MessageFacts(const MessageFacts&) = delete;  // places_ points into rows_
    MessageFacts& operator=(const MessageFacts&) = delete;

    bool is_known(const MessageKey& key) const { return places_.contains(key); }
    void learn(const MessageKey& key, std::optional<MessageRow> row);

    // nullptr: there is none, perhaps because its life is over.
    const MessageRow* find(const MessageKey& key) const;
    MessageRow* find(const MessageKey& key)
    {
        return const_cast<MessageRow*>(std::as_const(*this).find(key));
    }
    MessageRow& add(MessageRow row);  // a new message

    std::deque<MessageRow>& rows() { return rows_; }  // in the order in which they came
    void clear();

private:
    std::deque<MessageRow> rows_;
    std::unordered_map<MessageKey, MessageRow*> places_;
};

// The last message that went out with a duplicate key.
struct Sent {
    base::Uuid message;
    base::Time at{};
};

// A number is on an account's list of those that are not written to.
struct Listing {};

// What was accepted with an idempotency key.
struct RepeatableRequest {
    base::Sha256 body{};
    std::vector<base::Uuid> messages;
    base::Time at{};
};

struct Facts {
    MessageFacts messages;
    Known<message::DuplicateKey, Sent> sent;
    Known<AccountName, std::string> familiar;  // the number, in digits, that a handset knows the account by
    Known<AccountName, Listing> listings;
    Known<AccountName, RepeatableRequest> requests;
    Known<AccountKey, message::Usage> usage;   // none: nothing was counted yet
    Known<AccountKey, std::int64_t> balances;  // none: the account is not prepaid
    Known<Thread, base::Time> pool_uses;       // when a number that many use was used last for a handset
    Known<EventKey, EventRow> unconfirmed;
    Known<EventKey, message::Reply> replies;  // without what stems from its message, and attachments
    Known<EventKey, std::vector<CallbackRow>> receivers;  // none: nobody was told

    // What carriers speak of. Of these nothing is absent: it may be empty.
    Known<CarrierId, std::vector<MessageKey>> carrier_ids;  // may have the id, the newest first
    Known<Thread, ThreadMessages> threads;
    // What carriers took with these numbers, the newest first: same_id_max of them, if there are as many.
    Known<Thread, std::vector<MessageKey>> sent_between;
    ParkedReceipts parked;
    Known<DoubtName, DoubtedThread> doubts_of;               // none: it is in no doubt on this link
    Known<LinkThread, std::vector<Doubted>> doubts_between;  // two of them at most, of however many
    Known<base::Sha256, Seen> seen;                          // none: it is new, or was answered
    Known<ReplyName, ReplyParts> reply_parts;

    void clear()
    {
        messages.clear();
        sent.clear();
        familiar.clear();
        listings.clear();
        requests.clear();
        usage.clear();
        balances.clear();
        pool_uses.clear();
        unconfirmed.clear();
        replies.clear();
        receivers.clear();
        carrier_ids.clear();
        threads.clear();
        sent_between.clear();
        parked.clear();
        doubts_of.clear();
        doubts_between.clear();
        seen.clear();
        reply_parts.clear();
    }
};

}  // namespace tidings::store::rules
