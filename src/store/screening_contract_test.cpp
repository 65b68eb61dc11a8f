// SPDX-License-Identifier: Apache-2.0
// Caps, blocked sources, and what is dropped or held by its words.
#include "support/store_contract.hpp"

namespace tidings::test {

namespace {

class ScreeningStore : public StoreContract {
protected:
    void change(std::function<void(store::Account&)> edit)
    {
        EXPECT_TRUE(run(store->change_account(account, std::move(edit))));
    }
    void cap(message::Caps caps)
    {
        change([caps](store::Account& it) { it.caps = caps; });
    }
    void drop(const std::string& pattern)
    {
        change([pattern](store::Account& it) { it.drop_patterns = {message::Pattern(pattern)}; });
    }
    void hold(const std::string& pattern)
    {
        change([pattern](store::Account& it) { it.hold_patterns = {message::Pattern(pattern)}; });
    }
    Code code(const store::NewMessage& message) { return run(store->trace(message.id)).value().code; }
    Code sent(const store::NewMessage& message)
    {
        accept(message);
        return code(message);
    }
    Code sent(const std::string& content = "Hello") { return sent(text(content)); }
    store::NewMessage later(const std::string& content)
    {
        store::NewMessage message = text(content);
        message.submission.scheduled = clock.now() + 1h;
        return message;
    }
};

TEST_P(ScreeningStore, ADailyCapLastsUntilMidnightUtc)
{
    cap({.daily = 2});
    clock.advance(23h);
    accept({text("1"), text("2"), text("3")});
    EXPECT_EQ(codes(), (std::vector{Code::processing, Code::processing, Code::usage_threshold}));
    restart();
    clock.advance(1h - 1ms);
    EXPECT_EQ(sent(), Code::usage_threshold);
    clock.advance(1ms);
    EXPECT_EQ(sent(), Code::processing);
    EXPECT_EQ(sent(), Code::processing);
    EXPECT_EQ(sent(), Code::usage_threshold);
}

TEST_P(ScreeningStore, AMonthlyCapLastsUntilTheFirst)
{
    cap({.daily = 2, .monthly = 3});
    EXPECT_EQ(sent(), Code::processing);
    EXPECT_EQ(sent(), Code::processing);
    EXPECT_EQ(sent(), Code::usage_threshold);
    clock.advance(24h);
    restart();
    EXPECT_EQ(sent(), Code::processing);
    EXPECT_EQ(sent(), Code::usage_threshold);
    clock.set(std::chrono::sys_days(std::chrono::February / 1 / 2026) - 1ms);
    EXPECT_EQ(sent(), Code::usage_threshold);
    clock.advance(1ms);
    EXPECT_EQ(sent(), Code::processing);
}

TEST_P(ScreeningStore, ACapCountsWhatIsSentAndNothingElse)
{
    cap({.daily = 2});
    change([](store::Account& it) { it.duplicate_window = 24h; });
    EXPECT_EQ(sent("1"), Code::processing);
    EXPECT_EQ(sent("1"), Code::duplicate);
    EXPECT_EQ(sent(later("2")), Code::none);
    EXPECT_EQ(sent("3"), Code::processing);
    EXPECT_EQ(sent("4"), Code::usage_threshold);
    cap({.daily = 3});
    EXPECT_EQ(sent("4"), Code::processing) << "was raised";
    cap({});
    EXPECT_EQ(sent("5"), Code::processing);
}

TEST_P(ScreeningStore, AScheduledMessageMeetsTheCapAtItsTimeAndGetsItsCreditsBack)
{
    cap({.daily = 1});
    run(store->set_credits(account, 1));
    store::NewMessage message = later("later");
    message.cost = 1;
    accept(message);
    EXPECT_EQ(sent(), Code::processing);
    clock.advance(1h);
    release();
    EXPECT_EQ(code(message), Code::usage_threshold);
    EXPECT_EQ(run(store->credits(account)), 1);
}

TEST_P(ScreeningStore, ABlockedSourceSendsNothing)
{
    change([](store::Account& it) { it.blocked_sources = {"Bank", "61491570110"}; });
    store::NewMessage named = text("Hello"), unnamed = text("Hello"), other = text("Hello");
    named.submission.source = "BANK";
    unnamed.submission.source = "";
    other.submission.source = "Bakery";
    EXPECT_EQ(sent(named), Code::source_blocked);
    EXPECT_EQ(sent(unnamed), Code::source_blocked) << "the account's default";
    EXPECT_EQ(sent(other), Code::processing);
    other = text("Hello");
    other.submission.source = "+61491570110";
    other.submission.source_type = message::SourceType::alphanumeric;
    EXPECT_EQ(sent(other), Code::source_blocked) << "whatever it is said to be";
    EXPECT_EQ(run(store->trace(named.id))->steps.at(0).what, "its source is blocked");
}

TEST_P(ScreeningStore, WhatMatchesIsDropped)
{
    drop("free * prize");
    store::NewMessage message = text("Your FREE big prize!");
    run(store->set_credits(account, 1));
    message.cost = 1;
    EXPECT_EQ(sent(message), Code::dropped);
    EXPECT_EQ(status(message), Status::rejected);
    EXPECT_EQ(run(store->credits(account)), 1);
    EXPECT_EQ(run(store->trace(message.id))->steps,
              (std::vector<store::Step>{{clock.now(), Code::dropped, "matches free * prize"}}));
    EXPECT_EQ(sent("A prize"), Code::processing);
    store::NewMessage mms = text("Look");
    mms.submission.subject = "Free prize";
    EXPECT_EQ(sent(mms), Code::dropped);
}

TEST_P(ScreeningStore, WhatMatchesIsHeldUntilItIsReleased)
{
    hold("casino*");
    store::NewMessage message = text("Casinos are open");
    accept(message);
    EXPECT_EQ(status(message), Status::enroute);
    EXPECT_EQ(code(message), Code::held);
    EXPECT_EQ(run(store->counts()).due, 0u);
    auto held = run(store->held_messages(10));
    ASSERT_EQ(held.size(), 1u);
    EXPECT_EQ(held[0].why, "matches casino*");
    restart();
    EXPECT_TRUE(run(store->release_held(message.id)));
    EXPECT_EQ(run(store->take_due(1)).at(0).content, "Casinos are open");
    submitted(message, {"1"});
    EXPECT_EQ(run(store->release_held(message.id)).error(), base::errc::not_held);
    std::vector<Code> told;
    for (const auto& report : run(store->reports(account)))
        if (report.message == message.id) told.push_back(report.code);
    EXPECT_EQ(told, (std::vector{Code::held, Code::processing, Code::submitted}));
}

TEST_P(ScreeningStore, AHeldMessageMayBeDroppedAndGetsItsCreditsBack)
{
    hold("casino");
    run(store->set_credits(account, 1));
    store::NewMessage message = text("casino");
    message.cost = 1;
    accept(message);
    EXPECT_EQ(run(store->credits(account)), 0);
    EXPECT_TRUE(run(store->drop_held(message.id)));
    EXPECT_EQ(code(message), Code::dropped);
    EXPECT_EQ(run(store->credits(account)), 1);
}

TEST_P(ScreeningStore, AHeldMessageMeetsTheOtherRulesAtItsRelease)
{
    hold("casino");
    change([](store::Account& it) { it.duplicate_window = 24h; });
    store::NewMessage blocked = text("casino"), first = text("casino 1"), second = text("casino 1");
    accept({blocked, first, second});
    EXPECT_EQ(code(second), Code::held);
    for (const auto& message : {first, second}) EXPECT_TRUE(run(store->release_held(message.id)));
    EXPECT_EQ(code(first), Code::processing);
    EXPECT_EQ(code(second), Code::duplicate);
    run(store->add_opt_outs(account, {"61491570156"}));
    EXPECT_TRUE(run(store->release_held(blocked.id)));
    EXPECT_EQ(code(blocked), Code::destination_blocked);
}

TEST_P(ScreeningStore, AScheduledMessageIsHeldAtItsTimeAndExpiresThere)
{
    hold("casino");
    store::NewMessage message = later("casino");
    message.submission.expiry = clock.now() + 2h;
    accept(message);
    EXPECT_EQ(status(message), Status::scheduled);
    clock.advance(1h);
    release();
    EXPECT_EQ(code(message), Code::held);
    clock.advance(1h);
    release();
    EXPECT_EQ(code(message), Code::expired_before_submission);
}

INSTANTIATE_TEST_SUITE_P(Store, ScreeningStore, testing::ValuesIn(store_kinds), name_of);

}  // namespace

}  // namespace tidings::test
