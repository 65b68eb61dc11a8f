// SPDX-License-Identifier: Apache-2.0
#include "message/status.hpp"

#include "message/message.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace tidings::message {

namespace {

using namespace std::chrono_literals;

constexpr base::Time start{1'800'000'000'000ms};

constexpr Code all_codes[] = {
    Code::processing,
    Code::rerouting,
    Code::held,
    Code::submitted,
    Code::accepted,
    Code::enroute_at_carrier,
    Code::pending,
    Code::scheduled_at_carrier,
    Code::delivered,
    Code::delivered_to_handset,
    Code::usage_threshold,
    Code::destination_blocked,
    Code::source_blocked,
    Code::dropped,
    Code::duplicate,
    Code::expired_before_submission,
    Code::gateway_failure,
    Code::discarded,
    Code::no_route,
    Code::source_unsupported,
    Code::undeliverable,
    Code::expired_at_carrier,
    Code::rejected_by_carrier,
    Code::skipped_by_carrier,
    Code::deleted_by_carrier,
    Code::invalid_source,
    Code::invalid_destination,
    Code::destination_blocked_by_carrier,
    Code::no_sms_service,
    Code::unreachable,
};

int rank(Status status)
{
    return status == Status::scheduled   ? 0
           : status == Status::enroute   ? 1
           : status == Status::submitted ? 2
                                         : 3;
}

Progress after(std::initializer_list<Code> codes)
{
    Progress progress;
    for (Code code : codes) EXPECT_TRUE(advance(progress, code, start)) << static_cast<int>(code);
    return progress;
}

Part part(Code code) { return {.carrier_id = "x", .code = code}; }

}  // namespace

TEST(Status, CodesStandForTheStatusesOfTheReference)
{
    std::map<Status, std::vector<int>> groups = {
        {Status::enroute, {101, 102, 151}},
        {Status::submitted, {200, 210, 211, 212, 213}},
        {Status::delivered, {220, 221}},
        {Status::expired, {320, 401}},
        {Status::rejected, {301, 302, 303, 304, 305, 402, 403, 410, 411, 412, 413, 414}},
        {Status::failed, {330, 331, 332, 333, 400, 405}},
    };
    std::size_t count = 0;
    for (const auto& [status, codes] : groups)
        for (int code : codes) {
            EXPECT_EQ(status_of(static_cast<Code>(code)), status) << code;
            ++count;
        }
    EXPECT_EQ(count, std::size(all_codes));
}

TEST(Status, OrdinaryLifeTellsThreeCodes)
{
    Progress progress = after({Code::processing, Code::submitted, Code::delivered});
    EXPECT_EQ(progress.status, Status::delivered);
    EXPECT_EQ(progress.code, Code::delivered);
    EXPECT_EQ(progress.changed_at, start);
}

TEST(Status, NothingIsToldTwice)
{
    Progress progress = after({Code::processing, Code::submitted, Code::accepted});
    for (Code code : {Code::processing, Code::submitted, Code::accepted})
        EXPECT_FALSE(advance(progress, code, start + 1s));
    EXPECT_EQ(progress.code, Code::accepted);
    EXPECT_EQ(progress.changed_at, start);
}

TEST(Status, SubmittedCodesComeInAnyOrder)
{
    after({Code::pending, Code::submitted, Code::scheduled_at_carrier, Code::accepted,
           Code::enroute_at_carrier});
}

TEST(Status, ReroutingLeadsBackAndLetsSubmittedCodesBeToldAgain)
{
    Progress progress = after({Code::processing, Code::submitted, Code::rerouting});
    EXPECT_EQ(progress.status, Status::enroute);
    EXPECT_TRUE(advance(progress, Code::submitted, start));
    EXPECT_FALSE(advance(progress, Code::submitted, start));
    EXPECT_FALSE(advance(progress, Code::processing, start));
}

TEST(Status, ScheduledMessagesStartExpireOrAreRejected)
{
    for (Code code : {Code::processing, Code::held, Code::duplicate, Code::expired_before_submission}) {
        Progress progress{.status = Status::scheduled, .code = Code::none};
        EXPECT_TRUE(advance(progress, code, start));
        EXPECT_EQ(progress.status, status_of(code));
    }
    Progress progress{.status = Status::scheduled, .code = Code::none};
    EXPECT_FALSE(advance(progress, Code::rerouting, start));
}

TEST(Status, CancelledStaysCancelled)
{
    for (Code code : all_codes) {
        Progress progress{.status = Status::cancelled, .code = Code::none};
        EXPECT_FALSE(advance(progress, code, start));
    }
}

TEST(Status, LateReceiptTurnsExpiredAndFailedIntoDelivered)
{
    for (Code negative : {Code::expired_at_carrier, Code::undeliverable}) {
        Progress progress = after({Code::submitted, negative});
        EXPECT_FALSE(advance(progress, Code::delivered, start + late_receipt_window + 1ms));
        EXPECT_TRUE(advance(progress, Code::delivered, start + late_receipt_window));
        EXPECT_FALSE(advance(progress, negative, start));
        EXPECT_FALSE(advance(progress, Code::delivered_to_handset, start));
    }
    Progress rejected = after({Code::submitted, Code::rejected_by_carrier});
    EXPECT_FALSE(advance(rejected, Code::delivered, start));
}

TEST(Status, NoSequenceOfCodesMovesBackwards)
{
    std::mt19937_64 random(20261120);
    for (int round = 0; round < 20'000; ++round) {
        Progress progress;
        if (random() % 4 == 0) progress = {.status = Status::scheduled, .code = Code::none};
        std::map<Code, int> told;
        int reroutes = 0;
        base::Time at = start;
        for (int step = 0; step < 40; ++step) {
            Code code = all_codes[random() % std::size(all_codes)];
            at += std::chrono::minutes(random() % 1000);
            Progress before = progress;
            if (!advance(progress, code, at)) {
                ASSERT_EQ(progress.status, before.status);
                ASSERT_EQ(progress.told, before.told);
                continue;
            }
            ASSERT_EQ(progress.status, status_of(code));
            ASSERT_EQ(progress.changed_at, at);
            bool late = progress.status == Status::delivered &&
                        (before.status == Status::expired || before.status == Status::failed);
            ASSERT_TRUE(!is_final(before.status) || late);
            ASSERT_TRUE(rank(progress.status) >= rank(before.status) || code == Code::rerouting);
            if (code == Code::rerouting) ++reroutes;
            ASSERT_LE(++told[code], status_of(code) == Status::submitted ? 1 + reroutes : 1);
        }
    }
}

TEST(Verdict, LeastAdvancedPartSpeaksForTheMessage)
{
    EXPECT_EQ(verdict(std::vector{part(Code::delivered)}), Code::delivered);
    EXPECT_EQ(verdict(std::vector{part(Code::delivered), part(Code::submitted)}), Code::submitted);
    EXPECT_EQ(verdict(std::vector{part(Code::delivered), part(Code::enroute_at_carrier)}),
              Code::enroute_at_carrier);
    EXPECT_EQ(verdict(std::vector{part(Code::delivered_to_handset), part(Code::delivered)}), Code::delivered);
    EXPECT_EQ(verdict(std::vector{part(Code::delivered), part(Code::none)}), std::nullopt);
    EXPECT_EQ(verdict({}), std::nullopt);
}

TEST(Verdict, NegativePartWaitsForTheOthersOrTheEndOfWaiting)
{
    std::vector out = {part(Code::delivered), part(Code::expired_at_carrier), part(Code::submitted)};
    EXPECT_EQ(verdict(out), std::nullopt);
    EXPECT_EQ(verdict(out, true), Code::expired_at_carrier);
    out[2].code = Code::delivered;
    EXPECT_EQ(verdict(out), Code::expired_at_carrier);
    std::vector none = {part(Code::undeliverable), part(Code::none)};
    EXPECT_EQ(verdict(none), std::nullopt);
}

TEST(Verdict, WaitingThatIsOverDecidesNothingWithoutANegativePart)
{
    EXPECT_EQ(verdict(std::vector{part(Code::delivered), part(Code::submitted)}, true), Code::submitted);
}

}  // namespace tidings::message
