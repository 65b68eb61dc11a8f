// SPDX-License-Identifier: Apache-2.0
// What a batch decided, for its store to write. New and changed messages are not here: the marks of their
// rows tell (Facts::messages). Differences are kept as such, so that a store can add them to what others add.
#pragma once

#include "base/log.hpp"
#include "message/cap.hpp"
#include "store/queued.hpp"
#include "store/rules/callback_row.hpp"
#include "store/rules/facts.hpp"

#include <map>
#include <string>
#include <vector>

namespace tidings::store::rules {

// A row of `reports`: a step of a message's life that its application is told.
struct ReportRow {
    AccountKey account{};
    base::Uuid id, message;
    message::Code code{};
    base::Time changed_at{}, created_at{};
};

// What is to be done to a row of callbacks, in the order in which it was decided.
struct CallbackWrite {
    enum class Kind {
        made,         // there was none with this key
        begun_again,  // it was over, and is pending as if it had just been made; its attempts are forgotten
        moved,        // queue, seq and attempts are others
        told,         // as moved; it is delivered, and `attempt` stays in the row
        forgotten,    // the row goes
    };
    Kind kind{};
    CallbackRow row;  // of one that is only moved, told or forgotten the rest may be empty
    std::optional<CallbackAttempt> attempt;  // moved, forgotten: one that failed, for the log
};

struct SentKey {
    message::DuplicateKey key{};
    Sent sent;
};

struct FamiliarSender {
    AccountName handset;
    std::string number;
    bool replaces = false;  // another number that the handset knew
};

struct PoolUse {
    Thread thread;
    base::Time at{};
};

struct NewRequest {
    AccountName key;
    RepeatableRequest request;
};

// A number comes to an account's list of those that are not written to, or goes from it.
struct ListingChange {
    enum class Kind { add, remove };
    AccountName number;
    Kind kind{};
    base::Time at{};
};

struct DoubtChange {
    LinkThread numbers;
    MessageKey message;
    int by = 0;  // how many times more, or less, it is in doubt; it is no longer at none
    base::Time at{};
};

struct SeenInbound {
    LinkKey link{};
    base::Sha256 fingerprint{};
    base::Time at{};
};

struct NewReply {
    AccountKey account{};
    message::Reply reply;  // without its attachments
    std::vector<message::Attachment> attachments;
};

// A reply that belongs to nobody.
struct UnmatchedInbound {
    LinkKey link{};
    Inbound inbound;
};

// A line for the log.
struct LogLine {
    base::LogLevel level{};
    std::string text;
};

struct Effects {
    std::vector<ReportRow> reports;
    std::vector<CallbackWrite> callbacks;
    std::map<AccountKey, std::int64_t> credits;  // differences
    std::map<AccountKey, message::Usage> usage;  // as it is now
    std::vector<SentKey> sent;
    std::chrono::seconds duplicate_window{0};  // the longest of the accounts that sent with `sent`
    std::vector<FamiliarSender> familiar;
    std::vector<PoolUse> pool_uses;
    std::vector<NewRequest> requests;
    std::vector<ListingChange> listings;  // in order

    // What carriers told. The states of Facts::parked belong to it.
    std::vector<const MessageRow*> submitted;  // of Facts: receipts and replies are to find them
    std::vector<DoubtChange> doubts;
    std::vector<SeenInbound> seen;
    std::vector<ReplyName> reply_parts;  // that changed in Facts; may repeat
    std::vector<NewReply> replies;
    std::vector<UnmatchedInbound> unmatched_replies;

    // What is on its way once all of this is committed, each in the order of seq.
    std::vector<Queued<Outbound>> due;
    std::vector<Queued<Callback>> due_callbacks;
    std::map<CallbackLane, std::size_t> given_back;  // callbacks that were taken and are recorded now
    std::vector<CallbackLane> fell_behind;           // lanes to whose end one was put that is not in memory

    std::vector<LogLine> log;  // said after the commit

    void clear()
    {
        reports.clear();
        callbacks.clear();
        credits.clear();
        usage.clear();
        sent.clear();
        duplicate_window = {};
        familiar.clear();
        pool_uses.clear();
        requests.clear();
        listings.clear();
        submitted.clear();
        doubts.clear();
        seen.clear();
        reply_parts.clear();
        replies.clear();
        unmatched_replies.clear();
        due.clear();
        due_callbacks.clear();
        given_back.clear();
        fell_behind.clear();
        log.clear();
    }
};

}  // namespace tidings::store::rules
