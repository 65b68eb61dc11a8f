// SPDX-License-Identifier: Apache-2.0
#include "api/query.hpp"

#include <gtest/gtest.h>

namespace tidings::api {

namespace {

TEST(Query, ValuesAreFoundByName)
{
    EXPECT_EQ(query_value("page=1&page_size=%32%30", "page_size"), "20");
    EXPECT_EQ(query_value("page=1&page_size=20", "size"), std::nullopt);
    EXPECT_EQ(query_value("a&b=", "a"), "");
    EXPECT_EQ(query_value("a&b=", "b"), "");
    EXPECT_EQ(query_value("a=%", "a"), std::nullopt);
    EXPECT_EQ(query_value("", "a"), std::nullopt);
    EXPECT_TRUE(query_has("a=%", "a"));
    EXPECT_FALSE(query_has("ab=1", "a"));
}

TEST(Query, NumbersAreWholeAndWithinTheirRange)
{
    EXPECT_EQ(query_integer("p=7", "p", {1, 9}), 7);
    for (const char* query : {"p=0", "p=10", "p=", "p=1.0", "p=1x", "p= 1", "p=99999999999999999999", "q=1"})
        EXPECT_EQ(query_integer(query, "p", {1, 9}), std::nullopt) << query;
}

TEST(Query, APageIsAPartOfTheList)
{
    std::vector<int> items{1, 2, 3};
    auto on = [&](Page page, std::int64_t first) {
        auto found = items_on(page, first, items);
        return std::vector<int>(found.begin(), found.end());
    };
    EXPECT_EQ(on({0, 2}, 0), (std::vector{1, 2}));
    EXPECT_EQ(on({1, 2}, 0), std::vector{3});
    EXPECT_EQ(on({1, 2}, 1), (std::vector{1, 2}));
    EXPECT_TRUE(on({pages_max, page_sizes.max}, 0).empty());
}

}  // namespace

}  // namespace tidings::api
