// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/facts_loader.hpp"

#include "store/sqlite/callback_rows.hpp"
#include "store/sqlite/opt_out_rows.hpp"
#include "store/sqlite/reply_rows.hpp"
#include "store/sqlite/rows.hpp"

#include <cstring>

namespace tidings::store::sqlite {

namespace {

std::vector<base::Uuid> unpack_ids(std::string_view bytes)
{
    std::vector<base::Uuid> ids(bytes.size() / sizeof(base::Uuid::bytes));
    for (base::Uuid& id : ids) {
        std::memcpy(id.bytes.data(), bytes.data(), id.bytes.size());
        bytes.remove_prefix(id.bytes.size());
    }
    return ids;
}

std::optional<rules::RepeatableRequest> load_request(Connection& database, const rules::AccountName& name)
{
    Rows rows =
        database.query("SELECT body, messages, at FROM idempotency_keys WHERE account = ? AND key = ?",
                       name.account, name.name);
    if (!rows.next()) return {};
    rules::RepeatableRequest request{.messages = unpack_ids(rows.text(1)), .at = rows.time(2)};
    std::string_view body = rows.text(0);
    std::memcpy(request.body.data(), body.data(), std::min(body.size(), request.body.size()));
    return request;
}

std::optional<message::Usage> load_usage(Connection& database, AccountKey account)
{
    Rows rows = database.query("SELECT day, of_day, of_month FROM usage WHERE account = ?", account);
    if (!rows.next()) return {};
    return message::Usage{.day = std::chrono::sys_days(std::chrono::days(rows.integer(0))),
                          .of_day = static_cast<std::uint32_t>(rows.integer(1)),
                          .of_month = static_cast<std::uint32_t>(rows.integer(2))};
}

std::optional<std::int64_t> load_balance(Connection& database, AccountKey account)
{
    Rows rows = database.query("SELECT credits FROM accounts WHERE key = ?", account);
    if (!rows.next() || rows.is_null(0)) return {};
    return rows.integer(0);
}

}  // namespace

void FactsLoader::load(Connection& database, const rules::Surroundings& surroundings,
                       const rules::Wants& wants, rules::Facts& facts)
{
    // What is known is passed over by each of these: the second load of a batch must not overwrite what an
    // item has got from the first, nor ask the disk for it again.
    load_each(wants.messages, facts.messages,
              [&](const MessageKey& key) { return load_message(database, key); });
    for (const rules::SentName& name : wants.sent) load_sent(database, name, facts);
    load_each(wants.familiar, facts.familiar, [&](const rules::AccountName& handset) {
        std::string number = hints_.familiar.find(database, handset.account, handset.name);
        return number.empty() ? std::nullopt : std::optional(std::move(number));
    });
    load_each(wants.listings, facts.listings,
              [&](const rules::AccountName& number) { return listing(database, number); });
    load_each(wants.requests, facts.requests,
              [&](const rules::AccountName& name) { return load_request(database, name); });
    load_each(wants.usage, facts.usage, [&](AccountKey account) { return load_usage(database, account); });
    load_each(wants.balances, facts.balances,
              [&](AccountKey account) { return load_balance(database, account); });
    load_each(wants.unconfirmed, facts.unconfirmed,
              [&](const rules::EventKey& event) { return load_unconfirmed(database, event); });
    load_each(wants.replies, facts.replies, [&](const rules::EventKey& event) {
        return load_reply(database, event.account, event.id, surroundings.account(event.account).id);
    });
    load_each(wants.receivers, facts.receivers,
              [&](const rules::EventKey& event) { return load_receivers(database, event); });
    for (const auto& wanted : wants.pool_uses)
        load_pool_uses(database, surroundings.settings.pool_for(wanted.first), wanted, facts);
    load_of_carriers(database, surroundings, wants, facts);
}

void FactsLoader::load_sent(Connection& database, const rules::SentName& name, rules::Facts& facts) const
{
    if (facts.sent.is_known(name.key)) return;
    auto sent = hints_.sent.find(database, name.key);
    if (!sent) return facts.sent.learn(name.key, {});
    facts.sent.learn(name.key, rules::Sent{sent->message, sent->at});
    // With the row, since only that tells whether what was sent still stands in the way of a duplicate.
    MessageKey original{name.account, sent->message};
    if (!facts.messages.is_known(original)) facts.messages.learn(original, load_message(database, original));
}

std::optional<rules::Listing> FactsLoader::listing(Connection& database,
                                                   const rules::AccountName& number) const
{
    // Most handsets are on no list, and the hints know that without a look at the disk.
    bool is_there = hints_.opt_outs.may_have(number.account, number.name) &&
                    is_listed(database, number.account, number.name);
    return is_there ? std::optional(rules::Listing()) : std::nullopt;
}

// Each message takes the first number that its handset has nothing to reply to. So the look-up may end once
// it has met as many unused numbers as there are messages: none of them looks any further. Messages to the
// same handset in one batch are counted together for that (Wants::pool_uses).
void FactsLoader::load_pool_uses(Connection& database, std::span<const std::string> pool,
                                 const std::pair<const std::string, std::size_t>& wanted,
                                 rules::Facts& facts) const
{
    const auto& [handset, messages] = wanted;
    message::PoolOrder order(pool, handset);
    std::size_t unused = 0;
    for (std::size_t place = 0; place < order.size() && unused < messages; ++place) {
        rules::Thread thread{order[place], handset};
        if (!facts.pool_uses.is_known(thread)) facts.pool_uses.learn(thread, last_use(database, thread));
        if (!facts.pool_uses.find(thread)) ++unused;
    }
}

std::optional<base::Time> FactsLoader::last_use(Connection& database, const rules::Thread& thread) const
{
    // Memory holds the newest uses, so what it knows is the last one.
    auto used = hints_.pool_use.last(thread.number, thread.handset);
    if (used || !hints_.has_threads) return used;
    Rows rows = database.query("SELECT submitted_at FROM threads WHERE number = ? AND handset = ?",
                               thread.number, thread.handset);
    if (!rows.next()) return {};
    return rows.time(0);
}

}  // namespace tidings::store::sqlite
