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

// A callback that waits from now on. One with the same key that is over begins again; one that is pending
// already stays as it is, and is not queued a second time.
struct NewCallback {
    CallbackRow row;
    Callback callback;
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

// A line for the log.
struct LogLine {
    base::LogLevel level{};
    std::string text;
};

struct Effects {
    std::vector<ReportRow> reports;
    std::vector<NewCallback> callbacks;
    std::map<AccountKey, std::int64_t> credits;  // differences
    std::map<AccountKey, message::Usage> usage;  // as it is now
    std::vector<SentKey> sent;
    std::chrono::seconds duplicate_window{0};  // the longest of the accounts that sent with `sent`
    std::vector<FamiliarSender> familiar;
    std::vector<PoolUse> pool_uses;
    std::vector<NewRequest> requests;

    // What is on its way once all of this is committed, each in the order of seq.
    std::vector<Queued<Outbound>> due;
    std::vector<Queued<Callback>> due_callbacks;  // made by the store of those `callbacks` that it queued

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
        due.clear();
        due_callbacks.clear();
        log.clear();
    }
};

}  // namespace tidings::store::rules
