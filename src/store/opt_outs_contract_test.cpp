// SPDX-License-Identifier: Apache-2.0
#include "support/store_contract.hpp"

namespace tidings::test {

namespace {

using message::Wish;

class OptOutsStore : public StoreContract {
protected:
    const std::string handset = "61491570156";

    void change(std::function<void(store::Account&)> edit)
    {
        EXPECT_TRUE(run(store->change_account(account, std::move(edit))));
    }
    void heed(bool on)
    {
        change([on](store::Account& it) { it.features.set(store::Feature::opt_out, on); });
    }
    Code sent(const store::NewMessage& message)
    {
        accept(message);
        return run(store->trace(message.id)).value().code;
    }
    Code sent() { return sent(text("Hello")); }
    bool is_opted_out() { return !run(store->opted_out(account, {handset})).empty(); }
    std::vector<Wish> wishes()
    {
        std::vector<Wish> found;
        for (const auto& reply : run(store->replies(account))) found.push_back(reply.wish);
        return found;
    }
    void own_number() { ASSERT_TRUE(run(store->add_number({.number = "61491570110", .account = account}))); }
};

TEST_P(OptOutsStore, StopKeepsLaterMessagesFromTheHandsetAndStartLetsThemGoAgain)
{
    run(store->set_credits(account, 5));
    submit(text("Hello"), {"1"});
    receive(reply("Stop!"));
    EXPECT_TRUE(is_opted_out());
    store::NewMessage blocked = text("More");
    blocked.cost = 1;
    EXPECT_EQ(sent(blocked), Code::destination_blocked);
    EXPECT_EQ(status(blocked), Status::rejected);
    EXPECT_EQ(run(store->credits(account)), 5);
    restart();
    EXPECT_EQ(sent(), Code::destination_blocked);
    clock.advance(1s);
    receive(reply("start"));
    EXPECT_FALSE(is_opted_out());
    EXPECT_EQ(sent(), Code::processing);
    EXPECT_EQ(reply_contents(), (std::vector<std::string>{"Stop!", "start"})) << "they are replies, too";
    EXPECT_EQ(wishes(), (std::vector{Wish::opt_out, Wish::opt_in}));
}

TEST_P(OptOutsStore, AReplyThatTheHandsetSendsTwiceIsHeededOnce)
{
    submit(text("Hello"), {"1"});
    store::Inbound stop = reply("STOP");
    receive(stop);
    EXPECT_TRUE(run(store->remove_opt_out(account, handset)));
    receive(stop);
    EXPECT_FALSE(is_opted_out());
}

TEST_P(OptOutsStore, BelongToTheAccountThatWasRepliedTo)
{
    submit(text("Hello"), {"1"});
    receive(reply("STOP"));
    store::AccountKey first = account;
    account = add_account("Other");
    EXPECT_FALSE(is_opted_out());
    EXPECT_EQ(sent(), Code::processing);
    account = first;
    EXPECT_EQ(sent(), Code::destination_blocked);
}

TEST_P(OptOutsStore, AReplyToAnAccountsOwnNumberIsHeededWithoutAnOriginal)
{
    own_number();
    receive(reply("unsubscribe"));
    EXPECT_EQ(sent(), Code::destination_blocked);
}

TEST_P(OptOutsStore, WhatIsScheduledMeetsThemAtItsTime)
{
    own_number();
    store::NewMessage message = text("later");
    message.submission.scheduled = clock.now() + 1h;
    message.cost = 1;
    run(store->set_credits(account, 1));
    accept(message);
    receive(reply("STOP"));
    EXPECT_EQ(status(message), Status::scheduled);
    clock.advance(1h);
    release();
    EXPECT_EQ(status(message), Status::rejected);
    EXPECT_EQ(run(store->trace(message.id))->code, Code::destination_blocked);
    EXPECT_EQ(run(store->credits(account)), 1);
}

TEST_P(OptOutsStore, AnAccountMaySeeToThemByItself)
{
    own_number();
    run(store->add_opt_outs(account, {handset}));
    heed(false);
    EXPECT_EQ(sent(), Code::processing);
    EXPECT_TRUE(run(store->remove_opt_out(account, handset)));
    receive(reply("STOP"));
    EXPECT_EQ(wishes(), std::vector{Wish::none});
    EXPECT_FALSE(is_opted_out());
    heed(true);
    EXPECT_EQ(sent(), Code::processing);
}

TEST_P(OptOutsStore, WhatMayBeAnOptOutIsShownToTheOperatorAndDoesNothing)
{
    own_number();
    EXPECT_TRUE(run(store->suspected_opt_outs(100)).empty());
    receive(reply("Yes please"));
    receive(reply("please stop texting me"));
    receive(reply("STOP bothering me"));
    EXPECT_EQ(sent(), Code::processing);
    auto found = run(store->suspected_opt_outs(100));
    ASSERT_EQ(found.size(), 2u);
    EXPECT_EQ(found[0].content, "STOP bothering me") << "the newest first";
    EXPECT_EQ(found[1].content, "please stop texting me");
    EXPECT_EQ(found[1].account, "MyAccount");
    EXPECT_EQ(found[1].source, "+61491570156");
    EXPECT_EQ(run(store->suspected_opt_outs(1)).size(), 1u);
}

TEST_P(OptOutsStore, AreConfirmedOnceFromTheNumberThatWasWrittenTo)
{
    own_number();
    change([](store::Account& it) { it.opt_out_confirmation = "No more messages."; });
    run(store->set_credits(account, 1));
    receive(reply("STOP"));
    receive(reply("STOP"));
    auto due = run(store->take_due(10));
    ASSERT_EQ(due.size(), 1u);
    EXPECT_EQ(due[0].content, "No more messages.");
    EXPECT_EQ(due[0].destination, handset);
    EXPECT_EQ(due[0].sender, "61491570110");
    EXPECT_EQ(run(store->credits(account)), 0);
    EXPECT_TRUE(run(store->remove_opt_out(account, handset)));
    receive(reply("STOP"));
    EXPECT_TRUE(is_opted_out()) << "also of who cannot pay for a confirmation";
    EXPECT_TRUE(run(store->remove_opt_out(account, handset)));
    expect_nothing_due();
}

TEST_P(OptOutsStore, AreConfirmedInTheAlphabetThatTheAccountWantsAndPaysFor)
{
    own_number();
    change([](store::Account& it) {
        it.converter = text::Converter::strict;
        it.opt_out_confirmation =
            "“No more messages” is what you said, and we will not write again: goodbye…";
    });
    run(store->set_credits(account, 2));
    receive(reply("STOP"));
    auto due = run(store->take_due(10));
    ASSERT_EQ(due.size(), 1u);
    EXPECT_EQ(due[0].content,
              "\"No more messages\" is what you said, and we will not write again: goodbye...");
    EXPECT_EQ(run(store->credits(account)), 1) << "one segment, where UCS-2 would need two";
}

TEST_P(OptOutsStore, TellCallbacksThatAReplyIsAnOptOut)
{
    store::NewMessage message = text("Hello");
    message.submission.callback_url = "http://example.com";
    message.submission.delivery_report = false;
    submit(message, {"1"});
    receive(reply("STOP"));
    auto callbacks = run(store->take_callbacks(1));
    ASSERT_EQ(callbacks.size(), 1u);
    EXPECT_EQ(callbacks[0].reply->wish, Wish::opt_out);
    restart();
    EXPECT_EQ(run(store->take_callbacks(1)).at(0).reply->wish, Wish::opt_out);
}

TEST_P(OptOutsStore, AreListedInPages)
{
    EXPECT_EQ(run(store->add_opt_outs(account, {"61491570003", "61491570001"})), 2u);
    EXPECT_EQ(run(store->add_opt_outs(account, {"61491570002", "61491570001"})), 1u);
    EXPECT_EQ(run(store->add_opt_outs(account, {"61491570001"})), 0u);
    using Numbers = std::vector<std::string>;
    EXPECT_EQ(run(store->opt_outs(account, "", 2)), (Numbers{"61491570001", "61491570002"}));
    EXPECT_EQ(run(store->opt_outs(account, "61491570002", 2)), Numbers{"61491570003"});
    EXPECT_EQ(run(store->opted_out(account, {"61491570004", "61491570003"})), Numbers{"61491570003"});
    EXPECT_TRUE(run(store->remove_opt_out(account, "61491570003")));
    EXPECT_EQ(run(store->remove_opt_out(account, "61491570003")).error(), base::errc::not_found);
    EXPECT_TRUE(run(store->opt_outs(add_account("Other"), "", 2)).empty());
}

INSTANTIATE_TEST_SUITE_P(Store, OptOutsStore, testing::ValuesIn(store_kinds), name_of);

}  // namespace

}  // namespace tidings::test
