// SPDX-License-Identifier: Apache-2.0
#include "http/fair_budget.hpp"

#include <gtest/gtest.h>

#include <deque>

using tidings::http::FairBudget;
using tidings::http::Payer;

namespace {

// How much the payer gets, one after the other.
std::size_t greed(FairBudget::Share& share)
{
    std::size_t amount = 0;
    while (share.grow_to(amount + 1)) ++amount;
    return amount;
}

}  // namespace

TEST(FairBudget, OnePayerGetsHalfAndTheNextHalfOfTheRest)
{
    FairBudget budget(1000);
    FairBudget::Share first(budget, 1), second(budget, 2), third(budget, 3);
    EXPECT_EQ(greed(first), 500u);
    EXPECT_EQ(greed(second), 250u);
    EXPECT_EQ(greed(third), 125u);
    EXPECT_FALSE(budget.has_room(1, 1));
    EXPECT_TRUE(budget.has_room(4, 63));
    EXPECT_FALSE(budget.has_room(4, 64));
}

TEST(FairBudget, AllRequestsOfAPayerCountTogether)
{
    FairBudget budget(1000);
    FairBudget::Share one(budget, 1), other(budget, 1);
    EXPECT_TRUE(one.grow_to(300));
    EXPECT_FALSE(other.grow_to(201));
    EXPECT_TRUE(other.grow_to(200));
}

TEST(FairBudget, WhatEndsMakesRoom)
{
    FairBudget budget(1000);
    for (int i = 0; i < 10; ++i) {
        FairBudget::Share share(budget, 1);
        EXPECT_EQ(greed(share), 500u);
        EXPECT_TRUE(share.grow_to(1));  // it never shrinks before its end
        EXPECT_FALSE(budget.has_room(1, 1));
    }
    EXPECT_TRUE(budget.has_room(1, 500));
    EXPECT_FALSE(budget.has_room(1, 501));
}

TEST(FairBudget, ManyPayersNeverHoldMoreThanThereIs)
{
    FairBudget budget(1000);
    std::deque<FairBudget::Share> shares;
    std::size_t total = 0;
    for (Payer payer = 0; payer < 50; ++payer) total += greed(shares.emplace_back(budget, payer));
    EXPECT_LE(total, 1000u);
}
