// SPDX-License-Identifier: Apache-2.0
#include "relay/strain.hpp"

#include <gtest/gtest.h>

namespace tidings::relay {

using namespace std::chrono_literals;
using Kind = Strain::Kind;

namespace {

constexpr base::Moment first_refused_at{1h};

TEST(Strain, ACarrierThatThrottlesForLongIsUnderStrainThoughItTakesSome)
{
    Strain strain(10s);
    for (auto at = 0s; at < 10s; at += 1s) {
        strain.refused(Kind::throttles, "THROTTLED", first_refused_at + at);
        strain.accepted(first_refused_at + at + 500ms);
        EXPECT_EQ(strain.word(), std::nullopt);
    }
    strain.refused(Kind::throttles, "THROTTLED", first_refused_at + 10s);
    EXPECT_EQ(strain.word(), "THROTTLED");
    strain.accepted(first_refused_at + 15s);
    EXPECT_EQ(strain.word(), "THROTTLED");
    strain.accepted(first_refused_at + 15s + 1ms);
    EXPECT_EQ(strain.word(), std::nullopt);
}

TEST(Strain, OneThatThrottlesNowAndThenIsNot)
{
    Strain strain(10s);
    for (auto at = 0s; at < 100s; at += 14s) {
        strain.refused(Kind::throttles, "THROTTLED", first_refused_at + at);
        EXPECT_EQ(strain.word(), std::nullopt);
    }
}

TEST(Strain, OtherRefusalsCountOnlyWhileNothingIsAccepted)
{
    Strain strain(10s);
    strain.refused(Kind::refuses, "SYSERR", first_refused_at);
    strain.accepted(first_refused_at + 1s);
    strain.refused(Kind::refuses, "SYSERR", first_refused_at + 11s);
    EXPECT_EQ(strain.word(), std::nullopt);
    strain.refused(Kind::refuses, "MSGQFUL", first_refused_at + 21s);
    EXPECT_EQ(strain.word(), "MSGQFUL");
    strain.refused(Kind::refuses, "SYSERR", first_refused_at + 600s);
    EXPECT_EQ(strain.word(), "SYSERR") << "retries have long pauses";
    strain.accepted(first_refused_at + 601s);
    EXPECT_EQ(strain.word(), std::nullopt);
}

TEST(Strain, ARefusalAloneIsNoStrain)
{
    Strain strain(10s);
    strain.refused(Kind::refuses, "SYSERR", first_refused_at);
    EXPECT_EQ(strain.word(), std::nullopt);
    EXPECT_EQ(Strain(0s).word(), std::nullopt);
}

}  // namespace

}  // namespace tidings::relay
