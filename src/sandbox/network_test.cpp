// SPDX-License-Identifier: Apache-2.0
#include "sandbox/network.hpp"

#include <gtest/gtest.h>

#include <set>
#include <sstream>

namespace tidings::sandbox {
namespace {

using namespace std::chrono_literals;

constexpr base::Time start{1'478'173'742'807ms};
const std::string handset = "61491570156";

smpp::ShortMessage submit(std::string text, std::uint8_t registered_delivery = 1)
{
    smpp::ShortMessage out;
    out.source = {1, 1, "61400000001"};
    out.destination = {1, 1, handset};
    out.registered_delivery = registered_delivery;
    out.short_message = std::move(text);
    return out;
}

smpp::ShortMessage submit_part(std::uint8_t sequence, std::string text)
{
    smpp::ShortMessage out = submit(text::udh8(7, 2, sequence) + text);
    out.esm_class = 0x40;
    return out;
}

Network opened()
{
    Network out;
    out.open(start);
    return out;
}

// What comes up from the journal of a carrier that was killed.
Network reborn(const std::string& journal, base::Time now = start)
{
    Network out;
    std::istringstream lines(journal);
    for (std::string line; std::getline(lines, line);) {
        if (line == journal_heading) continue;
        EXPECT_TRUE(out.restore(line)) << line;
    }
    out.open(now);
    return out;
}

TEST(Network, AcceptedMessageArrivesAndIsReceipted)
{
    Network network = opened();
    auto answer = network.accept(submit("Hello"), start);
    EXPECT_EQ(answer.status, 0u);
    Arrival expected{"+61400000001", handset, "Hello", start};
    EXPECT_EQ(network.inbox().messages(handset), std::vector{expected});
    ASSERT_EQ(network.owed().next_due(), start);
    EXPECT_EQ(network.owed().take().receipted_id, answer.message_id);
}

TEST(Network, ReceiptsComeOnlyWhenAskedFor)
{
    for (std::uint8_t wish : {0, 2}) {
        Network network = opened();
        network.accept(submit("Hello", wish), start);
        EXPECT_EQ(network.owed().size(), 0u) << int(wish);
    }
}

TEST(Network, EveryPartHasItsReceiptAndTheMessageArrivesOnce)
{
    Network network = opened();
    network.accept(submit_part(2, "world"), start);
    EXPECT_EQ(network.inbox().size(), 0u);
    network.accept(submit_part(1, "hello "), start);
    EXPECT_EQ(network.owed().size(), 2u);
    ASSERT_EQ(network.inbox().messages(handset).size(), 1u);
    EXPECT_EQ(network.inbox().messages(handset)[0].content, "hello world");
}

TEST(Network, FailedMessageDoesNotArrive)
{
    Network network = opened();
    network.set_behaviour(handset, {.outcome = Outcome::undeliverable, .err = "00C", .delay = 5s});
    network.accept(submit("Hello"), start);
    EXPECT_EQ(network.inbox().size(), 0u);
    EXPECT_EQ(network.owed().next_due(), start + 5s);
    const Delivery& receipt = network.owed().take();
    EXPECT_EQ(receipt.state, 5);
    EXPECT_NE(receipt.octets.find("stat:UNDELIV err:00C"), std::string::npos);
}

TEST(Network, HandsetMayRefuseKeepQuietOrReply)
{
    Network network = opened();
    network.set_behaviour(handset, {.submit_status = 0x58});
    EXPECT_EQ(network.accept(submit("Hello"), start).status, 0x58u);
    EXPECT_EQ(network.inbox().size(), 0u);

    network.set_behaviour(handset, {.receipt = false, .auto_reply = "STOP"});
    EXPECT_EQ(network.accept(submit("Hello"), start).status, 0u);
    ASSERT_EQ(network.owed().size(), 1u);
    const Delivery& reply = network.owed().take();
    EXPECT_EQ(reply.octets, "STOP");
    EXPECT_EQ(reply.source.number, handset);
    EXPECT_EQ(reply.destination.number, "61400000001");
}

std::vector<Delivery> all_owed(Network& network)
{
    std::vector<Delivery> out;
    while (network.owed().next_due()) out.push_back(network.owed().take());
    return out;
}

TEST(Network, HandsetMayRepeatItsReceiptAfterIntermediateOnes)
{
    Network network = opened();
    network.set_behaviour(
        handset,
        {.delay = 5s, .receipts = 2, .intermediate = {Intermediate::accepted, Intermediate::enroute}});
    auto answer = network.accept(submit("Hello"), start);
    auto owed = all_owed(network);
    ASSERT_EQ(owed.size(), 4u);
    const std::tuple<int, const char*, base::Time> expected[] = {
        {6, "stat:ACCEPTD err:000", start},
        {1, "stat:ENROUTE err:000", start},
        {2, "stat:DELIVRD err:000", start + 5s},
        {2, "stat:DELIVRD err:000", start + 5s},
    };
    for (std::size_t i = 0; i < owed.size(); ++i) {
        auto [state, text, due] = expected[i];
        EXPECT_EQ(owed[i].state, state);
        EXPECT_NE(owed[i].octets.find(text), std::string::npos) << owed[i].octets;
        EXPECT_EQ(owed[i].due, due);
        EXPECT_EQ(owed[i].esm_class, 0x04);
        EXPECT_EQ(owed[i].receipted_id, answer.message_id);
    }
    EXPECT_NE(owed[2].token, owed[3].token);
}

TEST(Network, IntermediateReceiptsAreNotificationsToThoseWhoAskedForThem)
{
    Network network = opened();
    network.set_behaviour(handset, {.receipt = false, .intermediate = {Intermediate::enroute}});
    network.accept(submit("Hello", 0x11), start);
    auto owed = all_owed(network);
    ASSERT_EQ(owed.size(), 1u);
    EXPECT_EQ(owed[0].esm_class, 0x20);
    network.accept(submit("Hello", 0), start);
    EXPECT_EQ(network.owed().next_due(), std::nullopt);
}

TEST(Network, ReceiptMayWriteTheIdInAnotherForm)
{
    const std::pair<IdForm, std::pair<const char*, const char*>> rows[] = {
        {IdForm::same, {"1582A0556D7000", "1582A0556D7000"}},
        {IdForm::hex, {"6054599650537472", "1582A0556D7000"}},
        {IdForm::decimal, {"1582A0556D7000", "6054599650537472"}},
        {IdForm::lower, {"1582A0556D7000", "1582a0556d7000"}},
        {IdForm::stripped, {"001582A0556D7000", "1582A0556D7000"}},
    };
    for (auto [form, ids] : rows) {
        Network network = opened();
        network.set_behaviour(handset, {.receipt_id = form});
        auto answer = network.accept(submit("Hello"), start);
        EXPECT_EQ(answer.message_id, ids.first);
        Delivery receipt = all_owed(network).at(0);
        EXPECT_EQ(receipt.receipted_id, ids.second);
        EXPECT_TRUE(receipt.octets.starts_with("id:" + receipt.receipted_id + " "));
    }
}

TEST(Network, AnswersAsLateAsTheHandsetSays)
{
    Network network = opened();
    EXPECT_EQ(network.accept(submit("Hello"), start).due, start);
    network.set_behaviour(handset, {.early_receipt = true, .answer_delay = 3s});
    auto answer = network.accept(submit("Hello"), start);
    EXPECT_EQ(answer.due, start + 3s);
    EXPECT_TRUE(answer.after_receipts);
    network.set_behaviour(handset, {.submit_status = 8, .answer_delay = 3s});
    EXPECT_EQ(network.accept(submit("Hello"), start).due, start + 3s);
}

TEST(Network, LetsThroughSoManyInAnySecond)
{
    Network network = opened();
    network.set_conduct({.throttle_per_second = 2});
    auto status = [&](base::Time now) { return network.accept(submit("Hello"), now).status; };
    EXPECT_EQ(status(start), 0u);
    EXPECT_EQ(status(start + 600ms), 0u);
    EXPECT_EQ(status(start + 999ms), smpp::status::throttled);
    EXPECT_EQ(status(start + 1s), 0u);
    EXPECT_EQ(status(start + 1599ms), smpp::status::throttled);
    EXPECT_EQ(status(start + 1600ms), 0u);
    EXPECT_EQ(network.inbox().size(), 4u);
    network.set_conduct({});
    for (int i = 0; i < 10; ++i) EXPECT_EQ(status(start + 1600ms), 0u);
}

TEST(Network, FullQueueTakesNothing)
{
    Network network = opened();
    network.set_conduct({.queue_full = true, .answer_delay = 2s});
    auto answer = network.accept(submit("Hello"), start);
    EXPECT_EQ(answer.status, smpp::status::queue_full);
    EXPECT_EQ(answer.due, start + 2s);
    EXPECT_EQ(network.owed().size(), 0u);
}

TEST(Network, DropsEveryNthAndTakesTheMessageOrNot)
{
    for (bool takes : {true, false}) {
        Network network = opened();
        network.set_conduct({.drop_every = 3, .drop_takes = takes, .drop_after_answer_every = 2});
        std::vector<Drop> drops;
        for (int i = 0; i < 6; ++i) drops.push_back(network.accept(submit("Hello"), start).drop);
        std::vector expected{Drop::none,         Drop::after_answer, Drop::in_place_of_answer,
                             Drop::after_answer, Drop::none,         Drop::in_place_of_answer};
        EXPECT_EQ(drops, expected);
        EXPECT_EQ(network.inbox().size(), takes ? 6u : 4u);
    }
}

TEST(Network, ConductGoesOnAfterItsJournal)
{
    Network network = opened();
    network.set_conduct({.congestion_state = std::uint8_t{80}, .silent = true, .refuse_binds = 13});
    EXPECT_EQ(network.accept(submit("Hello"), start).congestion, 80);
    for (const std::string& journal : {network.log(), network.snapshot()})
        EXPECT_EQ(reborn(journal).conduct(), network.conduct());
}

TEST(Network, NumbersThatAreNoneAreRefused)
{
    Network network = opened();
    smpp::ShortMessage message = submit("Hello");
    message.destination.number = "nobody";
    EXPECT_EQ(network.accept(message, start).status, smpp::status::invalid_destination);
    message = submit("Hello");
    message.source.number = "123456789012345678901";
    EXPECT_EQ(network.accept(message, start).status, smpp::status::invalid_source);
}

TEST(Network, NeverOwesMoreThanItsLimit)
{
    Network network = opened();
    while (network.owed().size() < owed_max) network.send({handset, "61400000001", "x"}, start);
    EXPECT_EQ(network.accept(submit("Hello"), start).status, smpp::status::queue_full);
    EXPECT_FALSE(network.send({handset, "61400000001", "x"}, start));
}

TEST(Network, GoesOnAfterItsJournal)
{
    Network network = opened();
    network.set_behaviour("61491570157", {.auto_reply = "Ja"});
    auto answer = network.accept(submit("Hello"), start);
    network.accept(submit_part(1, "first "), start);
    network.send({handset, "61400000001", "Yes"}, start);
    std::uint64_t paid = network.owed().take().token;
    network.pay(paid);

    for (const std::string& journal : {network.log(), network.snapshot()}) {
        Network again = reborn(journal);
        EXPECT_EQ(again.inbox().messages(handset), network.inbox().messages(handset));
        EXPECT_EQ(again.behaviour("61491570157").auto_reply, "Ja");
        ASSERT_EQ(again.owed().size(), 2u);
        EXPECT_NE(again.owed().take().receipted_id, answer.message_id);
        EXPECT_EQ(again.owed().take().octets, "Yes");
        again.accept(submit_part(2, "second"), start);
        EXPECT_EQ(again.inbox().messages(handset).back().content, "first second");
    }
}

TEST(Network, DeliveryUnderWayIsStillInTheSnapshot)
{
    Network network = opened();
    network.accept(submit("Hello"), start);
    network.owed().take();
    EXPECT_EQ(reborn(network.snapshot()).owed().size(), 1u);
}

TEST(Network, MessageIdsAreNewAfterARestartEvenWhenTheClockWentBack)
{
    std::set<std::string> ids;
    std::string journal;
    for (int life = 0; life < 3; ++life) {
        Network network = reborn(journal, start - life * 1h);
        for (int i = 0; i < 3; ++i)
            EXPECT_TRUE(ids.insert(network.accept(submit("x"), start).message_id).second);
        journal += network.log();
    }
    EXPECT_EQ(ids.begin()->size(), 14u);
}

}  // namespace
}  // namespace tidings::sandbox
