// SPDX-License-Identifier: Apache-2.0
#include "store/rules/callbacks.hpp"

#include "support/told.hpp"

namespace tidings::store::rules {

namespace {

using namespace tidings::test;
using message::Event;
using Kind = CallbackWrite::Kind;
using Then = CallbackOutcome::Then;

class Callbacks : public ToldTest {
protected:
    CallbackOutcome outcome(Then then, std::optional<unsigned> status = {})
    {
        CallbackOutcome outcome;
        outcome.key = {account.key, ids.next(), ids.next()};
        outcome.endpoint = EndpointKey{5};
        outcome.then = then;
        outcome.at = clock.now() + 1min;
        outcome.attempts = 3;
        if (!status) return outcome;
        outcome.attempt = CallbackAttempt{
            .number = 3, .at = clock.now(), .took = 20ms, .status = *status, .error = {}, .answer = "answer"};
        return outcome;
    }
    const CallbackWrite& record(CallbackOutcome outcome)
    {
        RecordCallbacks item({std::move(outcome)});
        carry_out(item);
        return effects.callbacks.at(0);
    }
};

TEST_F(Callbacks, ADeliveredOneStaysAsTheLogOfIt)
{
    const CallbackWrite& write = record(outcome(Then::done, 204));
    EXPECT_EQ(write.kind, Kind::told);
    EXPECT_EQ(write.row.queue, Queue::told);
    EXPECT_EQ(write.row.seq, (clock.now() + 20ms).time_since_epoch().count());
    EXPECT_EQ(write.row.attempts, 3);
    EXPECT_EQ(write.attempt->status, 204u);
}

TEST_F(Callbacks, OneThatNobodyWantsIsForgotten)
{
    EXPECT_EQ(record(outcome(Then::done)).kind, Kind::forgotten);
    const CallbackWrite& gone = record(outcome(Then::done, 410));
    EXPECT_EQ(gone.kind, Kind::forgotten);
    EXPECT_EQ(gone.attempt->status, 410u) << "the log says why";
}

TEST_F(Callbacks, OneThatIsTriedAgainWaitsOnTheScaleOfPauses)
{
    pause_shift = -1h;
    const CallbackWrite& write = record(outcome(Then::again, 503));
    EXPECT_EQ(write.kind, Kind::moved);
    EXPECT_EQ(write.row.queue, Queue::timed);
    EXPECT_EQ(write.row.seq, (clock.now() + 1min - 1h).time_since_epoch().count());
    EXPECT_EQ(write.attempt->status, 503u);
}

TEST_F(Callbacks, OneThatCouldNotBeTriedStandsBehindTheOthersOfItsLane)
{
    last_seq = 100;
    const CallbackWrite& write = record(outcome(Then::untried));
    EXPECT_EQ(write.row.queue, Queue::due);
    EXPECT_EQ(write.row.seq, 101);
    EXPECT_FALSE(write.attempt);
    CallbackLane lane{account.key, EndpointKey{5}};
    EXPECT_EQ(effects.fell_behind, std::vector{lane});
    EXPECT_EQ(effects.given_back[lane], 1u);
}

TEST_F(Callbacks, OneThatIsGivenUpIsADeadLetterFromNowOn)
{
    const CallbackWrite& write = record(outcome(Then::dead, 500));
    EXPECT_EQ(write.row.queue, Queue::dead);
    EXPECT_EQ(write.row.seq, clock.now().time_since_epoch().count());
}

TEST_F(Callbacks, OneWhosePauseIsOverIsDueAgainAfterTheSameNumberOfTries)
{
    CallbackRow row = told(report(sent(), Code::delivered), hear(Event::delivered_dr), Queue::timed);
    ReleaseCallbacks item({row});
    carry_out(item);
    ASSERT_EQ(due().size(), 1u);
    EXPECT_EQ(due()[0].attempts, 7);
    EXPECT_EQ(written(), std::vector{Kind::moved});
    EXPECT_EQ(effects.callbacks[0].row.queue, Queue::due);
}

TEST_F(Callbacks, OneWhoseMessageEndedMeanwhileIsForgotten)
{
    CallbackRow row = told(report(text(), Code::delivered), hear(Event::delivered_dr), Queue::timed);
    ReleaseCallbacks item({row});
    carry_out(item);
    EXPECT_TRUE(due().empty());
    EXPECT_EQ(written(), std::vector{Kind::forgotten});
}

TEST_F(Callbacks, OneThatNobodyCouldTryForThreeDaysIsADeadLetter)
{
    CallbackRow row = told(report(sent(), Code::delivered), hear(Event::delivered_dr), Queue::due);
    EXPECT_FALSE(is_overdue(row, row.since + 72h)) << "who tries it gives it up";
    EXPECT_TRUE(is_overdue(row, row.since + 74h));
    Bury item({row});
    carry_out(item);
    ASSERT_EQ(written(), std::vector{Kind::moved});
    EXPECT_EQ(effects.callbacks[0].row.queue, Queue::dead);
    EXPECT_EQ(effects.callbacks[0].row.seq, clock.now().time_since_epoch().count());
    EXPECT_EQ(effects.callbacks[0].row.attempts, 7);
}

}  // namespace

}  // namespace tidings::store::rules
