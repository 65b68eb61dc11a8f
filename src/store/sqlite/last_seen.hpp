// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.hpp"
#include "store/sqlite/connection.hpp"

#include <optional>

namespace tidings::store::sqlite {

// What the clocks last showed, kept in `meta` so that the next start can tell whether the wall clock jumped
// (base/jump_watch.hpp). Written along with other commits, once a minute at most. Used by the writer's
// thread.
class LastSeen {
public:
    explicit LastSeen(base::Clock& clock) : clock_(clock) {}

    // Before the first job: tells the clock what the last process saw.
    void open(Connection& database);
    void note(Connection& database);   // unless that was done in the last minute
    void write(Connection& database);  // now

private:
    static constexpr auto note_period = std::chrono::minutes(1);

    base::Clock& clock_;
    std::optional<base::Moment> noted_at_;
};

}  // namespace tidings::store::sqlite
