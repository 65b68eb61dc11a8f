// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/row_counts.hpp"

#include "store/sqlite/conditions.hpp"
#include "store/sqlite/rows.hpp"

#include <fmt/format.h>

#include <array>
#include <span>

namespace tidings::store::sqlite {

namespace {

using Kind = RowCounts::Kind;

// TEMP triggers belong to a connection and leave no mark in the file, so that neither readers nor another
// version of the program meet them.
//
// `more_kind` and `which` are expressions of a row, of which {0} is the old or the new one.
struct Watched {
    const char* table;
    Kind kind;
    const char* more_kind;  // is added to the kind
    const char* which;
    const char* column;  // whose update moves a row from one count to another; nullptr: none does
};

constexpr std::array watched = {
    Watched{"parked_receipts", Kind::parked_receipts, "{0}.unmatched", "{0}.link", "unmatched"},
    Watched{"reply_parts", Kind::reply_parts, "0", "{0}.link", nullptr},
    Watched{"seen_inbound", Kind::seen_inbound, "0", "{0}.link", nullptr},
    Watched{"unmatched_replies", Kind::unmatched_replies, "0", "{0}.link", nullptr},
};

std::string call(const Watched& it, const char* row, int change)
{
    return fmt::format("count_row({} + {}, {}, {})", number(it.kind),
                       fmt::format(fmt::runtime(it.more_kind), row), fmt::format(fmt::runtime(it.which), row),
                       change);
}

std::string triggers_of(const Watched& it)
{
    std::string sql = fmt::format(
        "CREATE TEMP TRIGGER {0}_came AFTER INSERT ON {0} BEGIN SELECT {1}; END;"
        "CREATE TEMP TRIGGER {0}_went AFTER DELETE ON {0} BEGIN SELECT {2}; END;",
        it.table, call(it, "new", 1), call(it, "old", -1));
    if (it.column)
        sql += fmt::format(
            "CREATE TEMP TRIGGER {0}_moved AFTER UPDATE OF {1} ON {0} WHEN old.{1} <> new.{1} "
            "BEGIN SELECT {2}, {3}; END;",
            it.table, it.column, call(it, "old", -1), call(it, "new", 1));
    return sql;
}

// How many of each kind there are when the store is opened, each by an index that holds no more than these
// rows: callbacks that are told stay for weeks as the log, and nobody asks how many they are.
struct Counting {
    Kind kind;
    Statement select;  // what is added to the kind, which, how many
};
std::span<const Counting> countings()
{
    auto callbacks_in = [](Queue queue) {
        return Statement("SELECT 0, {}, count(*) FROM callbacks WHERE {}", number(queue), in(queue));
    };
    static const std::array all = {
        Counting{Kind::messages, Statement("SELECT 0, queue, count(*) FROM messages WHERE {} GROUP BY queue",
                                           stands_in_line)},
        Counting{Kind::messages, Statement("SELECT 0, queue, count(*) FROM messages WHERE {} GROUP BY queue",
                                           waits_for_a_time)},
        Counting{Kind::callbacks, callbacks_in(Queue::due)},
        Counting{Kind::callbacks, callbacks_in(Queue::timed)},
        Counting{Kind::callbacks, callbacks_in(Queue::dead)},
        Counting{Kind::parked_receipts,
                 Statement("SELECT unmatched, link, count(*) FROM parked_receipts GROUP BY unmatched, link")},
        Counting{Kind::reply_parts, Statement("SELECT 0, link, count(*) FROM reply_parts GROUP BY link")},
        Counting{Kind::seen_inbound, Statement("SELECT 0, link, count(*) FROM seen_inbound GROUP BY link")},
        Counting{Kind::unmatched_replies,
                 Statement("SELECT 0, link, count(*) FROM unmatched_replies GROUP BY link")},
    };
    return all;
}

}  // namespace

void RowCounts::open(Connection& database)
{
    for (const auto& [kind, select] : countings()) {
        Rows rows = database.query(select);
        while (rows.next())
            add(static_cast<Kind>(number(kind) + rows.integer(0)), rows.integer(1), rows.integer(2));
    }
    committed();
}

// Called anew for each connection of the writer: after an error it has another one, and the triggers went
// with the one before.
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
    // Both at once: what the transaction sees of itself, and what is to be undone should it fail.
    counts_[{kind, which}] += change;
    changes_[{kind, which}] += change;
}

void RowCounts::moved(std::optional<Queue> from, std::optional<Queue> to)
{
    if (from == to) return;
    if (from) add(Kind::messages, number(*from), -1);
    if (to) add(Kind::messages, number(*to), 1);
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
    for (Queue queue : {Queue::due, Queue::direct, Queue::timed}) now.callbacks += in(Kind::callbacks, queue);
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
    // The triggers counted at once, so that the limits of links hold within a transaction, too.
    for (const auto& [counted, change] : changes_) counts_[counted] -= change;
    changes_.clear();
}

Store::Counts RowCounts::totals() const
{
    std::lock_guard lock(totals_mutex_);
    return totals_;
}

}  // namespace tidings::store::sqlite
