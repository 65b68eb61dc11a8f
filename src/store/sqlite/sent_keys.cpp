// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/sent_keys.hpp"

#include <cstring>

namespace tidings::store {

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
    // All that the last run had in memory, or more: what is indexed as well does no harm here.
    {
        Rows rows = database.query("SELECT seq, key FROM sent_keys ORDER BY seq DESC LIMIT ?",
                                   keys_max_ + 2 * batch());
        while (rows.next()) {
            Entry& entry = order_.emplace_front();
            entry.seq = rows.integer(0);
            entry.hash = hash_of(rows.text(1));
            newest_.try_emplace(entry.hash, entry.seq);
        }
    }
    if (!order_.empty()) last_seq_ = order_.back().seq;
    Rows rows = database.query("SELECT 1 FROM sent_keys WHERE indexed = 1 LIMIT 1");
    has_indexed_ = rows.next();
}

std::optional<SentKeys::Sent> SentKeys::find_in_memory(Connection& database,
                                                       const message::DuplicateKey& key) const
{
    auto found = newest_.find(hash_of(bytes_of(key)));
    if (found == newest_.end()) return {};
    Rows rows = database.query("SELECT key, message, at FROM sent_keys WHERE seq = ?", found->second);
    if (!rows.next() || rows.text(0) != bytes_of(key)) return {};
    return Sent{rows.uuid(1), rows.time(2)};
}

std::optional<SentKeys::Sent> SentKeys::find(Connection& database, const message::DuplicateKey& key) const
{
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
    Entry entry{++last_seq_, hash_of(bytes_of(key))};
    database.run("INSERT INTO sent_keys (seq, key, message, at) VALUES (?, ?, ?, ?)", entry.seq,
                 Blob{bytes_of(key)}, sent.message, sent.at);
    order_.push_back(entry);
    newest_[entry.hash] = entry.seq;
}

std::size_t SentKeys::evict(Connection& database)
{
    if (order_.size() < keys_max_ + batch()) return 0;
    std::size_t count = order_.size() - keys_max_;
    database.run("UPDATE sent_keys SET indexed = 1 WHERE seq BETWEEN ? AND ? AND indexed = 0",
                 order_.front().seq, order_[count - 1].seq);
    has_indexed_ = true;
    return count;
}

void SentKeys::evicted(std::size_t count)
{
    for (; count > 0; --count) {
        const Entry& entry = order_.front();
        auto found = newest_.find(entry.hash);
        if (found != newest_.end() && found->second == entry.seq) newest_.erase(found);
        order_.pop_front();
    }
}

// Hints of what ended stay until they are evicted.
bool SentKeys::end(Connection& database, base::Time time, std::size_t limit) const
{
    {
        Rows rows = database.query("SELECT at FROM sent_keys ORDER BY seq LIMIT 1");
        if (!rows.next() || rows.time(0) > time) return false;
    }
    return database.run(
               "DELETE FROM sent_keys WHERE seq IN (SELECT seq FROM (SELECT seq, at FROM sent_keys "
               "ORDER BY seq LIMIT ?) WHERE at <= ?)",
               limit, time) == static_cast<std::int64_t>(limit);
}

}  // namespace tidings::store
