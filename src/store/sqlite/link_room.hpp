// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.hpp"
#include "store/sqlite/limits.hpp"
#include "store/sqlite/row_counts.hpp"

#include <map>

namespace tidings::store::sqlite {

// What a link may still make the store keep. When it has more rows of a kind than its limit, whoever added
// one drops the oldest, and says so here. Used by the writer's thread only.
class LinkRoom {
public:
    LinkRoom(base::Clock& clock, const LinkLimits& limits, RowCounts& row_counts,
             const std::map<LinkKey, std::string>& names)
        : clock_(clock), limits_(limits), row_counts_(row_counts), names_(names)
    {
    }

    const LinkLimits& limits() const { return limits_; }
    // How many rows are too many, as far as they are dropped at once.
    std::size_t surplus(RowCounts::Kind kind, LinkKey link, std::size_t limit) const;
    // `what`: a kind of what was dropped. Counted, and said in the log once in a while: a carrier that
    // overdoes it must not fill the disk by the log instead.
    void dropped(RowCounts::Kind what, LinkKey link, std::int64_t count);

private:
    static constexpr std::size_t dropped_at_once = 100;  // where a limit was lowered
    static constexpr auto log_period = std::chrono::minutes(1);

    base::Clock& clock_;
    const LinkLimits limits_;
    RowCounts& row_counts_;
    const std::map<LinkKey, std::string>& names_;
    std::map<LinkKey, base::Moment> told_at_;
};

}  // namespace tidings::store::sqlite
