// SPDX-License-Identifier: Apache-2.0
// How SQLite answers Wants: row by row, by prepared statements, since a look into its page cache costs no
// round trip. Where a key is random, Hints tell first whether and where to look.
#pragma once

#include "store/rules/batch.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/hints.hpp"

namespace tidings::store::sqlite {

// Each key that is wanted once, however often it stands there.
template <class Key, class Facts, class Load>
void load_each(const std::vector<Key>& keys, Facts& facts, Load load)
{
    for (const Key& key : keys)
        if (!facts.is_known(key)) facts.learn(key, load(key));
}

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

    // carrier_loader.cpp
    void load_of_carriers(Connection& database, const rules::Surroundings& surroundings,
                          const rules::Wants& wants, rules::Facts& facts);
    const rules::MessageRow* message(Connection& database, const MessageKey& key, rules::Facts& facts);
    std::vector<MessageKey> messages_with(Connection& database, const rules::CarrierId& id,
                                          rules::Facts& facts);
    rules::ThreadMessages messages_of(Connection& database, const rules::Thread& thread, rules::Facts& facts);
    static std::optional<MessageKey> thread_on_disk(Connection& database, const rules::Thread& thread);
    std::vector<rules::ParkedReceipt> parked_with(Connection& database, const rules::CarrierId& id,
                                                  std::size_t limit) const;
    std::vector<MessageKey> sent_between(Connection& database, const rules::Thread& thread,
                                         rules::Facts& facts);
    void load_parked_between(Connection& database, const rules::ParkedBetween& wanted,
                             const rules::LinkLimits& limits, rules::Facts& facts) const;

    Hints& hints_;
};

// For the scans of a release, `limit` at most: the receipts of a link that were parked until `time`, oldest
// first, and the replies of which a part waits since then.
std::vector<rules::ParkedReceipt> parked_until(Connection& database, LinkKey link, base::Time time,
                                               std::size_t limit);
std::vector<rules::ReplyName> replies_in_parts_until(Connection& database, LinkKey link, base::Time time,
                                                     std::size_t limit);

}  // namespace tidings::store::sqlite
