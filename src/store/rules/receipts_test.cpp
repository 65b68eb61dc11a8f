// SPDX-License-Identifier: Apache-2.0
#include "store/rules/receipts.hpp"

#include "support/carrier_facts.hpp"

namespace tidings::store::rules {

namespace {

using namespace tidings::test;
using State = ParkedReceipt::State;

class ReceiptRules : public CarrierRulesTest {
protected:
    using CarrierRulesTest::receive;
    void receive_unknown(const std::string& carrier_id)
    {
        Receipt unknown = receipt(carrier_id, Code::undeliverable);
        unknown.provisional = true;
        receive({unknown});
    }
    void wait(std::chrono::milliseconds time)
    {
        clock.advance(time);
        reach_verdicts();
    }
    NewMessage text_to(const std::string& number)
    {
        NewMessage message = text(number);
        message.submission.destination = "+" + number;
        return message;
    }
};

// ---- whose it is

TEST_F(ReceiptRules, AReceiptMovesTheMessageThatHasItsIdAndIsTold)
{
    NewMessage message = submit({"1"});
    clock.advance(3s);
    receive("1", Code::delivered);
    EXPECT_EQ(status(message), Status::delivered);
    EXPECT_EQ(reported(), std::vector{Code::delivered});
    EXPECT_EQ(effects.reports[0].changed_at, clock.now());
    EXPECT_EQ(last_step(message), "receipt for 1");
}

TEST_F(ReceiptRules, OneThatIsFasterThanTheResponseWaitsForIt)
{
    NewMessage message = text();
    accept(message);
    receive("1", Code::enroute_at_carrier);
    receive("1", Code::delivered);
    EXPECT_EQ(parked(), 2u);
    submitted(message, {"1"});
    EXPECT_EQ(reported(), (std::vector{Code::submitted, Code::enroute_at_carrier, Code::delivered}));
    EXPECT_EQ(parked(), 0u);
}

TEST_F(ReceiptRules, ARecordAndItsReceiptMeetInOneBatchWhicheverComesFirst)
{
    NewMessage one = text("1"), two = text("2");
    accept({one, two});
    Record record_one({change(one, Code::submitted, {"1"})}),
        record_two({change(two, Code::submitted, {"2"})});
    Receipts receipts(link, {receipt("1", Code::delivered), receipt("2", Code::delivered)});
    carry_out_together({&record_one, &receipts, &record_two});
    EXPECT_EQ(status(one), Status::delivered);
    EXPECT_EQ(status(two), Status::delivered);
    EXPECT_EQ(parked(), 0u) << "and nothing was ever written of it";
}

TEST_F(ReceiptRules, OneThatComesAgainChangesNothing)
{
    NewMessage message = submit({"1"});
    receive("1", Code::delivered);
    row(message).unsaved = {};
    receive({receipt("1", Code::delivered), receipt("1", Code::undeliverable)});
    EXPECT_TRUE(reported().empty());
    EXPECT_FALSE(row(message).unsaved.any());
    EXPECT_EQ(status(message), Status::delivered);
}

TEST_F(ReceiptRules, OfTwoMessagesWithOneIdTheNewestIsMeant)
{
    NewMessage old = submit({"1"});
    clock.advance(std::chrono::days(20));
    NewMessage fresh = submit({"1"});
    receive("1", Code::delivered);
    EXPECT_EQ(status(old), Status::submitted);
    EXPECT_EQ(status(fresh), Status::delivered);
}

TEST_F(ReceiptRules, OfTwoMessagesWithOneIdTheReceiptsDestinationDecidesFirst)
{
    NewMessage old = submit({"1"});
    clock.advance(1h);
    NewMessage elsewhere = submit(text_to("61491570157"), {"1"});
    receive("1", Code::delivered);
    EXPECT_EQ(status(old), Status::delivered);
    EXPECT_EQ(status(elsewhere), Status::submitted);
}

TEST_F(ReceiptRules, OfACarrierWithOneIdForAllTheNumbersTell)
{
    NewMessage message = submit({""});
    for (int i = 0; i < 20; ++i) {
        clock.advance(1min);
        submit(text_to("614915702" + std::to_string(10 + i)), {""});
    }
    receive("", Code::delivered);
    EXPECT_EQ(status(message), Status::delivered);
}

TEST_F(ReceiptRules, AReceiptThatNamesAnotherHandsetIsNotTheMessagesThoughItHasItsId)
{
    NewMessage message = submit({"0"});
    Receipt other = receipt("0", Code::delivered);
    other.destination = "61491570999";
    receive({other});
    EXPECT_EQ(status(message), Status::submitted);
    EXPECT_EQ(parked(), 1u);
    submit(text_to("61491570999"), {"0"});
    EXPECT_EQ(parked(), 0u);
    EXPECT_EQ(reported(), (std::vector{Code::submitted, Code::delivered}));
}

TEST_F(ReceiptRules, OneThatWasFasterThanItsResponseIsNotGivenToAnotherHandsetWithItsId)
{
    receive("0", Code::delivered);
    NewMessage elsewhere = submit(text_to("61491570157"), {"0"});
    EXPECT_EQ(status(elsewhere), Status::submitted);
    EXPECT_EQ(status(submit({"0"})), Status::delivered);
}

TEST_F(ReceiptRules, NumbersMayBeWrittenInOtherFormsOrTheOtherWayRound)
{
    for (const char* handset_form : {"0491570156", "491570156", "001161491570156", "", "12345", "Carrier"}) {
        NewMessage message = submit({handset_form + std::string("x")});
        Receipt written = receipt(handset_form + std::string("x"), Code::delivered);
        written.destination = handset_form;
        receive({written});
        EXPECT_EQ(status(message), Status::delivered) << handset_form;
    }
    NewMessage message = submit({"1"});
    Receipt as_submitted = receipt("1", Code::delivered);
    std::swap(as_submitted.source, as_submitted.destination);
    receive({as_submitted});
    EXPECT_EQ(status(message), Status::delivered);
}

TEST_F(ReceiptRules, WhereNumbersSayNothingTheOnlyMessageThatStillWaitsIsMeant)
{
    Receipt bare = receipt("1", Code::delivered);
    bare.source = bare.destination = "";
    NewMessage old = submit({"1"});
    receive({bare});
    EXPECT_EQ(status(old), Status::delivered);
    NewMessage fresh = submit(text_to("61491570157"), {"1"});
    receive({bare});
    EXPECT_EQ(status(fresh), Status::delivered);
    NewMessage one = submit({"1"}), other = submit(text_to("61491570157"), {"1"});
    receive({bare});
    EXPECT_EQ(status(one), Status::submitted);
    EXPECT_EQ(status(other), Status::submitted);
}

// ---- receipts without an id

TEST_F(ReceiptRules, WithoutAnIdTheNumbersTellWhoseItIs)
{
    for (const char* carrier_id : {"", "17"}) {
        NewMessage message = submit({carrier_id}), elsewhere = submit(text_to("61491570157"), {carrier_id});
        receive("", Code::delivered);
        EXPECT_EQ(status(message), Status::delivered);
        EXPECT_EQ(status(elsewhere), Status::submitted);
        EXPECT_EQ(last_step(message), "receipt without an id");
    }
}

TEST_F(ReceiptRules, OfTwoMessagesThatWaitNoneGetsAReceiptWithoutAnId)
{
    NewMessage one = submit({""}), two = submit({""});
    receive("", Code::delivered);
    EXPECT_EQ(status(one), Status::submitted);
    EXPECT_EQ(status(two), Status::submitted);
    clock.advance(10min);
    give_up_receipts();
    EXPECT_EQ(unmatched(), 1u);
    ASSERT_EQ(effects.log.size(), 1u);
    EXPECT_EQ(effects.log[0].text,
              "receipt without an id from 61491…156 fits no message, or more than one; kept as unmatched");
}

TEST_F(ReceiptRules, OneThatHasItsReceiptIsInNobodysWay)
{
    NewMessage first = submit({""});
    receive("", Code::delivered);
    NewMessage second = submit({""});
    receive("", Code::undeliverable);
    EXPECT_EQ(status(first), Status::delivered);
    EXPECT_EQ(status(second), Status::failed);
}

TEST_F(ReceiptRules, OneThatALinkStillHasInHandMayBeMeantAsWell)
{
    NewMessage sent = submit({""}), in_hand = text();
    accept(in_hand);
    take(in_hand);
    receive("", Code::delivered);
    EXPECT_EQ(status(sent), Status::submitted);
    EXPECT_EQ(parked(), 1u);
}

TEST_F(ReceiptRules, WithoutAnIdItMayBeFasterThanTheResponse)
{
    NewMessage message = text(), elsewhere = text_to("61491570157");
    accept({message, elsewhere});
    take(message);
    receive("", Code::delivered);
    submitted(elsewhere, {""});
    EXPECT_EQ(status(elsewhere), Status::submitted);
    submitted(message, {""});
    EXPECT_EQ(status(message), Status::delivered);
    EXPECT_EQ(parked(), 0u);
}

TEST_F(ReceiptRules, WhatCameBeforeAMessageWasDueIsNotItsReceipt)
{
    submit({""});
    submit({""});
    receive("", Code::delivered);
    receive({receipt("", Code::delivered)});
    clock.advance(1s);
    for (auto& row : facts.messages.rows()) row.progress.status = Status::delivered;
    EXPECT_EQ(status(submit({""})), Status::submitted);
}

TEST_F(ReceiptRules, ManyWithoutAnIdWaitSinceTheyAreOfDifferentMessages)
{
    limits.parked_with_one_id = 2;
    limits.parked_without_id = 5;
    for (int i = 0; i < 7; ++i) receive("", Code::delivered);
    EXPECT_EQ(parked(), 5u);
    EXPECT_EQ(parked(State::dropped), 2u);
}

TEST_F(ReceiptRules, OnAnotherLinkItIsAnotherMessages)
{
    NewMessage message = submit({""});
    Receipts elsewhere(LinkKey{2}, {receipt("", Code::delivered)});
    carry_out(elsewhere);
    EXPECT_EQ(status(message), Status::submitted);
}

// ---- receipts that name two ids, or say what nobody knows

TEST_F(ReceiptRules, TheSecondIdCountsWhereNobodyHasTheFirst)
{
    NewMessage message = submit({"2"});
    Receipt two = receipt("1", Code::delivered);
    two.other_id = "2";
    receive({two});
    EXPECT_EQ(status(message), Status::delivered);
    EXPECT_EQ(last_step(message), "receipt for 2");
}

TEST_F(ReceiptRules, TheSecondIdIsTriedOnceMoreBeforeItIsGivenUp)
{
    Receipt two = receipt("1", Code::delivered);
    two.other_id = "2";
    receive({two});
    NewMessage message = submit({"2"});
    EXPECT_EQ(status(message), Status::submitted);
    clock.advance(10min);
    give_up_receipts();
    EXPECT_EQ(status(message), Status::delivered);
    EXPECT_EQ(unmatched(), 0u);
}

TEST_F(ReceiptRules, AWordThatNobodyKnowsIsOnlyAStep)
{
    NewMessage message = submit({"1"});
    Receipt unknown = receipt("1", Code::none);
    unknown.word = "PARKED";
    receive({unknown});
    EXPECT_EQ(code(message), Code::submitted);
    EXPECT_TRUE(reported().empty());
    EXPECT_EQ(last_step(message), "receipt for 1: PARKED, which nobody knows");
    receive("1", Code::none);
    EXPECT_EQ(last_step(message), "receipt for 1: nothing of a status");
    receive("1", Code::delivered);
    EXPECT_EQ(status(message), Status::delivered);
}

TEST_F(ReceiptRules, AMessageThatIsSentAgainAnswersToItsLastIdsOnly)
{
    NewMessage message = submit({"1"});
    submitted(message, {"2"});
    receive("1", Code::delivered);
    EXPECT_EQ(status(message), Status::submitted);
    EXPECT_EQ(parked(), 1u);
    receive("2", Code::delivered);
    EXPECT_EQ(status(message), Status::delivered);
}

// ---- what fits nothing

TEST_F(ReceiptRules, OneThatFitsNothingIsGivenUpAfterTenMinutesAndKept)
{
    receive("1", Code::delivered);
    clock.advance(10min - 1ms);
    give_up_receipts();
    EXPECT_EQ(unmatched(), 0u);
    clock.advance(1ms);
    give_up_receipts();
    EXPECT_EQ(unmatched(), 1u);
    ASSERT_EQ(effects.log.size(), 1u);
    EXPECT_EQ(effects.log[0].text, "receipt 1 from 61491…156 fits no message; kept as unmatched");
    EXPECT_EQ(status(submit({"1"})), Status::submitted) << "too late";
}

TEST_F(ReceiptRules, OfManyWithOneUnknownIdTheNewestWait)
{
    limits.parked_with_one_id = 2;
    receive(
        {receipt("1", Code::enroute_at_carrier), receipt("1", Code::pending), receipt("1", Code::accepted)});
    EXPECT_EQ(parked(), 2u);
    EXPECT_EQ(std::ranges::count(facts.parked.rows(), State::dropped, &ParkedReceipt::state), 1);
    receive("1", Code::delivered);
    EXPECT_EQ(parked(), 2u);
    EXPECT_EQ(parked(State::dropped), 1u);
    EXPECT_EQ(status(submit({"1"})), Status::delivered);
}

TEST_F(ReceiptRules, ItWaitsOnTheScaleOfOurOwnPauses)
{
    pause_shift = 1h;  // somebody set the clock back
    receive("1", Code::delivered);
    EXPECT_EQ(facts.parked.rows().at(0).arrived_at, clock.now() + 1h);
}

// ---- messages in parts

TEST_F(ReceiptRules, AMessageIsDeliveredWhenAllItsPartsAre)
{
    NewMessage message = submit({"1", "2", "3"});
    receive({receipt("2", Code::delivered), receipt("1", Code::delivered)});
    EXPECT_EQ(status(message), Status::submitted);
    receive("3", Code::delivered);
    EXPECT_EQ(status(message), Status::delivered);
}

TEST_F(ReceiptRules, WhereAllPartsHaveOneIdItsReceiptIsThatOfAll)
{
    for (const char* carrier_id : {"1", ""}) {
        NewMessage message = submit({carrier_id, carrier_id, carrier_id});
        receive(carrier_id, Code::delivered);
        EXPECT_EQ(status(message), Status::delivered);
        receive({receipt(carrier_id, Code::delivered), receipt(carrier_id, Code::undeliverable)});
        EXPECT_EQ(status(message), Status::delivered);
    }
    clock.advance(1s);
    NewMessage unknown = submit({"7", "7"});
    receive_unknown("7");
    wait(24h);
    EXPECT_EQ(code(unknown), Code::undeliverable);
}

TEST_F(ReceiptRules, ReceiptsWithoutAnIdAreThoseOfPartsInTurn)
{
    NewMessage message = submit({"1", "2"});
    receive("", Code::delivered);
    EXPECT_EQ(status(message), Status::submitted);
    receive("", Code::delivered);
    EXPECT_EQ(status(message), Status::delivered);
}

TEST_F(ReceiptRules, APartThatFailedFailsTheMessageOnceAllAreFinal)
{
    NewMessage message = submit({"1", "2"});
    receive("1", Code::unreachable);
    EXPECT_EQ(row(message).queue, Queue::verdict);
    receive("2", Code::delivered);
    EXPECT_EQ(code(message), Code::unreachable);
    EXPECT_FALSE(row(message).queue);
}

TEST_F(ReceiptRules, APartThatFailedFailsTheMessageAfterAMinute)
{
    NewMessage message = submit({"1", "2"});
    receive("1", Code::undeliverable);
    wait(59s);
    EXPECT_EQ(status(message), Status::submitted);
    wait(1s);
    EXPECT_EQ(code(message), Code::undeliverable);
    EXPECT_EQ(last_step(message), "waited long enough");
}

TEST_F(ReceiptRules, AnUnknownPartDoesNotPutOffAFailure)
{
    NewMessage message = submit({"1", "2"});
    receive("1", Code::undeliverable);
    receive_unknown("2");
    wait(60s);
    EXPECT_EQ(status(message), Status::failed);
}

TEST_F(ReceiptRules, AMessageOnItsWayOnceMoreWaitsForNoVerdict)
{
    NewMessage message = submit({"1", "2"});
    record(change(message, Code::rerouting));
    record(change(message, Code::none));
    receive("1", Code::undeliverable);
    EXPECT_EQ(row(message).queue, Queue::due);
}

// ---- provisional receipts, and late ones

TEST_F(ReceiptRules, UnknownBecomesUndeliverableAfterADay)
{
    NewMessage message = submit({"1"});
    receive_unknown("1");
    wait(12h);
    receive_unknown("1");
    wait(12h - 1ms);
    EXPECT_EQ(status(message), Status::submitted);
    wait(1ms);
    EXPECT_EQ(code(message), Code::undeliverable);
}

TEST_F(ReceiptRules, SomethingBetterReplacesUnknown)
{
    NewMessage message = submit({"1"});
    receive_unknown("1");
    wait(23h);
    receive("1", Code::delivered);
    receive_unknown("1");
    wait(48h);
    EXPECT_EQ(status(message), Status::delivered);
}

TEST_F(ReceiptRules, ALateDeliveryCorrectsAFailureForThreeDays)
{
    NewMessage message = submit({"1"}), other = submit({"2"});
    receive({receipt("1", Code::undeliverable), receipt("2", Code::expired_at_carrier)});
    clock.advance(71h);
    receive("1", Code::delivered);
    EXPECT_EQ(status(message), Status::delivered);
    receive("1", Code::undeliverable);
    EXPECT_EQ(status(message), Status::delivered);
    clock.advance(2h);
    receive("2", Code::delivered);
    EXPECT_EQ(status(other), Status::expired);
}

}  // namespace

}  // namespace tidings::store::rules
