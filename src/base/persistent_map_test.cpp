// SPDX-License-Identifier: Apache-2.0
#include "base/persistent_map.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace tidings::base {

namespace {

using Map = PersistentMap<int, std::string>;

std::map<int, std::string> contents_of(const Map& map)
{
    std::map<int, std::string> contents;
    for (const auto& [key, value] : map) {
        EXPECT_TRUE(contents.empty() || contents.rbegin()->first < key) << "not in order";
        contents.emplace(key, value);
    }
    EXPECT_EQ(contents.size(), map.size());
    return contents;
}

TEST(PersistentMap, HoldsWhatAnOrdinaryMapHolds)
{
    Map map;
    std::map<int, std::string> expected;
    std::uint32_t number = 1;
    for (int step = 0; step < 2'000; ++step) {
        number = number * 1'664'525 + 1'013'904'223;
        int key = static_cast<int>(number >> 24);
        if (number >> 16 & 1) {
            map.put(key, std::to_string(step));
            expected[key] = std::to_string(step);
        } else {
            EXPECT_EQ(map.erase(key), expected.erase(key) == 1);
        }
    }
    EXPECT_EQ(contents_of(map), expected);
    for (int key = 0; key < 256; ++key) {
        EXPECT_EQ(map.contains(key), expected.contains(key));
        EXPECT_EQ(map.find(key) == map.end(), !expected.contains(key));
        if (auto next = expected.lower_bound(key); next != expected.end()) {
            EXPECT_EQ(map.lower_bound(key)->first, next->first);
        }
        if (auto next = expected.upper_bound(key); next != expected.end()) {
            EXPECT_EQ(map.upper_bound(key)->first, next->first);
        }
    }
}

TEST(PersistentMap, AChangeLeavesCopiesAlone)
{
    Map map;
    for (int key = 0; key < 100; ++key) map.put(key, "before");
    Map copy = map;
    EXPECT_TRUE(copy.shares_all_with(map));
    map.put(50, "after");
    map.erase(7);
    EXPECT_FALSE(copy.shares_all_with(map));
    EXPECT_EQ(copy.at(50), "before");
    EXPECT_EQ(map.at(50), "after");
    EXPECT_TRUE(copy.contains(7));
    EXPECT_FALSE(map.contains(7));
}

TEST(PersistentMap, WhatDidNotChangeStaysWhereItIs)
{
    Map map;
    for (int key = 0; key < 1'000; ++key) map.put(key, std::to_string(key));
    Map copy = map;
    copy.put(1'000, "new");
    copy.erase(500);
    for (int key : {0, 499, 501, 999}) EXPECT_EQ(map.get(key), copy.get(key));
}

}  // namespace

}  // namespace tidings::base
