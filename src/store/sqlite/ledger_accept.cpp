// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/ledger.hpp"

#include <fmt/format.h>

#include <cstring>

namespace tidings::store::sqlite {

using message::Code;
using message::Status;

namespace {

std::string pack(const std::vector<Prepared>& messages)
{
    std::string bytes;
    for (const auto& [message, _] : messages)
        bytes.append(reinterpret_cast<const char*>(message.id.bytes.data()), message.id.bytes.size());
    return bytes;
}

std::vector<base::Uuid> unpack(std::string_view bytes)
{
    std::vector<base::Uuid> ids(bytes.size() / sizeof(base::Uuid::bytes));
    for (base::Uuid& id : ids) {
        std::memcpy(id.bytes.data(), bytes.data(), id.bytes.size());
        bytes.remove_prefix(id.bytes.size());
    }
    return ids;
}

}  // namespace

void Ledger::accept(Connection& database, AccountKey account, const std::vector<Prepared>& messages)
{
    base::Time now = clock_.now();
    for (const Prepared& prepared : messages) {
        MessageRow row = row_of(account, prepared.message);
        row.progress.changed_at = now;
        if (row.converted) add_step(row, {now, Code::none, "its text was converted"});
        accept(database, row, prepared, now);
        insert_message(database, row);
    }
}

void Ledger::accept(Connection& database, MessageRow& row, const Prepared& prepared, base::Time now)
{
    const message::Submission& submission = prepared.message.submission;
    std::int64_t cost = prepared.message.cost;
    base::Time leaves = first_allowed(row, std::max(now, submission.scheduled.value_or(now)));
    bool is_due = leaves <= now;
    Candidate it = candidate(row, submission, now);
    it.compared = prepared.compared;
    std::optional<Refusal> refusal;
    if (is_due) refusal = refusal_of(database, it);
    bool may_go = !refusal || refusal->code == Code::held;  // what is held is paid when it is accepted, too
    if (may_go && !debit(database, row, cost))
        refusal = Refusal{Code::usage_threshold, fmt::format("costs {} credits", cost)};
    if (is_due || refusal) {
        settle_candidate(database, it, std::move(refusal));
    } else {
        postpone(row, leaves, now);
    }
}

base::Result<std::vector<base::Uuid>> Ledger::accept_once(Connection& database, AccountKey account,
                                                          const std::vector<Prepared>& messages,
                                                          const IdempotencyKey& key)
{
    base::Time now = clock_.now();
    {
        Rows rows = database.query(
            "SELECT body, messages FROM idempotency_keys WHERE account = ? AND key = ? AND at > ?", account,
            key.key, now - idempotency_window);
        if (rows.next()) {
            if (rows.text(0) != blob_of(key.body).bytes) return base::errc::reused_key;
            return unpack(rows.text(1));
        }
    }
    accept(database, account, messages);
    std::string ids = pack(messages);
    database.run(
        "INSERT OR REPLACE INTO idempotency_keys (account, key, body, messages, at) "
        "VALUES (?, ?, ?, ?, ?)",
        account, key.key, blob_of(key.body), Blob{ids}, now);
    return unpack(ids);
}

base::Result<StoredMessage> Ledger::cancel(Connection& database, const MessageKey& key)
{
    auto row = load_message(database, key);
    if (!row) return base::errc::not_found;
    if (row->progress.status == Status::scheduled) {
        row->progress.status = Status::cancelled;
        row->progress.changed_at = clock_.now();
        row->queue.reset();
        add_step(*row, {row->progress.changed_at, Code::none, "cancelled"});
        give_back_credits(database, *row);
        save_message(database, *row);
    }
    if (row->progress.status != Status::cancelled) return base::errc::not_scheduled;
    return StoredMessage{key.id, submission_of(*row), row->progress.status};
}

// False: the balance does not suffice.
bool Ledger::debit(Connection& database, MessageRow& row, std::int64_t cost) const
{
    if (!settings_->accounts.at(row.key.account).prepaid) return true;
    bool paid = database.run("UPDATE accounts SET credits = credits - ? WHERE key = ? AND credits >= ?", cost,
                             row.key.account, cost) == 1;
    if (paid) row.debited = cost;
    return paid;
}

void Ledger::give_back_credits(Connection& database, const MessageRow& row)
{
    if (row.debited == 0) return;
    database.run("UPDATE accounts SET credits = credits + ? WHERE key = ? AND credits IS NOT NULL",
                 row.debited, row.key.account);
}

}  // namespace tidings::store::sqlite
