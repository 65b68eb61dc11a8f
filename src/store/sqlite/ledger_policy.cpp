// SPDX-License-Identifier: Apache-2.0
// What the rules of admission have to know of earlier messages, as far as it is kept beside the rows.
#include "store/sqlite/ledger.hpp"

#include <algorithm>

namespace tidings::store::sqlite {

// What was submitted is remembered already; this is what is on its way.
void Ledger::open_pool_use(Connection& database)
{
    if (settings_->pool->numbers.empty()) return;
    Rows rows = database.query("SELECT sender, destination FROM messages WHERE queue >= 0 LIMIT ?",
                               hints_.pool_use.uses_max());
    while (rows.next()) {
        std::string sender(rows.text(0));
        if (settings_->is_shared(sender))
            hints_.pool_use.add(sender, message::digits_of(rows.text(1)), clock_.now());
    }
}

// The longest window in which an account looks for duplicates is known when a round of end_lives() has asked
// all of them, and from the accounts that sent since: one may look for them only since the round passed it.
void Ledger::keep_sent_keys_for(std::chrono::seconds window)
{
    if (longest_window_) longest_window_ = std::max(*longest_window_, window);
    round_.longest_window = std::max(round_.longest_window, window);
}

bool Ledger::end_sent_keys(Connection& database, base::Time now)
{
    return longest_window_ && hints_.sent.end(database, now - *longest_window_, batch_max);
}

}  // namespace tidings::store::sqlite
