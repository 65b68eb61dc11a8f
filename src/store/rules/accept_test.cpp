// SPDX-License-Identifier: Apache-2.0
#include "store/rules/accept.hpp"

#include "store/new_message.hpp"
#include "store/rules/release.hpp"
#include "support/facts.hpp"

namespace tidings::store::rules {

namespace {

using namespace tidings::test;

class AcceptRules : public RulesTest {
protected:
    base::Result<std::vector<base::Uuid>> accept_once(const NewMessage& message, const std::string& body)
    {
        Accept accept(account.key, prepare(account, {message}));
        AcceptOnce item(std::move(accept), account.key, {"key", base::sha256(body)});
        return carry_out(item).result;
    }
    base::Result<StoredMessage> cancel(const NewMessage& message)
    {
        Cancel item(key(message));
        return carry_out(item).result;
    }
    void make_prepaid(std::int64_t credits)
    {
        change_account([](Account& it) { it.prepaid = true; });
        facts.balances.set(account.key, credits);
    }
    std::int64_t balance() { return *facts.balances.find(account.key); }
};

TEST_F(AcceptRules, WhatIsDueLeavesAtOnceWithAReport)
{
    NewMessage message = text();
    EXPECT_EQ(accept(message), Code::processing);
    EXPECT_EQ(reported(), std::vector{Code::processing});
    ASSERT_EQ(effects.due.size(), 1u);
    EXPECT_EQ(effects.due[0].item.key, key(message));
    EXPECT_EQ(effects.due[0].item.sender, our_number);
    EXPECT_EQ(row(message).queue, Queue::due);
    EXPECT_TRUE(row(message).unsaved.row);
}

TEST_F(AcceptRules, ATestSendEndsAsItSaysAndNoLinkFindsIt)
{
    make_prepaid(0);
    using enum message::TestOutcome;
    const std::pair<message::TestOutcome, Code> ends[] = {{delivered, Code::delivered},
                                                          {failed, Code::undeliverable},
                                                          {rejected, Code::rejected_by_carrier},
                                                          {expired, Code::expired_at_carrier}};
    for (const auto& [outcome, end] : ends) {
        message::Submission submission = text().submission;
        submission.test_outcome = outcome;
        NewMessage message = new_message(ids.next(), submission, account);
        EXPECT_EQ(message.cost, 0);
        EXPECT_EQ(accept(message), end);
        EXPECT_EQ(reported(), (std::vector{Code::processing, Code::submitted, end}));
        EXPECT_TRUE(effects.due.empty());
        EXPECT_FALSE(row(message).queue);
        EXPECT_EQ(last_step(message), "as its sending_mode says");
        EXPECT_EQ(submission_of(row(message)).test_outcome, outcome);
    }
    EXPECT_EQ(balance(), 0);
}

TEST_F(AcceptRules, ATestSendThatIsScheduledWaitsForItsTime)
{
    NewMessage message = scheduled(1h);
    message.submission.test_outcome = message::TestOutcome::failed;
    accept(message);
    EXPECT_EQ(status(message), Status::scheduled);
    clock.advance(1h);
    ReleaseScheduled item({key(message)});
    carry_out(item);
    EXPECT_EQ(code(message), Code::undeliverable);
    EXPECT_FALSE(row(message).queue);
    EXPECT_TRUE(effects.due.empty());
}

TEST_F(AcceptRules, ATestSendNeitherMeetsTheRulesNorCountsForThem)
{
    change_account([](Account& it) {
        it.duplicate_window = 1h;
        it.caps.daily = 1;
    });
    NewMessage test = text();
    test.submission.test_outcome = message::TestOutcome::delivered;
    test.cost = 0;
    for (int i = 0; i < 3; ++i) {
        test.id = ids.next();
        EXPECT_EQ(accept(test), Code::delivered);
        EXPECT_TRUE(effects.sent.empty());
        EXPECT_TRUE(effects.usage.empty());
    }
    EXPECT_EQ(accept(text()), Code::processing) << "it is the first one";
}

TEST_F(AcceptRules, NobodyIsToldWhoDidNotAskForReports)
{
    NewMessage message = text();
    message.submission.delivery_report = false;
    message.submission.callback_url = "https://example.com/hook";
    accept(message);
    EXPECT_TRUE(effects.reports.empty());
    EXPECT_TRUE(effects.callbacks.empty());
}

TEST_F(AcceptRules, AReportIsToldToItsCallbackUrl)
{
    NewMessage message = text();
    message.submission.callback_url = "https://example.com/hook";
    accept(message);
    ASSERT_EQ(effects.callbacks.size(), 1u);
    EXPECT_EQ(effects.due_callbacks.at(0).item.url, "https://example.com/hook");
    EXPECT_EQ(effects.callbacks[0].row.key.id, effects.reports.at(0).id);
    EXPECT_EQ(effects.callbacks[0].row.key.webhook, base::Uuid());
}

TEST_F(AcceptRules, WhatIsScheduledWaitsAndMeetsNoRule)
{
    change_account([](Account& it) { it.blocked_sources = {our_number}; });
    NewMessage message = scheduled(24h);
    accept(message);
    EXPECT_EQ(status(message), Status::scheduled);
    EXPECT_EQ(row(message).queue, Queue::timed);
    EXPECT_EQ(last_step(message), "waits for its time");
    EXPECT_TRUE(effects.due.empty());
    EXPECT_TRUE(effects.reports.empty());
}

TEST_F(AcceptRules, ARepeatedRequestGetsTheFirstOnesIdsForADay)
{
    NewMessage first = text(), second = text();
    EXPECT_EQ(accept_once(first, "body").value(), std::vector{first.id});
    clock.advance(24h - 1ms);
    EXPECT_EQ(accept_once(second, "body").value(), std::vector{first.id});
    EXPECT_TRUE(effects.due.empty());
    clock.advance(1ms);
    EXPECT_EQ(accept_once(second, "body").value(), std::vector{second.id});
}

TEST_F(AcceptRules, AKeyOfAnotherRequestIsRefused)
{
    EXPECT_TRUE(accept_once(text(), "body"));
    EXPECT_EQ(accept_once(text(), "another").error(), base::errc::reused_key);
    EXPECT_TRUE(effects.due.empty());
}

TEST_F(AcceptRules, APrepaidAccountPaysMessageByMessageUntilNothingIsLeft)
{
    make_prepaid(2);
    NewMessage one = text("1"), two = text("2"), three = text("3");
    accept({one, two, three});
    EXPECT_EQ(code(one), Code::processing);
    EXPECT_EQ(code(two), Code::processing);
    EXPECT_EQ(code(three), Code::usage_threshold);
    EXPECT_EQ(last_step(three), "costs 1 credits");
    EXPECT_EQ(balance(), 0);
    EXPECT_EQ(effects.credits.at(account.key), -2);
}

TEST_F(AcceptRules, WhatAPolicyRejectsCostsNothing)
{
    make_prepaid(2);
    change_account([](Account& it) { it.blocked_sources = {our_number}; });
    EXPECT_EQ(accept(text()), Code::source_blocked);
    EXPECT_EQ(balance(), 2);
    EXPECT_TRUE(effects.credits.empty());
}

TEST_F(AcceptRules, WhatIsScheduledIsPaidAtOnceAndGivenBackWhenItIsCancelled)
{
    make_prepaid(2);
    NewMessage message = scheduled(24h);
    accept(message);
    EXPECT_EQ(balance(), 1);
    EXPECT_EQ(cancel(message).value().status, Status::cancelled);
    EXPECT_EQ(balance(), 2);
    EXPECT_EQ(effects.credits.at(account.key), 1);
}

TEST_F(AcceptRules, ACancelledMessageStaysSoAndIsGivenBackOnce)
{
    make_prepaid(2);
    NewMessage message = scheduled(24h);
    accept(message);
    EXPECT_TRUE(cancel(message));
    EXPECT_TRUE(cancel(message));
    EXPECT_EQ(balance(), 2);
    EXPECT_EQ(row(message).queue, std::nullopt);
}

TEST_F(AcceptRules, WhatLeftIsNotCancelledAndNeitherIsWhatIsUnknown)
{
    NewMessage message = text();
    accept(message);
    EXPECT_EQ(cancel(message).error(), base::errc::not_scheduled);
    EXPECT_EQ(cancel(text()).error(), base::errc::not_found);
}

TEST_F(AcceptRules, APreviewTellsWhatAcceptWouldDoAndDoesNothing)
{
    Preview would_leave = preview(text());
    EXPECT_EQ(would_leave.code, std::nullopt);
    EXPECT_EQ(would_leave.sender, our_number);
    EXPECT_EQ(would_leave.leaves_at, clock.now());
    EXPECT_TRUE(effects.due.empty());
    EXPECT_TRUE(facts.messages.rows().empty());

    make_prepaid(0);
    EXPECT_EQ(preview(text()).code, Code::usage_threshold);
    EXPECT_EQ(preview(text()).why, "costs 1 credits");
}

TEST_F(AcceptRules, APreviewKnowsThatAMessageExpiresBeforeItMayLeave)
{
    NewMessage message = scheduled(24h);
    message.submission.expiry = clock.now() + 24h;
    EXPECT_EQ(preview(message).code, Code::expired_before_submission);
    EXPECT_EQ(preview(message).leaves_at, clock.now() + 24h);
}

}  // namespace

}  // namespace tidings::store::rules
