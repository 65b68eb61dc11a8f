// SPDX-License-Identifier: Apache-2.0
// The ends of lives: messages, reports, replies and callbacks go when they are 45 days old (rules/life.hpp),
// and so does what was never matched.
//
// It goes in rounds, over all accounts and then over all lanes of callbacks. A round is taken in batches, so
// that none holds the writer for long; one that is through is followed by another a minute later. How far a
// round came is in memory alone: after a restart it begins again, and finds what is left.
#pragma once

#include "base/clock.hpp"
#include "store/rules/item.hpp"
#include "store/settings.hpp"
#include "store/sqlite/callback_writer.hpp"

#include <chrono>
#include <functional>
#include <optional>

namespace tidings::store::sqlite {

class Lives {
public:
    using CarryOut = std::function<void(Connection&, rules::Item&)>;

    Lives(base::Clock& clock, RowCounts& row_counts, CallbackWriter& callbacks, CarryOut carry_out)
        : clock_(clock), row_counts_(row_counts), callbacks_(callbacks), carry_out_(std::move(carry_out))
    {
    }

    // A batch of what is over. True: there may be more at once.
    bool end(Connection& database, const Settings& settings, base::Time now);

    // How long the account that looks back furthest for duplicates does so. It is known when a round has
    // asked all of them, and from the accounts that sent since: one may look for them only since the round
    // passed it.
    std::optional<std::chrono::seconds> longest_window() const { return longest_window_; }
    void keep_sent_keys_for(std::chrono::seconds window);

private:
    static constexpr std::size_t batch_max = 500;      // rows of one kind at once
    static constexpr std::size_t looked_at_max = 100;  // accounts, or lanes of callbacks, at once
    static constexpr auto period = std::chrono::minutes(1);

    bool end_of_accounts(Connection& database, const Settings& settings, base::Time now);
    bool end_of_account(Connection& database, AccountKey account, base::Time before);
    std::int64_t end_callbacks(Connection& database, AccountKey account, const base::Uuid& before);
    bool end_messages(Connection& database, AccountKey account, base::Time before);
    bool bury_overdue(Connection& database, base::Time now);
    std::size_t bury_overdue(Connection& database, const CallbackLane& lane, base::Time now);
    std::int64_t forget_unmatched(Connection& database, RowCounts::Kind kind, LinkKey link,
                                  base::Time before);

    struct Round {
        AccountKey account{};                    // done
        std::optional<base::Uuid> message{};     // of the next account: looked at
        std::optional<CallbackLane> lane{};      // done
        std::chrono::seconds longest_window{0};  // of the accounts that are done
        bool lanes_are_done = false;
        bool accounts_are_done = false;
    };

    base::Clock& clock_;
    RowCounts& row_counts_;
    CallbackWriter& callbacks_;
    CarryOut carry_out_;
    Round round_;
    std::optional<base::Moment> ended_at_;  // the last round
    std::optional<std::chrono::seconds> longest_window_;
};

}  // namespace tidings::store::sqlite
