// SPDX-License-Identifier: Apache-2.0
// How SQLite answers Wants: row by row, by prepared statements, since a look into its page cache costs no
// round trip. Where a key is random, Hints tell first whether and where to look.
#pragma once

#include "store/rules/batch.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/hints.hpp"

namespace tidings::store::sqlite {

class FactsLoader {
public:
    explicit FactsLoader(Hints& hints) : hints_(hints) {}

    // Adds to `facts` what of `wants` is not known yet. Called twice for a batch, in its transaction.
    void load(Connection& database, const rules::Surroundings& surroundings, const rules::Wants& wants,
              rules::Facts& facts);

private:
    void load_sent(Connection& database, const rules::SentName& name, rules::Facts& facts) const;
    std::optional<rules::Listing> listing(Connection& database, const rules::AccountName& number) const;
    void load_pool_uses(Connection& database, std::span<const std::string> pool,
                        const std::pair<const std::string, std::size_t>& wanted, rules::Facts& facts) const;
    std::optional<base::Time> last_use(Connection& database, const rules::Thread& thread) const;

    Hints& hints_;
};

// `number`: digits.
bool is_listed(Connection& database, AccountKey account, const std::string& number);

}  // namespace tidings::store::sqlite
