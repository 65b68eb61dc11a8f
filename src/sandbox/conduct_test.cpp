// SPDX-License-Identifier: Apache-2.0
#include "sandbox/conduct.hpp"

#include <gtest/gtest.h>

namespace tidings::sandbox {
namespace {

TEST(Conduct, EmptyObjectIsTheGoodCarrier)
{
    auto parsed = parse_conduct("{}");
    ASSERT_TRUE(parsed);
    EXPECT_EQ(*parsed, Conduct{});
}

TEST(Conduct, EveryFieldIsReadAndShown)
{
    std::string body = R"({"throttle_per_second":5,"queue_full":true,"congestion_state":90,"drop_every":7,)"
                       R"("drop_takes":false,"drop_after_answer_every":3,"silent":true,"answer_delay_ms":20,)"
                       R"("refuse_binds":14})";
    auto parsed = parse_conduct(body);
    ASSERT_TRUE(parsed);
    Conduct expected{.throttle_per_second = 5,
                     .queue_full = true,
                     .congestion_state = std::uint8_t{90},
                     .drop_every = 7,
                     .drop_takes = false,
                     .drop_after_answer_every = 3,
                     .silent = true,
                     .answer_delay = std::chrono::milliseconds(20),
                     .refuse_binds = 14};
    EXPECT_EQ(*parsed, expected);
    std::string shown;
    append_conduct(shown, *parsed);
    EXPECT_EQ(shown, body);
}

TEST(Conduct, CongestionMayBeUntold)
{
    EXPECT_EQ(parse_conduct(R"({"congestion_state":null})")->congestion_state, std::nullopt);
    EXPECT_EQ(parse_conduct(R"({"congestion_state":0})")->congestion_state, 0);
    std::string shown;
    append_conduct(shown, Conduct{});
    EXPECT_NE(shown.find(R"("congestion_state":null,)"), std::string::npos);
}

TEST(Conduct, EveryFaultIsNamed)
{
    auto parsed = parse_conduct(R"({"throttle_per_second":100001,"queue_full":1,"congestion_state":101,
                                    "drop_every":-1,"drop_takes":null,"drop_after_answer_every":"1",
                                    "silent":0,"answer_delay_ms":0.5,"refuse_binds":4294967296,
                                    "mood":"bad"})");
    ASSERT_FALSE(parsed);
    const auto& faults = parsed.error().details;
    ASSERT_EQ(faults.size(), 10u);
    EXPECT_EQ(faults[2], "/congestion_state: Congestion state must be a number from 0 to 100, or null");
    EXPECT_EQ(faults[9], "/mood: Unknown field");
}

}  // namespace
}  // namespace tidings::sandbox
