// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/link_room.hpp"

#include "base/log.hpp"

#include <algorithm>

namespace tidings::store::sqlite {

std::size_t LinkRoom::surplus(RowCounts::Kind kind, LinkKey link, std::size_t limit) const
{
    auto there = static_cast<std::size_t>(row_counts_.of(kind, link));
    // Usually one row is too many, the one that came. More are only after a limit was lowered, and then go in
    // steps, so that no commit has to remove them all.
    return there <= limit ? 0 : std::min(there - limit, dropped_at_once);
}

void LinkRoom::dropped(RowCounts::Kind what, LinkKey link, std::int64_t count)
{
    if (count == 0) return;
    row_counts_.add(what, static_cast<std::int64_t>(link), count);
    base::Moment now = clock_.steady();
    auto [told, is_first] = told_at_.try_emplace(link, now);
    if (!is_first && now - told->second < log_period) return;
    told->second = now;
    auto name = names_.find(link);
    base::log_warning(
        "{} sends more receipts or replies that fit nothing than are kept of a link: the oldest are dropped",
        name == names_.end() ? "no link" : std::string_view(name->second));
}

}  // namespace tidings::store::sqlite
