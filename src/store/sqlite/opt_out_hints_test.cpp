// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/opt_out_hints.hpp"

#include "store/sqlite/schema.hpp"

#include <gtest/gtest.h>

namespace tidings::store::sqlite {

namespace {

class OptOutHintsTest : public testing::Test {
protected:
    OptOutHintsTest()
    {
        migrate(database);
        database.execute("INSERT INTO opt_outs VALUES (1, '61', 0), (1, '62', 0), (3, '63', 0)");
    }
    Connection database{":memory:", Connection::Mode::write};
    const AccountKey first{1}, second{2}, third{3};
};

TEST_F(OptOutHintsTest, KnowWhoDidNot)
{
    OptOutHints hints(10);
    hints.open(database);
    EXPECT_TRUE(hints.may_have(first, "61"));
    EXPECT_FALSE(hints.may_have(first, "63"));
    EXPECT_FALSE(hints.may_have(second, "61"));
    EXPECT_TRUE(hints.may_have(third, "63"));
    hints.add(second, "61");
    EXPECT_TRUE(hints.may_have(second, "61"));
}

TEST_F(OptOutHintsTest, KnowAccountsWithoutAListWhenListsAreTooLong)
{
    OptOutHints hints(2);
    hints.open(database);
    EXPECT_TRUE(hints.may_have(first, "99"));
    EXPECT_FALSE(hints.may_have(second, "61"));
    EXPECT_TRUE(hints.may_have(third, "99"));
    hints.add(second, "61");
    EXPECT_TRUE(hints.may_have(second, "99"));
}

}  // namespace

}  // namespace tidings::store::sqlite
