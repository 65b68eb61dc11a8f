// SPDX-License-Identifier: Apache-2.0
#include "message/cost.hpp"

#include <gtest/gtest.h>

namespace tidings::message {

TEST(Cost, IsOneCreditForEachSegment)
{
    struct {
        std::string content;
        std::int64_t credits;
    } const cases[] = {
        {"a", 1},
        {std::string(160, 'a'), 1},
        {std::string(161, 'a'), 2},
        {std::string(306, 'a'), 2},
        {std::string(307, 'a'), 3},
        {std::string(79, 'a') + "\u20AC" + std::string(79, 'a'), 1},  // takes two septets
        {std::string(80, 'a') + "\u20AC" + std::string(79, 'a'), 2},
        {std::string(69, 'a') + "\u4F60", 1},
        {std::string(70, 'a') + "\u4F60", 2},
        {std::string(133, 'a') + "\u4F60", 2},
        {std::string(134, 'a') + "\u4F60", 3},
    };
    for (const auto& it : cases) EXPECT_EQ(credits_for(Format::sms, it.content), it.credits) << it.content;
}

TEST(Cost, OfWhatIsNoTextMessageIsOneCredit)
{
    EXPECT_EQ(credits_for(Format::mms, std::string(5000, 'a')), 1);
    EXPECT_EQ(credits_for(Format::tts, std::string(5000, 'a')), 1);
}

}  // namespace tidings::message
