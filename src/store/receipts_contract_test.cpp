// SPDX-License-Identifier: Apache-2.0
#include "support/store_contract.hpp"

namespace tidings::test {

namespace {

class ReceiptStore : public StoreContract {
protected:
    store::NewMessage in_doubt(const std::string& content)
    {
        store::NewMessage message = text(content);
        accept(message);
        run(store->take_due(1));
        run(store->add_doubts(link, {doubt(message)}));
        return message;
    }
    store::Doubt doubt(const store::NewMessage& message) const
    {
        return {.key = key(message), .source = "61491570110", .destination = "61491570156"};
    }
    std::vector<store::MessageKey> open(const store::NewMessage& message)
    {
        return run(store->open_doubts(link, {key(message)}));
    }
    std::uint64_t unmatched() { return run(store->counts()).unmatched_receipts; }
    void receive_unknown(const std::string& carrier_id)
    {
        store::Receipt unknown = receipt(carrier_id, Code::undeliverable);
        unknown.provisional = true;
        receive(unknown);
    }
};

TEST_P(ReceiptStore, TellsEachStepInOrder)
{
    store::NewMessage message = submit(text("a"), {"1"});
    EXPECT_EQ(status(message), Status::submitted);
    clock.advance(3s);
    receive("1", Code::delivered);
    EXPECT_EQ(status(message), Status::delivered);
    EXPECT_EQ(codes(), (Codes{Code::processing, Code::submitted, Code::delivered}));
    auto reports = run(store->reports(account));
    EXPECT_EQ(reports[2].changed_at, clock.now());
    EXPECT_LT(reports[1].id, reports[2].id);
}

TEST_P(ReceiptStore, FindsItsMessageAfterARestart)
{
    store::NewMessage message = submit(text("a"), {"1"});
    restart();
    receive("1", Code::delivered);
    EXPECT_EQ(status(message), Status::delivered);
}

TEST_P(ReceiptStore, DeliveredAgainAddsNothing)
{
    submit(text("a"), {"1"});
    for (int i = 0; i < 3; ++i) receive("1", Code::delivered);
    receive("1", Code::undeliverable);
    EXPECT_EQ(codes(), (Codes{Code::processing, Code::submitted, Code::delivered}));
    wait(11min);
    EXPECT_EQ(unmatched(), 0u);
}

TEST_P(ReceiptStore, MayComeBeforeTheResponse)
{
    store::NewMessage message = text("a");
    accept(message);
    run(store->take_due(1));
    receive("1", Code::enroute_at_carrier);
    receive("1", Code::delivered);
    restart();
    submitted(message, {"1"});
    EXPECT_EQ(codes(), (Codes{Code::processing, Code::submitted, Code::enroute_at_carrier, Code::delivered}));
    wait(11min);
    EXPECT_EQ(unmatched(), 0u);
}

TEST_P(ReceiptStore, OfAnotherLinkIsAnotherMessages)
{
    auto other = run(store->open_links({"carrier", "other"}))[1];
    store::NewMessage message = submit(text("a"), {"1"});
    run(store->add_receipts(other, {receipt("1", Code::delivered)}));
    EXPECT_EQ(status(message), Status::submitted);
}

TEST_P(ReceiptStore, WithoutAMessageIsGivenUpAfterTenMinutesAndKept)
{
    receive("1", Code::delivered);
    wait(10min - 1ms);
    EXPECT_EQ(unmatched(), 0u);
    wait(1ms);
    EXPECT_EQ(unmatched(), 1u);
    submit(text("a"), {"1"});
    EXPECT_EQ(codes(), (Codes{Code::processing, Code::submitted}));
    restart();
    EXPECT_EQ(unmatched(), 1u);
}

TEST_P(ReceiptStore, GivenUpLeavesALaterOneOfTheSameIdInPlace)
{
    receive("1", Code::enroute_at_carrier);
    clock.advance(6min);
    receive("1", Code::delivered);
    wait(6min);
    EXPECT_EQ(unmatched(), 1u);
    store::NewMessage message = submit(text("a"), {"1"});
    EXPECT_EQ(status(message), Status::delivered);
}

TEST_P(ReceiptStore, ThatNamesAnotherHandsetIsNotTheMessagesThatHasItsId)
{
    store::NewMessage message = submit(text("a"), {"0"});
    store::Receipt other = receipt("0", Code::delivered);
    other.destination = "61491570999";
    receive(other);
    EXPECT_EQ(status(message), Status::submitted);
    receive("0", Code::delivered);
    EXPECT_EQ(status(message), Status::delivered);
    wait(11min);
    EXPECT_EQ(unmatched(), 1u);
}

TEST_P(ReceiptStore, WithoutAnIdIsNobodysOfTwo)
{
    store::NewMessage one = submit(text("a"), {""}), two = submit(text("b"), {""});
    receive("", Code::delivered);
    restart();
    wait(11min);
    EXPECT_EQ(status(one), Status::submitted);
    EXPECT_EQ(status(two), Status::submitted);
    EXPECT_EQ(unmatched(), 1u);
}

TEST_P(ReceiptStore, ThatIsParkedKeepsItsSecondIdAndItsWord)
{
    store::Receipt two_ids = receipt("1", Code::delivered);
    two_ids.other_id = "2";
    receive(two_ids);
    store::Receipt unknown = receipt("3", Code::none);
    unknown.word = "PARKED";
    receive(unknown);
    restart();
    store::NewMessage message = submit(text("a"), {"2"}), other = submit(text("b"), {"3"});
    EXPECT_EQ(run(store->trace(other.id)).value().steps.back().what,
              "receipt for 3: PARKED, which nobody knows");
    wait(11min);
    EXPECT_EQ(status(message), Status::delivered);
    EXPECT_EQ(unmatched(), 0u);
}

TEST_P(ReceiptStore, OfAnIdThatTheCarrierGaveAgainBelongsToTheNewest)
{
    store::NewMessage old = submit(text("old"), {"1"});
    clock.advance(1h);
    store::NewMessage fresh = submit(text("new"), {"1"});
    receive("1", Code::delivered);
    EXPECT_EQ(status(old), Status::submitted);
    EXPECT_EQ(status(fresh), Status::delivered);
}

TEST_P(ReceiptStore, SettlesADoubt)
{
    store::NewMessage message = in_doubt("a");
    receive("1", Code::enroute_at_carrier);
    receive("1", Code::delivered);
    EXPECT_TRUE(open(message).empty());
    EXPECT_EQ(codes(), (Codes{Code::processing, Code::submitted, Code::enroute_at_carrier, Code::delivered}));
    restart();
    expect_nothing_due();
    wait(11min);
    EXPECT_EQ(unmatched(), 0u);
}

TEST_P(ReceiptStore, WithTheIdOfASettledDoubtFindsItsMessage)
{
    store::NewMessage message = in_doubt("a");
    receive("1", Code::enroute_at_carrier);
    EXPECT_TRUE(open(message).empty());
    EXPECT_TRUE(open(message).empty());
    restart();
    receive("1", Code::delivered);
    EXPECT_EQ(status(message), Status::delivered);
}

TEST_P(ReceiptStore, DoubtWithoutAReceiptIsToBeSentAgain)
{
    store::NewMessage message = in_doubt("a");
    EXPECT_EQ(open(message), std::vector{key(message)});
    EXPECT_EQ(status(message), Status::enroute);
    restart();
    EXPECT_EQ(take_due(1), std::vector<std::string>{"a"});
}

TEST_P(ReceiptStore, FitsADoubtAfterTenMinutes)
{
    store::NewMessage message = in_doubt("a");
    restart();
    receive("1", Code::delivered);
    wait(10min);
    EXPECT_EQ(status(message), Status::delivered);
    EXPECT_EQ(unmatched(), 0u);
}

TEST_P(ReceiptStore, FitsNoneOfTwoDoubts)
{
    store::NewMessage first = in_doubt("1"), second = in_doubt("2");
    receive("1", Code::delivered);
    EXPECT_EQ(open(first).size(), 1u);
    wait(10min);
    EXPECT_EQ(status(first), Status::enroute);
    EXPECT_EQ(status(second), Status::enroute);
    EXPECT_EQ(unmatched(), 1u);
}

TEST_P(ReceiptStore, FitsOnlyADoubtWithItsNumbersAndLink)
{
    store::NewMessage message = in_doubt("a");
    store::Receipt elsewhere = receipt("1", Code::delivered);
    elsewhere.destination = "61491570157";
    receive(elsewhere);
    auto other = run(store->open_links({"carrier", "other"}))[1];
    run(store->add_receipts(other, {receipt("2", Code::delivered)}));
    EXPECT_EQ(open(message).size(), 1u);
    wait(10min);
    EXPECT_EQ(status(message), Status::enroute);
    EXPECT_EQ(unmatched(), 2u);
}

TEST_P(ReceiptStore, OfALostIdFindsTheMessageThatWasSentAgain)
{
    store::NewMessage message = in_doubt("a");
    EXPECT_EQ(open(message).size(), 1u);
    submitted(message, {"2"});
    receive("1", Code::enroute_at_carrier);
    wait(10min);
    receive("1", Code::delivered);
    wait(10min);
    EXPECT_EQ(status(message), Status::delivered);
    EXPECT_EQ(unmatched(), 0u);
}

TEST_P(ReceiptStore, MayHaveAsManyIdsAsTheMessageWasInDoubt)
{
    store::NewMessage message = in_doubt("a");
    run(store->add_doubts(link, {doubt(message)}));
    receive("1", Code::enroute_at_carrier);
    receive("2", Code::enroute_at_carrier);
    EXPECT_TRUE(open(message).empty());
    receive("1", Code::delivered);
    wait(10min);
    EXPECT_EQ(status(message), Status::delivered);
    EXPECT_EQ(unmatched(), 0u);
}

TEST_P(ReceiptStore, FitsNoDoubtWithMoreIdsThanItExplains)
{
    store::NewMessage message = in_doubt("a");
    receive("1", Code::delivered);
    receive("2", Code::delivered);
    EXPECT_EQ(open(message).size(), 1u);
}

TEST_P(ReceiptStore, IdsAreWrittenAsWasLearntOfTheLink)
{
    EXPECT_FALSE(run(store->receipt_form(link)));
    run(store->set_receipt_form(link, message::IdForm::decimal));
    restart();
    EXPECT_EQ(run(store->receipt_form(link)), message::IdForm::decimal);
    auto other = run(store->open_links({"carrier", "other"}))[1];
    EXPECT_FALSE(run(store->receipt_form(other)));
}

TEST_P(ReceiptStore, DoubtsAreForgottenAfterThreeDays)
{
    in_doubt("old");
    wait(72h);
    store::NewMessage message = in_doubt("new");
    receive("1", Code::delivered);
    EXPECT_TRUE(open(message).empty());
    EXPECT_EQ(status(message), Status::delivered);
}

TEST_P(ReceiptStore, AllPartsDeliveredMakeTheMessageDelivered)
{
    store::NewMessage message = submit(text("a"), {"1", "2", "3"});
    receive("2", Code::delivered);
    receive("1", Code::delivered);
    EXPECT_EQ(status(message), Status::submitted);
    receive("3", Code::delivered);
    EXPECT_EQ(codes(), (Codes{Code::processing, Code::submitted, Code::delivered}));
}

TEST_P(ReceiptStore, APartThatFailedFailsTheMessageOnceAllAreFinal)
{
    store::NewMessage message = submit(text("a"), {"1", "2"});
    receive("1", Code::unreachable);
    EXPECT_EQ(status(message), Status::submitted);
    receive("2", Code::delivered);
    EXPECT_EQ(codes(), (Codes{Code::processing, Code::submitted, Code::unreachable}));
    wait(2min);
    EXPECT_EQ(codes().size(), 3u);
}

TEST_P(ReceiptStore, APartThatFailedFailsTheMessageAfterAMinute)
{
    store::NewMessage message = submit(text("a"), {"1", "2"});
    receive("1", Code::undeliverable);
    wait(59s);
    restart();
    EXPECT_EQ(status(message), Status::submitted);
    wait(1s);
    EXPECT_EQ(codes(), (Codes{Code::processing, Code::submitted, Code::undeliverable}));
}

TEST_P(ReceiptStore, AnUnknownPartDoesNotPutOffAFailure)
{
    store::NewMessage message = submit(text("a"), {"1", "2"});
    receive("1", Code::undeliverable);
    receive_unknown("2");
    wait(60s);
    EXPECT_EQ(status(message), Status::failed);
}

TEST_P(ReceiptStore, UnknownBecomesUndeliverableAfterADay)
{
    store::NewMessage message = submit(text("a"), {"1"});
    receive_unknown("1");
    wait(12h);
    receive_unknown("1");
    EXPECT_EQ(status(message), Status::submitted);
    restart();
    wait(12h);
    EXPECT_EQ(codes(), (Codes{Code::processing, Code::submitted, Code::undeliverable}));
}

TEST_P(ReceiptStore, SomethingBetterReplacesUnknown)
{
    store::NewMessage message = submit(text("a"), {"1"});
    receive_unknown("1");
    wait(23h);
    receive("1", Code::delivered);
    receive_unknown("1");
    wait(48h);
    EXPECT_EQ(codes(), (Codes{Code::processing, Code::submitted, Code::delivered}));
}

TEST_P(ReceiptStore, ALateDeliveryCorrectsAFailure)
{
    store::NewMessage message = submit(text("a"), {"1"});
    receive("1", Code::undeliverable);
    EXPECT_EQ(status(message), Status::failed);
    clock.advance(71h);
    receive("1", Code::delivered);
    EXPECT_EQ(status(message), Status::delivered);
    receive("1", Code::undeliverable);
    EXPECT_EQ(codes(), (Codes{Code::processing, Code::submitted, Code::undeliverable, Code::delivered}));
}

TEST_P(ReceiptStore, ADeliveryThatIsTooLateChangesNothing)
{
    store::NewMessage message = submit(text("a"), {"1"});
    receive("1", Code::expired_at_carrier);
    clock.advance(73h);
    receive("1", Code::delivered);
    EXPECT_EQ(status(message), Status::expired);
}

TEST_P(ReceiptStore, ManyInOneCall)
{
    std::vector<store::NewMessage> messages;
    std::vector<store::Change> changes;
    std::vector<store::Receipt> receipts;
    for (int i = 0; i < 1'500; ++i) {
        messages.push_back(text(std::to_string(i)));
        messages.back().submission.delivery_report = false;
        auto& change = changes.emplace_back();
        change.key = key(messages.back());
        change.code = Code::submitted;
        change.link = link;
        change.carrier_ids = {std::to_string(i)};
        receipts.push_back(receipt(std::to_string(i), Code::delivered));
    }
    accept({messages.begin(), messages.begin() + 750});
    accept({messages.begin() + 750, messages.end()});
    run(store->record(changes));
    run(store->add_receipts(link, receipts));
    for (auto& message : messages) ASSERT_EQ(status(message), Status::delivered);
}

INSTANTIATE_TEST_SUITE_P(Store, ReceiptStore, testing::ValuesIn(store_kinds), name_of);

}  // namespace

}  // namespace tidings::test
