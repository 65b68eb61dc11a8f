// SPDX-License-Identifier: Apache-2.0
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
        auto work = [this, piece = std::move(piece)](Connection& database) {
            ledger_.record_callbacks(database, piece);
        };
        return write(std::move(work));
    };
    co_await in_pieces(std::move(outcomes), use);
}

awaitable<CallbackPage> SqliteStore::callbacks(CallbackFilter filter)
{
    auto work = [this, filter, accounts = accounts_for(*settings(), filter.account)](Connection& database) {
        CallbackPage page = callback_page(database, filter, {accounts, ledger_.counts().callbacks});
        for (CallbackEntry& entry : page.entries)
            if (entry.state == CallbackState::pending && entry.at)
                entry.at = ledger_.off_pause_scale(*entry.at);
        return page;
    };
    co_return co_await read(std::move(work));
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
        auto work = [this, id, webhook, piece = std::move(piece)](Connection& database) {
            std::size_t replayed = 0;
            for (AccountKey account : piece)
                replayed += ledger_.replay_event(database, {account, id, {}}, webhook);
            return replayed;
        };
        std::size_t replayed = co_await write(std::move(work));
        all += replayed;
    }
    if (all == 0) co_return base::errc::not_found;
    co_return all;
}

awaitable<std::size_t> SqliteStore::replay_dead(AccountKey account, std::optional<base::Uuid> webhook)
{
    std::size_t count = 0;
    CallbackKey after{account, {}, {}};
    for (bool more = true; more;) {
        auto work = [this, after, webhook](Connection& database) {
            return ledger_.replay_dead(database, after, webhook);
        };
        Replayed replayed = co_await write(work);
        count += replayed.callbacks;
        after = replayed.last;
        more = replayed.more;
    }
    co_return count;
}

awaitable<std::size_t> SqliteStore::replay_between(ReplayRange range)
{
    std::size_t count = 0;
    for (bool more = true; more;) {
        auto work = [this, range](Connection& database) { return ledger_.replay_between(database, range); };
        Replayed replayed = co_await write(work);
        count += replayed.callbacks;
        range.from = replayed.next;
        more = replayed.more;
    }
    co_return count;
}

awaitable<base::Result<base::Uuid>> SqliteStore::test_webhook(AccountKey account, base::Uuid webhook)
{
    auto work = [this, account, webhook](Connection& database) -> base::Result<base::Uuid> {
        const Webhook* found = ledger_.settings()->find_webhook(account, webhook);
        if (!found) return base::errc::not_found;
        return ledger_.test_webhook(database, *found);
    };
    co_return co_await write(work);
}

}  // namespace tidings::store::sqlite
