// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/last_seen.hpp"

#include "base/guarded_clock.hpp"
#include "support/temp_folder.hpp"
#include "support/virtual_clock.hpp"

#include <gtest/gtest.h>

namespace tidings::store::sqlite {

namespace {

using namespace std::chrono_literals;

class LastSeenTest : public testing::Test {
protected:
    LastSeenTest()
    {
        database.execute("CREATE TABLE meta (name TEXT PRIMARY KEY, value ANY NOT NULL) STRICT");
    }

    test::TempFolder folder;
    Connection database{folder.path() / "test.db", Connection::Mode::write};
    test::VirtualClock inner;
};

TEST_F(LastSeenTest, IsWrittenOnceAMinuteAtMost)
{
    LastSeen seen(inner);
    auto writes = [&] {
        auto before = database.rows_changed();
        seen.note(database);
        return database.rows_changed() - before;
    };
    EXPECT_EQ(writes(), 1);
    inner.advance(59s);
    EXPECT_EQ(writes(), 0);
    inner.jump(365 * 24h);
    EXPECT_EQ(writes(), 0);
    inner.advance(1s);
    EXPECT_EQ(writes(), 1);
}

TEST_F(LastSeenTest, TellsTheNextProcessThatTheClockJumped)
{
    base::GuardedClock first(inner, 600s);
    LastSeen(first).write(database);
    base::Time before = first.now();
    inner.jump(365 * 24h);
    base::GuardedClock second(inner, 600s);
    LastSeen(second).open(database);
    EXPECT_EQ(second.now(), before);
}

TEST_F(LastSeenTest, AStoreThatKnowsNothingBelievesTheClock)
{
    base::GuardedClock clock(inner, 600s);
    LastSeen(clock).open(database);
    EXPECT_EQ(clock.now(), inner.now());
    EXPECT_FALSE(clock.doubt());
}

}  // namespace

}  // namespace tidings::store::sqlite
