// SPDX-License-Identifier: Apache-2.0
#include "store/rules/admission.hpp"

#include "support/facts.hpp"

namespace tidings::store::rules {

namespace {

using namespace tidings::test;

class AdmissionRules : public RulesTest {
protected:
    void add_to_pool(const std::string& number) { settings.put(Number{number, {}}); }
    void add_own(const std::string& number) { settings.put(Number{number, account.key}); }
    NewMessage text_to(const std::string& number)
    {
        NewMessage message = text(number);
        message.submission.destination = "+" + number;
        return message;
    }
    NewMessage text_from(const std::string& source)
    {
        NewMessage message = text();
        message.submission.source = source;
        return message;
    }
    std::string sender_of(const NewMessage& message)
    {
        accept(message);
        return row(message).sender;
    }
    // From the pool alone.
    void use_pool_of(std::vector<std::string> numbers)
    {
        change_account([](Account& it) { it.default_source.clear(); });
        for (const std::string& number : numbers) add_to_pool(number);
    }
};

// ---- sender

TEST_F(AdmissionRules, AMessageWithoutASourceGetsTheAccountsDefault)
{
    EXPECT_EQ(sender_of(text()), our_number);
}

TEST_F(AdmissionRules, AnUnregisteredSourceEndsTheMessageUnlessTheAccountAllowsIt)
{
    EXPECT_EQ(sender_of(text_from("+61491570111")), "61491570111");
    change_account([](Account& it) { it.unregistered_source = message::UnregisteredSource::reject; });
    EXPECT_EQ(accept(text_from("+61491570111")), Code::source_blocked);
    change_account([](Account& it) { it.unregistered_source = message::UnregisteredSource::substitute; });
    EXPECT_EQ(sender_of(text_from("+61491570111")), our_number);
}

TEST_F(AdmissionRules, AHandsetGetsMessagesFromAnotherNumberOfThePoolEachWithinABatchToo)
{
    use_pool_of({"61491570001", "61491570002", "61491570003"});
    NewMessage one = text("1"), two = text("2"), three = text("3");
    accept({one, two, three});
    std::set<std::string> senders{row(one).sender, row(two).sender, row(three).sender};
    EXPECT_EQ(senders.size(), 3u);
    EXPECT_EQ(effects.pool_uses.size(), 3u);
}

TEST_F(AdmissionRules, OfAPoolThatIsUsedUpTheNumberComesThatWasUsedLongestAgo)
{
    use_pool_of({"61491570001", "61491570002"});
    std::string first = sender_of(text("1"));
    clock.advance(1h);
    std::string second = sender_of(text("2"));
    clock.advance(1h);
    EXPECT_NE(first, second);
    EXPECT_EQ(sender_of(text("3")), first);
}

TEST_F(AdmissionRules, AfterAWeekANumberIsAsGoodAsUnused)
{
    use_pool_of({"61491570001", "61491570002"});
    std::string first = sender_of(text("1"));
    clock.advance(std::chrono::days(7));
    EXPECT_NE(sender_of(text("2")), first);
    clock.advance(1ms);
    EXPECT_EQ(sender_of(text("3")), first);
}

TEST_F(AdmissionRules, AFamiliarSenderIsTheSameForDaysAndForEachHandsetItsOwn)
{
    use_pool_of({"61491570001", "61491570002"});
    change_account([](Account& it) { it.features.set(Feature::familiar_sender); });
    std::string known = sender_of(text("1"));
    EXPECT_EQ(effects.familiar.size(), 1u);
    for (int day = 0; day < 30; ++day) {
        clock.advance(24h);
        EXPECT_EQ(sender_of(text("again")), known);
        EXPECT_TRUE(effects.familiar.empty());
    }
}

TEST_F(AdmissionRules, TwoMessagesOfABatchMakeOneSenderFamiliar)
{
    use_pool_of({"61491570001", "61491570002"});
    change_account([](Account& it) { it.features.set(Feature::familiar_sender); });
    NewMessage one = text("1"), two = text("2");
    accept({one, two});
    EXPECT_EQ(row(one).sender, row(two).sender);
    EXPECT_EQ(effects.familiar.size(), 1u);
}

TEST_F(AdmissionRules, AFamiliarSenderThatIsNoLongerOursIsReplaced)
{
    use_pool_of({"61491570001"});
    change_account([](Account& it) { it.features.set(Feature::familiar_sender); });
    facts.familiar.set({account.key, handset}, "61491570999");
    EXPECT_EQ(sender_of(text()), "61491570001");
    ASSERT_EQ(effects.familiar.size(), 1u);
    EXPECT_TRUE(effects.familiar[0].replaces);
    EXPECT_EQ(effects.log.size(), 1u);
}

TEST_F(AdmissionRules, ANumberThatAMessageNamesBecomesFamiliarWithThatFeature)
{
    add_own("61491570111");
    change_account(
        [](Account& it) { it.features.set(Feature::familiar_sender).set(Feature::familiar_source); });
    EXPECT_EQ(sender_of(text_from("+61491570111")), "61491570111");
    clock.advance(std::chrono::days(3));
    EXPECT_EQ(sender_of(text("later")), "61491570111");
}

// ---- opt-out and screening

TEST_F(AdmissionRules, WhoOptedOutIsNotWrittenToWhileTheAccountHasTheFeature)
{
    facts.listings.set({account.key, handset}, {});
    EXPECT_EQ(accept(text()), Code::destination_blocked);
    EXPECT_EQ(accept(text_to("61491570157")), Code::processing);
    change_account([](Account& it) { it.features.set(Feature::opt_out, false); });
    EXPECT_EQ(accept(text("once more")), Code::processing);
}

TEST_F(AdmissionRules, ABlockedSourceEndsTheMessageInWhicheverCase)
{
    change_account([](Account& it) { it.blocked_sources = {"MyBank"}; });
    EXPECT_EQ(accept(text_from("MYBANK")), Code::source_blocked);
    EXPECT_EQ(accept(text()), Code::processing);
}

TEST_F(AdmissionRules, ATextThatMatchesIsDroppedOrHeldAndDroppingComesFirst)
{
    change_account([](Account& it) {
        it.drop_patterns = {message::Pattern("casino")};
        it.hold_patterns = {message::Pattern("prize")};
    });
    EXPECT_EQ(accept(text("a casino prize")), Code::dropped);
    NewMessage held = text("a prize");
    EXPECT_EQ(accept(held), Code::held);
    EXPECT_EQ(row(held).queue, Queue::held);
    EXPECT_TRUE(effects.due.empty());
    EXPECT_EQ(last_step(held), "matches prize");
}

// ---- duplicates

TEST_F(AdmissionRules, TheSameAgainIsADuplicateUntilTheWindowEnds)
{
    change_account([](Account& it) { it.duplicate_window = 24h; });
    NewMessage first = text();
    EXPECT_EQ(accept(first), Code::processing);
    EXPECT_EQ(effects.duplicate_window, 24h);
    clock.advance(24h - 1ms);
    NewMessage second = text();
    EXPECT_EQ(accept(second), Code::duplicate);
    EXPECT_EQ(last_step(second), "repeats " + first.id.text());
    clock.advance(1ms);
    EXPECT_EQ(accept(text()), Code::processing);
    EXPECT_EQ(accept(text("another")), Code::processing);
}

TEST_F(AdmissionRules, TheSecondOfABatchIsADuplicateOfTheFirst)
{
    change_account([](Account& it) { it.duplicate_window = 24h; });
    NewMessage first = text(), second = text();
    accept({first, second});
    EXPECT_EQ(code(first), Code::processing);
    EXPECT_EQ(code(second), Code::duplicate);
}

TEST_F(AdmissionRules, WhatNeverReachedACarrierStopsNobody)
{
    change_account([](Account& it) { it.duplicate_window = 24h; });
    NewMessage first = text();
    accept(first);
    row(first).progress = {Status::expired, Code::expired_before_submission, 0, clock.now()};
    EXPECT_EQ(accept(text()), Code::processing);
}

TEST_F(AdmissionRules, ADuplicateDoesNotMakeTheWindowLonger)
{
    change_account([](Account& it) { it.duplicate_window = 24h; });
    accept(text());
    clock.advance(23h);
    EXPECT_EQ(accept(text()), Code::duplicate);
    clock.advance(1h);
    EXPECT_EQ(accept(text()), Code::processing);
}

// ---- caps

TEST_F(AdmissionRules, ADayHasItsCapAndTheNextDayAnother)
{
    change_account([](Account& it) { it.caps.daily = 2; });
    for (int day = 0; day < 5; ++day) {
        EXPECT_EQ(accept(text()), Code::processing);
        EXPECT_EQ(accept(text()), Code::processing);
        EXPECT_EQ(accept(text()), Code::usage_threshold);
        clock.advance(24h);
    }
}

TEST_F(AdmissionRules, AMonthHasItsCapAcrossItsDays)
{
    change_account([](Account& it) { it.caps.monthly = 10; });
    for (int day = 15; day <= 24; ++day) {
        EXPECT_EQ(accept(text()), Code::processing);
        clock.advance(24h);
    }
    EXPECT_EQ(accept(text()), Code::usage_threshold);
    EXPECT_TRUE(effects.usage.empty());
    clock.set(base::Time(std::chrono::sys_days(std::chrono::February / 1 / 2026)));
    EXPECT_EQ(accept(text()), Code::processing);
    EXPECT_EQ(effects.usage.at(account.key).of_month, 1u);
}

TEST_F(AdmissionRules, APreviewOfTomorrowLeavesTheCapOfTodayAsItIs)
{
    change_account([](Account& it) { it.caps.daily = 1; });
    EXPECT_EQ(accept(text()), Code::processing);
    EXPECT_EQ(preview(scheduled(24h)).code, std::nullopt);
    EXPECT_EQ(preview(text()).code, Code::usage_threshold);
    EXPECT_EQ(accept(text()), Code::usage_threshold);
    clock.advance(24h);
    EXPECT_EQ(accept(text()), Code::processing);
}

TEST_F(AdmissionRules, APreviewOfNextYearDoesNotStopTheCounters)
{
    change_account([](Account& it) { it.caps = {.daily = 1, .monthly = 2}; });
    EXPECT_EQ(preview(scheduled(std::chrono::days(365))).code, std::nullopt);
    EXPECT_EQ(accept(text()), Code::processing);
    EXPECT_EQ(accept(text()), Code::usage_threshold);
    clock.advance(24h);
    EXPECT_EQ(accept(text()), Code::processing);
    clock.advance(24h);
    EXPECT_EQ(accept(text()), Code::usage_threshold);
}

// ---- hours

TEST_F(AdmissionRules, OutsideItsHoursAMessageWaitsUntilTheyBegin)
{
    change_account([](Account& it) { it.hours = message::Hours::account; });
    clock.set(base::Time(std::chrono::sys_days(std::chrono::January / 20 / 2026) + 18h));
    NewMessage message = text();
    accept(message);
    EXPECT_EQ(status(message), Status::scheduled);
    base::Time begin(std::chrono::sys_days(std::chrono::January / 21 / 2026) + 8h);
    EXPECT_EQ(row(message).seq, begin.time_since_epoch().count());
    EXPECT_EQ(preview(text()).leaves_at, begin);
    EXPECT_EQ(submission_of(row(message)).scheduled, begin);
}

}  // namespace

}  // namespace tidings::store::rules
