// SPDX-License-Identifier: Apache-2.0
#include "message/retry.hpp"

#include <gtest/gtest.h>

namespace tidings::message {

using namespace std::chrono_literals;

constexpr std::uint64_t middle = 20;  // a roll that leaves the delay as it is
constexpr base::Time begin{std::chrono::sys_days{std::chrono::year{2026} / 11 / 20}};

FailedAttempt failed(int attempts, base::Time at = begin, unsigned status = 500)
{
    return {.attempts = attempts, .status = status, .retry_after = {}, .at = at};
}

FailedAttempt told(unsigned status, std::string_view retry_after)
{
    return {.attempts = 1, .status = status, .retry_after = retry_after, .at = begin};
}

TEST(Retry, DelaysDoubleUpToSixHours)
{
    EXPECT_EQ(next_callback_attempt(begin, failed(1), middle), begin + 5s);
    EXPECT_EQ(next_callback_attempt(begin, failed(2), middle), begin + 10s);
    EXPECT_EQ(next_callback_attempt(begin, failed(5), middle), begin + 80s);
    EXPECT_EQ(next_callback_attempt(begin, failed(40), middle), begin + 6h);
}

TEST(Retry, DelaysAreSpreadByAFifth)
{
    EXPECT_EQ(next_callback_attempt(begin, failed(1), 0), begin + 4s);
    EXPECT_EQ(next_callback_attempt(begin, failed(1), 40), begin + 6s);
}

TEST(Retry, GivesUpAfterThreeDays)
{
    EXPECT_TRUE(next_callback_attempt(begin, failed(20, begin + 66h), middle));
    EXPECT_FALSE(next_callback_attempt(begin, failed(20, begin + 67h), middle));
}

TEST(Retry, GivesUpAtOnceWhereTheEndpointIsGone)
{
    EXPECT_FALSE(next_callback_attempt(begin, failed(1, begin, 410), middle));
    EXPECT_FALSE(next_webhook_attempt({.retries = 5, .delay = 5s}, failed(1, begin, 410)));
}

TEST(Retry, WaitsAsLongAsAThrottlingEndpointAsks)
{
    for (unsigned status : {429u, 503u}) {
        EXPECT_EQ(next_callback_attempt(begin, told(status, "120"), middle), begin + 120s);
        EXPECT_EQ(next_callback_attempt(begin, told(status, "Fri, 20 Nov 2026 00:10:00 GMT"), middle),
                  begin + 10min);
    }
    EXPECT_EQ(next_webhook_attempt({.retries = 1, .delay = 5s}, told(503, "60")), begin + 60s);
}

TEST(Retry, NeverComesEarlierThanByItselfOrLaterThanInSixHours)
{
    EXPECT_EQ(next_callback_attempt(begin, told(503, "1"), middle), begin + 5s);
    EXPECT_EQ(next_callback_attempt(begin, told(503, "86400"), middle), begin + 6h);
    EXPECT_EQ(next_callback_attempt(begin, told(503, "99999999999999999999999"), middle), begin + 6h);
    EXPECT_EQ(next_callback_attempt(begin, told(503, "Fri, 20 Nov 2099 00:10:00 GMT"), middle), begin + 6h);
}

TEST(Retry, PaysNoHeedToAnythingElseThatIsCalledRetryAfter)
{
    for (std::string_view text : {"", "soon", "-5", "1.5", "0x10", "Fri, 20 Nov 2020 00:00:00 GMT"})
        EXPECT_EQ(next_callback_attempt(begin, told(503, text), middle), begin + 5s) << text;
    EXPECT_EQ(next_callback_attempt(begin, told(500, "120"), middle), begin + 5s);
}

TEST(Retry, OfAWebhookAreAsManyAndAsFarApartAsItSays)
{
    FixedRetries rule{.retries = 2, .delay = 7s};
    EXPECT_EQ(next_webhook_attempt(rule, failed(1)), begin + 7s);
    EXPECT_EQ(next_webhook_attempt(rule, failed(2)), begin + 7s);
    EXPECT_FALSE(next_webhook_attempt(rule, failed(3)));
    EXPECT_FALSE(next_webhook_attempt({}, failed(1)));
}

TEST(Retry, KnowsWhichAnswersTellOfTheWholeEndpoint)
{
    for (unsigned status : {0u, 429u, 500u, 503u, 599u}) EXPECT_TRUE(is_trouble(status)) << status;
    for (unsigned status : {302u, 400u, 404u, 410u}) EXPECT_FALSE(is_trouble(status)) << status;
}

}  // namespace tidings::message
