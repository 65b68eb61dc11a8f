// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/sent_keys.hpp"

#include <cstring>

namespace tidings::store::sqlite {

namespace {

std::string_view bytes_of(const message::DuplicateKey& key)
{
    return {reinterpret_cast<const char*>(key.data()), key.size()};
}

// A key is a digest: any part of it is as good as another.
std::uint64_t hash_of(std::string_view key)
{
    std::uint64_t hash = 0;
    std::memcpy(&hash, key.data(), sizeof hash);
    return hash;
}

}  // namespace

void SentKeys::open(Connection& database)
{
    {
        Rows rows =
            database.query("SELECT seq, key FROM sent_keys ORDER BY seq DESC LIMIT ?", newest_.read_max());
        while (rows.next()) newest_.add_older(rows.integer(0), hash_of(rows.text(1)));
    }
    // Whether anything has left memory. As long as nothing has, find() need not ask the index.
    Rows rows = database.query("SELECT 1 FROM sent_keys WHERE indexed = 1 LIMIT 1");
    has_indexed_ = rows.next();
}

std::optional<SentKeys::Sent> SentKeys::find_in_memory(Connection& database,
                                                       const message::DuplicateKey& key) const
{
    auto seq = newest_.find(hash_of(bytes_of(key)));
    if (!seq) return {};
    Rows rows = database.query("SELECT key, message, at FROM sent_keys WHERE seq = ?", *seq);
    // The hint may be of another key with the same hash, or of a row that was rolled back or has ended.
    if (!rows.next() || rows.text(0) != bytes_of(key)) return {};
    return Sent{rows.uuid(1), rows.time(2)};
}

std::optional<SentKeys::Sent> SentKeys::find(Connection& database, const message::DuplicateKey& key) const
{
    // What left memory is older than all that is in it: of both, the one in memory is the newest.
    auto found = find_in_memory(database, key);
    if (found || !has_indexed_) return found;
    Rows rows = database.query(
        "SELECT message, at FROM sent_keys WHERE indexed = 1 AND key = ? ORDER BY seq DESC LIMIT 1",
        Blob{bytes_of(key)});
    if (!rows.next()) return {};
    return Sent{rows.uuid(0), rows.time(1)};
}

void SentKeys::add(Connection& database, const message::DuplicateKey& key, const Sent& sent)
{
    database.run("INSERT INTO sent_keys (seq, key, message, at) VALUES (?, ?, ?, ?)",
                 newest_.add(hash_of(bytes_of(key))), Blob{bytes_of(key)}, sent.message, sent.at);
}

std::size_t SentKeys::evict(Connection& database)
{
    auto surplus = newest_.surplus();
    if (!surplus) return 0;
    database.run("UPDATE sent_keys SET indexed = 1 WHERE seq BETWEEN ? AND ? AND indexed = 0", surplus->first,
                 surplus->last);
    has_indexed_ = true;
    return surplus->count;
}

// Rows are in the order of sending, so that the oldest says whether there is anything to end. Hints of what
// ended stay until they are evicted.
bool SentKeys::end(Connection& database, base::Time time, std::size_t limit) const
{
    {
        Rows rows = database.query("SELECT at FROM sent_keys ORDER BY seq LIMIT 1");
        if (!rows.next() || rows.time(0) > time) return false;
    }
    return database.run(
               // Looks at `limit` rows whatever their time. One with a later time among them, from a clock
               // that was set back, stays until its own time has come.
               "DELETE FROM sent_keys WHERE seq IN (SELECT seq FROM (SELECT seq, at FROM sent_keys "
               "ORDER BY seq LIMIT ?) WHERE at <= ?)",
               limit, time) == static_cast<std::int64_t>(limit);
}

}  // namespace tidings::store::sqlite
