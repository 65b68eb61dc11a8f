// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/effects_writer.hpp"

#include "store/sqlite/rows.hpp"

#include <cassert>

namespace tidings::store::sqlite {

namespace {

std::string pack(const std::vector<base::Uuid>& ids)
{
    std::string bytes;
    for (const base::Uuid& id : ids)
        bytes.append(reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size());
    return bytes;
}

void insert_report(Connection& database, const rules::ReportRow& report)
{
    database.run(
        "INSERT INTO reports (account, id, message, code, changed_at, created_at) VALUES (?, ?, ?, ?, ?, ?)",
        report.account, report.id, report.message, report.code, report.changed_at, report.created_at);
}

}  // namespace

void EffectsWriter::write(Connection& database, rules::Facts& facts, rules::Effects& effects)
{
    for (MessageRow& row : facts.messages.rows()) write_message(database, row);
    for (const rules::ReportRow& report : effects.reports) insert_report(database, report);
    for (const rules::CallbackWrite& callback : effects.callbacks) callbacks_.write(database, callback);
    for (const auto& [account, difference] : effects.credits)
        // What a message gives back after its account has ceased to be prepaid goes nowhere: there is no
        // balance.
        database.run("UPDATE accounts SET credits = credits + ? WHERE key = ? AND credits IS NOT NULL",
                     difference, account);
    remember(database, effects);
    write_of_carriers(database, facts, effects);
}

void EffectsWriter::write_message(Connection& database, MessageRow& row)
{
    rules::Unsaved unsaved = std::exchange(row.unsaved, {});
    if (unsaved.row || unsaved.life) row_counts_.moved(std::exchange(row.stored_queue, row.queue), row.queue);
    if (unsaved.row) {
        assert(row.parts.empty() && !row.submitted_at);  // no carrier has what was not committed
        return insert_message(database, row);
    }
    if (unsaved.life) save_message(database, row);
    if (unsaved.sender) save_sender(database, row);
    if (unsaved.extra) save_extra(database, row);
    if (unsaved.refused_by) save_refused_by(database, row);
    if (unsaved.taken) save_taken(database, row);
}

// What later messages are compared with.
void EffectsWriter::remember(Connection& database, const rules::Effects& effects)
{
    for (const auto& [account, usage] : effects.usage)
        database.run("INSERT OR REPLACE INTO usage (account, day, of_day, of_month) VALUES (?, ?, ?, ?)",
                     account, usage.day.time_since_epoch().count(), usage.of_day, usage.of_month);
    for (const auto& [key, sent] : effects.sent) hints_.sent.add(database, key, {sent.message, sent.at});
    for (const auto& [handset, number, replaces] : effects.familiar) {
        if (replaces)
            hints_.familiar.replace(database, handset.account, handset.name, number);
        else
            hints_.familiar.add(database, handset.account, handset.name, number);
    }
    for (const auto& [thread, at] : effects.pool_uses) hints_.pool_use.add(thread.number, thread.handset, at);
    for (const auto& [name, request] : effects.requests) {
        std::string ids = pack(request.messages);
        database.run(
            "INSERT OR REPLACE INTO idempotency_keys (account, key, body, messages, at) "
            "VALUES (?, ?, ?, ?, ?)",
            name.account, name.name, blob_of(request.body), Blob{ids}, request.at);
    }
}

}  // namespace tidings::store::sqlite
