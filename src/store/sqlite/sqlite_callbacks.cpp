// SPDX-License-Identifier: Apache-2.0
// Verbs about callbacks. Those that decide something are items (rules/callbacks, rules/replay). A replay of a
// range or of all dead letters is as many items as it takes, each in a commit of its own: what has begun
// again when the process ends stays so.
//
// The id of an event tells its time and not its account. So what is asked for by the id alone is looked for
// in every account, a piece of the accounts at a time.
#include "store/rules/callbacks.hpp"
#include "store/rules/replay.hpp"
#include "store/sqlite/callback_log.hpp"
#include "store/sqlite/pieces.hpp"
#include "store/sqlite/sqlite_store.hpp"

#include <algorithm>

namespace tidings::store::sqlite {

namespace {

// In their order: the one, or all.
std::vector<AccountKey> accounts_for(const Settings& settings, std::optional<AccountKey> account)
{
    if (account) return {*account};
    std::vector<AccountKey> accounts;
    for (const auto& [key, _] : settings.accounts) accounts.push_back(key);
    return accounts;
}

}  // namespace

awaitable<void> SqliteStore::record_callbacks(std::vector<CallbackOutcome> outcomes)
{
    auto use = [this](std::vector<CallbackOutcome> piece) {
        auto item = std::make_shared<rules::RecordCallbacks>(std::move(piece));
        return decide(std::move(item));
    };
    co_await in_pieces(std::move(outcomes), use);
}

awaitable<CallbackPage> SqliteStore::callbacks(CallbackFilter filter)
{
    auto work = [this, filter, accounts = accounts_for(*settings(), filter.account)](Connection& database) {
        CallbackPage page = callback_page(database, filter,
                                          {accounts, ledger_.counts().callbacks, ledger_.direct_callbacks()});
        for (CallbackEntry& entry : page.entries)
            if (entry.state == CallbackState::pending) complete(entry);
        return page;
    };
    co_return co_await read(std::move(work));
}

// What of a pending one is not on disk.
void SqliteStore::complete(CallbackEntry& entry) const
{
    if (entry.waits_for == CallbackWait::retry) {
        // On disk it is on the pause scale, which means nothing to an operator.
        entry.at = ledger_.off_pause_scale(*entry.at);
        return;
    }
    entry.at = ledger_.left_alone_until({entry.key.account, entry.endpoint});
    if (entry.at) entry.waits_for = CallbackWait::endpoint;
}

awaitable<std::vector<LoggedAttempt>> SqliteStore::callback_attempts(base::Uuid id)
{
    std::vector<LoggedAttempt> all;
    std::vector<std::vector<AccountKey>> pieces = pieces_of(accounts_for(*settings(), {}));
    for (std::vector<AccountKey>& piece : pieces) {
        auto work = [id, piece = std::move(piece)](Connection& database) {
            return logged_attempts(database, id, piece);
        };
        std::vector<LoggedAttempt> attempts = co_await read(std::move(work));
        std::ranges::move(attempts, std::back_inserter(all));
    }
    co_return all;
}

awaitable<base::Result<std::size_t>> SqliteStore::replay_event(base::Uuid id,
                                                               std::optional<base::Uuid> webhook)
{
    std::size_t all = 0;
    std::vector<std::vector<AccountKey>> pieces = pieces_of(accounts_for(*settings(), {}));
    for (std::vector<AccountKey>& piece : pieces) {
        std::vector<rules::EventKey> events;
        for (AccountKey account : piece) events.push_back({account, id});
        auto item = std::make_shared<rules::ReplayEvent>(std::move(events), webhook);
        co_await decide(item);
        all += item->result;
    }
    // The event is unknown to all accounts, or nothing of it can be told any more.
    if (all == 0) co_return base::errc::not_found;
    co_return all;
}

awaitable<std::size_t> SqliteStore::replay_dead(AccountKey account, std::optional<base::Uuid> webhook)
{
    std::size_t count = 0;
    // Before the first: no id is as low as nil.
    std::optional<CallbackKey> after = CallbackKey{account, {}, {}};
    while (after) {
        auto work = [this, after = *after, webhook](Connection& database) {
            return ledger_.replay_dead(database, after, webhook);
        };
        Replayed<CallbackKey> replayed = co_await write(work);
        count += replayed.callbacks;
        after = replayed.next;
    }
    co_return count;
}

awaitable<std::size_t> SqliteStore::replay_between(ReplayRange range)
{
    std::size_t count = 0;
    for (std::optional<base::Uuid> from = range.from; from;) {
        // Each batch in a transaction of its own, from where the one before ended, so that what other jobs
        // want of the writer comes in between.
        range.from = *from;
        auto work = [this, range](Connection& database) { return ledger_.replay_between(database, range); };
        Replayed<base::Uuid> replayed = co_await write(work);
        count += replayed.callbacks;
        from = replayed.next;
    }
    co_return count;
}

awaitable<base::Result<base::Uuid>> SqliteStore::test_webhook(AccountKey account, base::Uuid webhook)
{
    auto item = std::make_shared<rules::TestWebhook>(account, webhook);
    co_await decide(item);
    co_return item->result;
}

}  // namespace tidings::store::sqlite
