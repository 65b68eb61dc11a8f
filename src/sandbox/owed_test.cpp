// SPDX-License-Identifier: Apache-2.0
#include "sandbox/owed.hpp"

#include <gtest/gtest.h>

namespace tidings::sandbox {
namespace {

using namespace std::chrono_literals;

constexpr base::Time first_due{1'478'173'742'807ms};

Delivery delivery(std::uint64_t token, base::Time due)
{
    Delivery out;
    out.token = token;
    out.due = due;
    return out;
}

TEST(Owed, GoesOutByDueTimeThenByToken)
{
    Owed owed;
    owed.add(delivery(1, first_due + 1s));
    owed.add(delivery(3, first_due));
    owed.add(delivery(2, first_due));
    EXPECT_EQ(owed.next_due(), first_due);
    EXPECT_EQ(owed.take().token, 2u);
    EXPECT_EQ(owed.take().token, 3u);
    EXPECT_EQ(owed.next_due(), first_due + 1s);
}

TEST(Owed, OfOneEsmeDoesNotWaitForAnother)
{
    Owed owed;
    Delivery first = delivery(1, first_due);
    first.esme = "absent";
    owed.add(first);
    Delivery second = delivery(2, first_due + 1s);
    second.esme = "present";
    owed.add(second);
    EXPECT_EQ(owed.next_due(), std::nullopt);
    EXPECT_EQ(owed.next_due("present"), first_due + 1s);
    EXPECT_EQ(owed.take("present").token, 2u);
    EXPECT_EQ(owed.next_due("present"), std::nullopt);
    EXPECT_EQ(owed.size(), 2u);
    owed.put_back(2, first_due + 2s);
    EXPECT_EQ(owed.next_due("present"), first_due + 2s);
    EXPECT_EQ(owed.next_due("absent"), first_due);
}

TEST(Owed, IsOwedUntilPaid)
{
    Owed owed;
    owed.add(delivery(1, first_due));
    owed.take();
    EXPECT_EQ(owed.next_due(), std::nullopt);
    EXPECT_EQ(owed.size(), 1u);
    EXPECT_TRUE(owed.pay(1));
    EXPECT_FALSE(owed.pay(1));
    EXPECT_EQ(owed.size(), 0u);
}

TEST(Owed, PutBackGoesOutAgainLater)
{
    Owed owed;
    owed.add(delivery(1, first_due));
    owed.take();
    owed.put_back(1, first_due + 1s);
    EXPECT_EQ(owed.next_due(), first_due + 1s);
    EXPECT_EQ(owed.take().token, 1u);
}

}  // namespace
}  // namespace tidings::sandbox
