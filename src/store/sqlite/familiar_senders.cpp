// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/familiar_senders.hpp"

#include "store/memory/key_hash.hpp"

namespace tidings::store::sqlite {

void FamiliarSenders::open(Connection& database)
{
    {
        Rows rows =
            database.query("SELECT seq, account, handset FROM familiar_senders ORDER BY seq DESC LIMIT ?",
                           newest_.read_max());
        while (rows.next())
            newest_.add_older(rows.integer(0), key_hash(rows.as<AccountKey>(1), rows.text(2)));
    }
    Rows rows = database.query("SELECT 1 FROM familiar_senders WHERE indexed = 1 LIMIT 1");
    has_indexed_ = rows.next();
}

std::string FamiliarSenders::find(Connection& database, AccountKey account, std::string_view handset) const
{
    // A hint: the row must say so itself, for another handset may have the same hash.
    if (auto seq = newest_.find(key_hash(account, handset))) {
        Rows rows = database.query(
            "SELECT number FROM familiar_senders WHERE seq = ? AND account = ? AND handset = ?", *seq,
            account, handset);
        if (rows.next()) return std::string(rows.text(0));
    }
    // As long as all fit into memory the index is empty, and need not be asked.
    if (!has_indexed_) return {};
    Rows rows = database.query(
        "SELECT number FROM familiar_senders WHERE indexed = 1 AND account = ? AND handset = ? "
        "ORDER BY seq DESC LIMIT 1",
        account, handset);
    if (!rows.next()) return {};
    return std::string(rows.text(0));
}

void FamiliarSenders::add(Connection& database, AccountKey account, std::string_view handset,
                          std::string_view number)
{
    database.run("INSERT INTO familiar_senders (seq, account, handset, number) VALUES (?, ?, ?, ?)",
                 newest_.add(key_hash(account, handset)), account, handset, number);
}

void FamiliarSenders::replace(Connection& database, AccountKey account, std::string_view handset,
                              std::string_view number)
{
    // The older row goes, in memory or indexed, so that whoever looks finds one number.
    if (auto seq = newest_.find(key_hash(account, handset)))
        database.run("DELETE FROM familiar_senders WHERE seq = ? AND account = ? AND handset = ?", *seq,
                     account, handset);
    database.run("DELETE FROM familiar_senders WHERE indexed = 1 AND account = ? AND handset = ?", account,
                 handset);
    add(database, account, handset, number);
}

std::size_t FamiliarSenders::evict(Connection& database)
{
    auto surplus = newest_.surplus();
    if (!surplus) return 0;
    // This puts the rows into the partial index. In batches, so that neighbours in it are written together;
    // and the hints go only after the commit, since one that fails leaves it to memory alone to find these
    // rows.
    database.run("UPDATE familiar_senders SET indexed = 1 WHERE seq BETWEEN ? AND ? AND indexed = 0",
                 surplus->first, surplus->last);
    has_indexed_ = true;
    return surplus->count;
}

}  // namespace tidings::store::sqlite
