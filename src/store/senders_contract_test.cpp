// SPDX-License-Identifier: Apache-2.0
// Which number of the pool a message gets.
#include "support/store_contract.hpp"

#include <set>

namespace tidings::test {

namespace {

class SendersStore : public StoreContract {
protected:
    SendersStore()
    {
        account = pool_account("Pool");
        for (const std::string& number : pool)
            EXPECT_TRUE(run(store->add_number({.number = number, .account = {}})));
    }

    const std::vector<std::string> pool{"61491570901", "61491570902", "61491570903"};

    store::AccountKey pool_account(const std::string& id)
    {
        store::Account account;
        account.id = id;
        return run(store->add_account(account, store::Credits())).value().key;
    }
    void make_familiar(bool on = true) { set(store::Feature::familiar_sender, on); }
    void set(store::Feature feature, bool on = true)
    {
        auto edit = [=](store::Account& it) { it.features.set(feature, on); };
        EXPECT_TRUE(run(store->change_account(account, edit)));
    }
    store::NewMessage to(const std::string& handset, const std::string& source = "")
    {
        store::NewMessage message = text("Hello " + std::to_string(++messages_));
        message.submission.source = source;
        message.submission.destination = handset;
        return message;
    }
    std::string sender_of(const store::NewMessage& message)
    {
        return run(store->trace(message.id)).value().sender;
    }
    std::string sent(const store::NewMessage& message)
    {
        submit(message, {std::to_string(messages_)});
        return sender_of(message);
    }
    std::string sent(const std::string& handset, const std::string& source = "")
    {
        return sent(to(handset, source));
    }

private:
    int messages_ = 0;
};

TEST_P(SendersStore, AHandsetGetsEachMessageFromAnotherNumberAndThenFromTheOldest)
{
    std::vector<std::string> senders;
    for (int i = 0; i < 6; ++i) {
        clock.advance(1s);
        senders.push_back(sent("+61491570156"));
        if (i == 1) restart();
    }
    EXPECT_EQ(std::set<std::string>(senders.begin(), senders.begin() + 3).size(), 3u);
    EXPECT_TRUE(std::equal(senders.begin(), senders.begin() + 3, senders.begin() + 3));
}

TEST_P(SendersStore, RepliesFindTheMessageThatWasSentFromTheirNumber)
{
    std::vector<store::NewMessage> messages;
    store::AccountKey first = account;
    for (const char* id : {"", "Second", "Third"}) {
        if (*id) account = pool_account(id);
        messages.push_back(to("+61491570156"));
        sent(messages.back());
    }
    std::set<base::Uuid> answered;
    for (const std::string& number : pool) {
        store::Inbound answer = reply("to " + number);
        answer.destination = number;
        receive(answer);
    }
    for (auto key : {first, store->settings()->account_ids.at("Second"), account}) {
        auto replies = run(store->replies(key));
        ASSERT_EQ(replies.size(), 1u);
        answered.insert(*replies[0].message);
    }
    for (const auto& message : messages) EXPECT_TRUE(answered.contains(message.id));
}

TEST_P(SendersStore, ANumberIsFreeForAHandsetAfterAWeek)
{
    std::string first = sent("+61491570156");
    clock.advance(7 * 24h + 1ms);
    EXPECT_EQ(sent("+61491570156"), first);
}

TEST_P(SendersStore, WhatIsOnItsWayCountsAfterARestart)
{
    std::vector<store::NewMessage> messages{to("+61491570156"), to("+61491570156")};
    accept(messages[0]);
    restart();
    accept(messages[1]);
    EXPECT_NE(sender_of(messages[0]), sender_of(messages[1]));
}

TEST_P(SendersStore, AFamiliarSenderStaysTheSameForItsAccountAndHandset)
{
    make_familiar();
    std::string number = sent("+61491570156");
    for (int i = 0; i < 3; ++i) EXPECT_EQ(sent("61491570156"), number) << "with and without the +";
    restart();
    clock.advance(30 * 24h);
    EXPECT_EQ(sent("+61491570156"), number);
    account = pool_account("Other");
    make_familiar();
    std::string other = sent("+61491570156");
    EXPECT_EQ(sent("+61491570156"), other);
}

TEST_P(SendersStore, FamiliarSendersOfTwoAccountsDifferForOneHandset)
{
    make_familiar();
    std::string number = sent("+61491570156");
    account = pool_account("Other");
    make_familiar();
    EXPECT_NE(sent("+61491570156"), number);
}

TEST_P(SendersStore, MessagesOfOneRequestHaveTheSameFamiliarSender)
{
    make_familiar();
    std::vector<store::NewMessage> batch{to("+61491570156"), to("61491570156")};
    accept(batch);
    EXPECT_EQ(sender_of(batch[0]), sender_of(batch[1]));
}

TEST_P(SendersStore, ASourceThatTheMessageNamesWinsAndChangesNothing)
{
    make_familiar();
    std::string number = sent("+61491570156");
    std::string other = *std::ranges::find_if(pool, [&](const auto& it) { return it != number; });
    EXPECT_EQ(sent("+61491570156", other), other);
    EXPECT_EQ(sent("+61491570156"), number);
}

TEST_P(SendersStore, ASourceThatTheMessageNamesBecomesFamiliarWhereTheAccountWantsThat)
{
    make_familiar();
    set(store::Feature::familiar_source);
    const std::string own = "61491570950", name = "Bakery";
    EXPECT_TRUE(run(store->add_number({.number = own, .account = account})));
    EXPECT_TRUE(run(store->add_number({.number = name, .account = account})));
    std::string number = sent("+61491570156");
    EXPECT_EQ(sent("+61491570156", "+" + own), own);
    EXPECT_EQ(sent("+61491570156"), own);
    EXPECT_EQ(sent("+61491570156", name), name);
    EXPECT_EQ(sent("+61491570156"), own) << "a name is no number";
    auto allow = [](store::Account& it) { it.unregistered_source = message::UnregisteredSource::allow; };
    EXPECT_TRUE(run(store->change_account(account, allow)));
    EXPECT_EQ(sent("+61491570156", "+61491570999"), "61491570999");
    EXPECT_EQ(sent("+61491570156"), own) << "nor is one of somebody else's";
    restart();
    EXPECT_EQ(sent("+61491570156"), own);
    EXPECT_TRUE(run(store->remove_number({.number = own, .account = account})));
    EXPECT_TRUE(std::ranges::count(pool, sent("+61491570156"))) << "it is the account's no longer";
}

TEST_P(SendersStore, AFamiliarNumberGoesBeforeTheDefaultOfTheAccount)
{
    make_familiar();
    std::string number = sent("+61491570156");
    auto edit = [](store::Account& it) { it.default_source = "61491570960"; };
    EXPECT_TRUE(run(store->change_account(account, edit)));
    EXPECT_EQ(sent("+61491570156"), number);
    EXPECT_EQ(sent("+61491570157"), "61491570960") << "which is what handsets get that know none";
}

TEST_P(SendersStore, AHandsetIsWrittenToFromItsCountryWhereThePoolHasANumberThere)
{
    const std::string british = "447700900123";
    EXPECT_TRUE(run(store->add_number({.number = british, .account = {}})));
    for (int i = 0; i < 3; ++i) EXPECT_EQ(sent("+447700900456"), british);
    for (int i = 0; i < 4; ++i) EXPECT_NE(sent("+61491570156"), british);
    EXPECT_FALSE(sent("+4915112345678").empty()) << "from wherever, when there is none";
}

TEST_P(SendersStore, AFamiliarSenderThatLeftThePoolIsReplacedForGood)
{
    make_familiar();
    std::string number = sent("+61491570156");
    EXPECT_TRUE(run(store->remove_number({.number = number, .account = {}})));
    std::string next = sent("+61491570156");
    EXPECT_NE(next, number);
    EXPECT_TRUE(run(store->add_number({.number = number, .account = {}})));
    EXPECT_EQ(sent("+61491570156"), next);
}

TEST_P(SendersStore, AMessageThatIsNotSentMakesNoSenderFamiliar)
{
    make_familiar();
    run(store->add_opt_outs(account, {"61491570156"}));
    store::NewMessage blocked = to("+61491570156");
    accept(blocked);
    EXPECT_EQ(run(store->trace(blocked.id))->code, Code::destination_blocked);
    EXPECT_TRUE(run(store->remove_opt_out(account, "61491570156")));
    make_familiar(false);
    EXPECT_EQ(sent("+61491570156"), sender_of(blocked)) << "nor was the number used";
    make_familiar();
    EXPECT_NE(sent("+61491570156"), sender_of(blocked));
}

INSTANTIATE_TEST_SUITE_P(Store, SendersStore, testing::ValuesIn(store_kinds), name_of);

}  // namespace

}  // namespace tidings::test
