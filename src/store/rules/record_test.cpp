// SPDX-License-Identifier: Apache-2.0
#include "store/rules/record.hpp"

#include "support/carrier_facts.hpp"

namespace tidings::store::rules {

namespace {

using namespace tidings::test;

class RecordRules : public CarrierRulesTest {
protected:
    NewMessage accepted()
    {
        NewMessage message = text();
        accept(message);
        return message;
    }
};

TEST_F(RecordRules, ASubmittedMessageLeavesItsQueueAndIsFoundByItsIds)
{
    NewMessage message = accepted();
    submitted(message, {"1", "2"});
    EXPECT_EQ(code(message), Code::submitted);
    EXPECT_FALSE(row(message).queue);
    EXPECT_EQ(row(message).link, link);
    EXPECT_EQ(row(message).parts.size(), 2u);
    EXPECT_EQ(effects.submitted, std::vector<const MessageRow*>{&row(message)});
    EXPECT_EQ(last_step(message), "on carrier as 1, 2");
    EXPECT_EQ(reported(), std::vector{Code::submitted});
}

TEST_F(RecordRules, ANumberOfThePoolIsUsedFromItsSubmitOn)
{
    settings.put(Number{our_number, {}});
    NewMessage message = accepted();
    clock.advance(1min);
    submitted(message, {"1"});
    ASSERT_EQ(effects.pool_uses.size(), 1u);
    EXPECT_EQ(effects.pool_uses[0].at, clock.now());
}

TEST_F(RecordRules, AMessageThatALinkRefusesIsDueForAnother)
{
    NewMessage message = accepted();
    record(change(message, Code::none));
    EXPECT_EQ(row(message).queue, Queue::due);
    ASSERT_EQ(effects.due.size(), 1u);
    EXPECT_EQ(effects.due[0].item.refused_by, std::vector{link});
    EXPECT_TRUE(row(message).unsaved.refused_by);
    EXPECT_TRUE(reported().empty());
    EXPECT_EQ(last_step(message), "refused on carrier");
}

TEST_F(RecordRules, AMessageInDoubtIsHeldOnItsLink)
{
    NewMessage message = accepted();
    record(change(message, Code::held));
    EXPECT_EQ(row(message).queue, Queue::held);
    EXPECT_EQ(row(message).link, link);
    EXPECT_EQ(code(message), Code::held);
    EXPECT_EQ(last_step(message), "in doubt on carrier");
}

TEST_F(RecordRules, ALinkMaySayWhyItHoldsAMessage)
{
    NewMessage message = accepted();
    Change held = change(message, Code::held);
    held.why = "its window was lost";
    record(held);
    EXPECT_EQ(last_step(message), "its window was lost");
}

TEST_F(RecordRules, WhatTheLifeCycleForbidsChangesNothing)
{
    NewMessage message = submit({"1"});
    receive("1", Code::delivered);
    record(change(message, Code::none));
    record(change(message, Code::rejected_by_carrier));
    record(change(message, Code::held));
    EXPECT_EQ(status(message), Status::delivered);
    EXPECT_FALSE(row(message).queue);
    EXPECT_TRUE(effects.due.empty());
}

TEST_F(RecordRules, AnErrorOfTheCarrierEndsTheMessage)
{
    NewMessage message = accepted();
    record(change(message, Code::invalid_destination));
    EXPECT_EQ(status(message), Status::rejected);
    EXPECT_FALSE(row(message).queue);
    EXPECT_EQ(last_step(message), "on carrier");
}

TEST_F(RecordRules, WhatACarrierHasOfAMessageIsRememberedUntilItHasAll)
{
    NewMessage message = accepted();
    Change taken = change(message, Code::none);
    taken.taken = PartsTaken{link, 7, {"1", {}, ""}};
    record(taken);
    EXPECT_EQ(row(message).taken, taken.taken);
    EXPECT_TRUE(row(message).unsaved.taken);
    EXPECT_EQ(row(message).queue, Queue::due);
    EXPECT_EQ(outbound_of(row(message)).taken, taken.taken);
    EXPECT_TRUE(reported().empty());
    submitted(message, {"1", "2", ""});
    EXPECT_EQ(row(message).taken, std::nullopt);
}

TEST_F(RecordRules, WhatGoesToAnotherLinkBeginsAnew)
{
    NewMessage message = accepted();
    Change taken = change(message, Code::none);
    taken.taken = PartsTaken{link, 7, {"1", {}}};
    record(taken);
    record(change(message, Code::none));
    EXPECT_EQ(row(message).taken, std::nullopt);
}

TEST_F(RecordRules, AStepAloneChangesNothingElse)
{
    NewMessage message = accepted();
    Change step = change(message, Code::none);
    step.why = "by other, since carrier slow keeps answering BUSY";
    step.is_only_step = true;
    record(step);
    EXPECT_EQ(last_step(message), step.why);
    EXPECT_EQ(row(message).queue, Queue::due);
    EXPECT_TRUE(row(message).refused_by.empty());
}

TEST_F(RecordRules, OfAMessageWhoseLifeIsOverNothingIsRecorded)
{
    submitted(text("never accepted"), {"1"});
    EXPECT_TRUE(effects.submitted.empty());
    EXPECT_TRUE(reported().empty());
}

}  // namespace

}  // namespace tidings::store::rules
