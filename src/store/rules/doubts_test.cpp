// SPDX-License-Identifier: Apache-2.0
#include "store/rules/doubts.hpp"

#include "support/carrier_facts.hpp"

namespace tidings::store::rules {

namespace {

using namespace tidings::test;

class DoubtRules : public CarrierRulesTest {
protected:
    NewMessage in_doubt()
    {
        NewMessage message = text();
        accept(message);
        doubt(message);
        return message;
    }
    void doubt(const NewMessage& message)
    {
        AddDoubts item(link, {{.key = key(message), .source = our_number, .destination = handset}});
        carry_out(item);
    }
    bool has_ended(const NewMessage& message)
    {
        OpenDoubts item(link, {key(message)});
        return carry_out(item).result.empty();
    }
    void give_up_after(std::chrono::milliseconds time)
    {
        clock.advance(time);
        give_up_receipts();
    }
};

TEST_F(DoubtRules, AReceiptWithItsNumbersSettlesADoubt)
{
    NewMessage message = in_doubt();
    EXPECT_EQ(last_step(message), "in doubt on carrier");
    receive({receipt("1", Code::enroute_at_carrier), receipt("1", Code::delivered)});
    EXPECT_TRUE(has_ended(message));
    EXPECT_EQ(reported(), (std::vector{Code::submitted, Code::enroute_at_carrier, Code::delivered}));
    EXPECT_EQ(parked(), 0u);
}

TEST_F(DoubtRules, WithoutAReceiptItIsToBeSentAgain)
{
    NewMessage message = in_doubt();
    EXPECT_FALSE(has_ended(message));
    EXPECT_EQ(status(message), Status::enroute);
}

TEST_F(DoubtRules, WhatIsNoLongerOnItsWayIsSettled)
{
    NewMessage message = in_doubt();
    submitted(message, {"1"});
    EXPECT_TRUE(has_ended(message));
    EXPECT_TRUE(has_ended(text("of which nobody knows any more")));
}

TEST_F(DoubtRules, TheIdThatSettledItFindsTheMessageFromThenOn)
{
    NewMessage message = in_doubt();
    receive("1", Code::enroute_at_carrier);
    EXPECT_TRUE(has_ended(message));
    receive("1", Code::delivered);
    EXPECT_EQ(status(message), Status::delivered);
}

TEST_F(DoubtRules, AReceiptSettlesADoubtInTheBatchInWhichItComes)
{
    NewMessage message = in_doubt();
    Receipts receipts(link, {receipt("1", Code::delivered)});
    OpenDoubts doubts(link, {key(message)});
    carry_out_together({&receipts, &doubts});
    EXPECT_TRUE(doubts.result.empty());
    EXPECT_EQ(status(message), Status::delivered);
    EXPECT_EQ(parked(), 0u);
}

TEST_F(DoubtRules, OfTwoInDoubtNobodyKnowsWhichIsMeant)
{
    NewMessage one = in_doubt(), two = in_doubt();
    receive("1", Code::delivered);
    EXPECT_FALSE(has_ended(one));
    give_up_after(10min);
    EXPECT_EQ(status(one), Status::enroute);
    EXPECT_EQ(status(two), Status::enroute);
    EXPECT_EQ(unmatched(), 1u);
}

TEST_F(DoubtRules, AReceiptWithOtherNumbersOrOfAnotherLinkSettlesNothing)
{
    NewMessage message = in_doubt();
    Receipt elsewhere = receipt("1", Code::delivered);
    elsewhere.destination = "61491570157";
    receive({elsewhere});
    Receipts of_another_link(LinkKey{2}, {receipt("2", Code::delivered)});
    carry_out(of_another_link);
    EXPECT_FALSE(has_ended(message));
    give_up_after(10min);
    EXPECT_EQ(unmatched(), 2u);
}

TEST_F(DoubtRules, MoreIdsThanItWasInDoubtSettleNothing)
{
    NewMessage message = in_doubt();
    receive({receipt("1", Code::delivered), receipt("2", Code::delivered)});
    EXPECT_FALSE(has_ended(message));
    EXPECT_EQ(parked(), 2u);
}

TEST_F(DoubtRules, AsManyIdsAsItWasInDoubtSettleIt)
{
    NewMessage message = in_doubt();
    doubt(message);
    receive({receipt("1", Code::enroute_at_carrier), receipt("2", Code::enroute_at_carrier)});
    EXPECT_TRUE(has_ended(message));
    EXPECT_EQ(code(message), Code::enroute_at_carrier);
    EXPECT_EQ(parked(), 0u);
}

TEST_F(DoubtRules, WhatWaitsUnderTheIdGoesAlongWhateverItsNumbers)
{
    NewMessage message = in_doubt();
    Receipt written_otherwise = receipt("1", Code::delivered);
    written_otherwise.source = "110";
    receive({receipt("1", Code::enroute_at_carrier), written_otherwise});
    EXPECT_TRUE(has_ended(message));
    EXPECT_EQ(status(message), Status::delivered);
    EXPECT_EQ(parked(), 0u);
}

TEST_F(DoubtRules, AReceiptThatWaitedLongEnoughFitsADoubt)
{
    NewMessage message = in_doubt();
    receive("1", Code::delivered);
    give_up_after(10min);
    EXPECT_EQ(status(message), Status::delivered);
    EXPECT_EQ(unmatched(), 0u);
}

TEST_F(DoubtRules, ALostIdFindsTheMessageThatWasSentAgainForDays)
{
    NewMessage message = in_doubt();
    EXPECT_FALSE(has_ended(message));
    submitted(message, {"2"});
    receive("1", Code::enroute_at_carrier);
    give_up_after(10min);
    EXPECT_EQ(code(message), Code::enroute_at_carrier);
    clock.advance(std::chrono::days(2));
    receive("1", Code::delivered);
    give_up_after(10min);
    EXPECT_EQ(status(message), Status::delivered);
    EXPECT_EQ(unmatched(), 0u);
}

TEST_F(DoubtRules, WhatEndedBeforeItLeftTakesItsReceiptsAlong)
{
    NewMessage message = in_doubt();
    record(change(message, Code::expired_before_submission));
    receive("1", Code::delivered);
    give_up_after(10min);
    EXPECT_EQ(status(message), Status::expired);
    EXPECT_EQ(parked(), 0u);
    EXPECT_EQ(unmatched(), 0u);
}

}  // namespace

}  // namespace tidings::store::rules
