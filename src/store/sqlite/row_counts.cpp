// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/row_counts.hpp"

#include "store/sqlite/rows.hpp"

#include <fmt/format.h>

#include <array>

namespace tidings::store::sqlite {

namespace {

// `kind` and `which` are expressions of a row, of which {0} is the old or the new one.
struct Watched {
    const char* table;
    const char* kind;
    const char* which;
    const char* column;  // whose update moves a row from one count to another; nullptr: none does
};

constexpr std::array watched = {
    Watched{"messages", "0", "{0}.queue", "queue"},
    Watched{"callbacks", "1", "{0}.queue", "queue"},
    Watched{"parked_receipts", "2 + {0}.unmatched", "{0}.link", "unmatched"},
    Watched{"reply_parts", "4", "{0}.link", nullptr},
    Watched{"seen_inbound", "5", "{0}.link", nullptr},
    Watched{"unmatched_replies", "6", "{0}.link", nullptr},
};

std::string call(const Watched& it, const char* row, int change)
{
    return fmt::format("count_row({}, {}, {})", fmt::format(fmt::runtime(it.kind), row),
                       fmt::format(fmt::runtime(it.which), row), change);
}

std::string triggers_of(const Watched& it)
{
    std::string sql = fmt::format(
        "CREATE TEMP TRIGGER {0}_came AFTER INSERT ON {0} BEGIN SELECT {1}; END;"
        "CREATE TEMP TRIGGER {0}_went AFTER DELETE ON {0} BEGIN SELECT {2}; END;",
        it.table, call(it, "new", 1), call(it, "old", -1));
    if (it.column)
        sql += fmt::format(
            "CREATE TEMP TRIGGER {0}_moved AFTER UPDATE OF {1} ON {0} WHEN old.{1} IS NOT new.{1} "
            "BEGIN SELECT {2}, {3}; END;",
            it.table, it.column, call(it, "old", -1), call(it, "new", 1));
    return sql;
}

// Each by an index that holds no more than these rows. What is over and stays as the log is not among them.
constexpr std::array counting = {
    "SELECT 0, queue, count(*) FROM messages WHERE queue >= 0 GROUP BY queue",
    "SELECT 0, queue, count(*) FROM messages WHERE queue < 0 GROUP BY queue",
    "SELECT 1, 0, count(*) FROM callbacks WHERE queue = 0",
    "SELECT 1, -1, count(*) FROM callbacks WHERE queue = -1",
    "SELECT 1, -5, count(*) FROM callbacks WHERE queue = -5",
    "SELECT 2 + unmatched, link, count(*) FROM parked_receipts GROUP BY unmatched, link",
    "SELECT 4, link, count(*) FROM reply_parts GROUP BY link",
    "SELECT 5, link, count(*) FROM seen_inbound GROUP BY link",
    "SELECT 6, link, count(*) FROM unmatched_replies GROUP BY link",
};

}  // namespace

void RowCounts::open(Connection& database)
{
    for (const char* sql : counting) {
        Rows rows = database.query(sql);
        while (rows.next()) add(rows.as<Kind>(0), rows.integer(1), rows.integer(2));
    }
    committed();
}

void RowCounts::watch(Connection& database)
{
    auto count = [](void* self, std::int64_t kind, std::int64_t which, std::int64_t change) {
        static_cast<RowCounts*>(self)->add(static_cast<Kind>(kind), which, change);
    };
    database.define("count_row", this, count);
    for (const Watched& it : watched) database.execute(triggers_of(it).c_str());
}

void RowCounts::add(Kind kind, std::int64_t which, std::int64_t change)
{
    counts_[{kind, which}] += change;
    changes_[{kind, which}] += change;
}

std::int64_t RowCounts::of(Kind kind, std::int64_t which) const
{
    auto found = counts_.find({kind, which});
    return found == counts_.end() ? 0 : found->second;
}

std::vector<LinkKey> RowCounts::links_with(Kind kind) const
{
    std::vector<LinkKey> links;
    for (auto it = counts_.lower_bound({kind, 0}); it != counts_.end() && it->first.first == kind; ++it)
        if (it->second > 0) links.push_back(static_cast<LinkKey>(it->first.second));
    return links;
}

std::uint64_t RowCounts::sum(Kind kind) const
{
    std::int64_t sum = 0;
    for (auto it = counts_.lower_bound({kind, 0}); it != counts_.end() && it->first.first == kind; ++it)
        sum += it->second;
    return static_cast<std::uint64_t>(sum);
}

void RowCounts::committed()
{
    if (changes_.empty()) return;
    changes_.clear();
    auto in = [this](Kind kind, Queue queue) {
        return static_cast<std::uint64_t>(of(kind, static_cast<std::int64_t>(queue)));
    };
    Store::Counts now;
    now.due = sum(Kind::messages) + in(Kind::messages, Queue::retry);
    now.scheduled = in(Kind::messages, Queue::timed);
    now.held = in(Kind::messages, Queue::held);
    now.callbacks = in(Kind::callbacks, Queue::due) + in(Kind::callbacks, Queue::timed);
    now.dead_letters = in(Kind::callbacks, Queue::dead);
    now.unmatched_receipts = sum(Kind::unmatched_receipts);
    now.unmatched_replies = sum(Kind::unmatched_replies);
    now.dropped_receipts = sum(Kind::dropped_receipts);
    now.dropped_parts = sum(Kind::dropped_parts);
    now.dropped_replies = sum(Kind::dropped_replies);
    std::lock_guard lock(totals_mutex_);
    totals_ = now;
}

void RowCounts::rolled_back()
{
    for (const auto& [counted, change] : changes_) counts_[counted] -= change;
    changes_.clear();
}

Store::Counts RowCounts::totals() const
{
    std::lock_guard lock(totals_mutex_);
    return totals_;
}

}  // namespace tidings::store::sqlite
