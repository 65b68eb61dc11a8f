// SPDX-License-Identifier: Apache-2.0
#include "support/store_contract.hpp"

namespace tidings::test {

namespace {

class CallbackStore : public StoreContract {
protected:
    store::NewMessage told(const std::string& content)
    {
        store::NewMessage message = text(content);
        message.submission.callback_url = "https://example.com/hook";
        message.submission.metadata = {{"key", content}};
        return message;
    }
    std::vector<store::Callback> take_callbacks(std::size_t count)
    {
        std::vector<store::Callback> taken;
        while (taken.size() < count)
            for (auto& callback : run(store->take_callbacks(count - taken.size())))
                taken.push_back(std::move(callback));
        return taken;
    }
    store::Callback take_callback() { return take_callbacks(1)[0]; }
    void outcome(const store::Callback& callback, std::optional<base::Time> retry_at)
    {
        run(store->record_callbacks({{.account = callback.account,
                                      .id = callback.id,
                                      .retry_at = retry_at,
                                      .attempts = callback.attempts + 1}}));
    }
    // The next callback to be taken is that of a message that is accepted now.
    void expect_none_waits()
    {
        accept(told("the only one"));
        EXPECT_EQ(take_callback().report.value().content, "the only one");
    }
    std::uint64_t waiting() { return run(store->counts()).callbacks; }
};

TEST_P(CallbackStore, TellsReportsAndRepliesInTheirOrder)
{
    store::NewMessage message = submit(told("a"), {"1"});
    receive("1", Code::delivered);
    receive(reply("answer"));
    auto callbacks = take_callbacks(4);
    auto reports = run(store->reports(account));
    ASSERT_EQ(reports.size(), 3u);
    for (std::size_t i = 0; i < 3; ++i) {
        ASSERT_TRUE(callbacks[i].report);
        EXPECT_FALSE(callbacks[i].reply);
        EXPECT_EQ(callbacks[i].id, reports[i].id);
        EXPECT_EQ(callbacks[i].account, account);
        EXPECT_EQ(callbacks[i].url, "https://example.com/hook");
        EXPECT_EQ(callbacks[i].attempts, 0);
        EXPECT_EQ(callbacks[i].report->id, reports[i].id);
        EXPECT_EQ(callbacks[i].report->code, reports[i].code);
        EXPECT_EQ(callbacks[i].report->message, message.id);
        EXPECT_EQ(callbacks[i].report->metadata, reports[i].metadata);
    }
    ASSERT_TRUE(callbacks[3].reply);
    EXPECT_FALSE(callbacks[3].report);
    EXPECT_EQ(callbacks[3].id, run(store->replies(account))[0].id);
    EXPECT_EQ(callbacks[3].reply->content, "answer");
    EXPECT_EQ(callbacks[3].reply->message, message.id);
    EXPECT_EQ(waiting(), 4u);
    expect_none_waits();
}

TEST_P(CallbackStore, AreMadeOnlyForReportsThatWereAskedFor)
{
    store::NewMessage message = told("silent");
    message.submission.delivery_report = false;
    accept(message);
    accept(text("without a URL"));
    EXPECT_EQ(waiting(), 0u);
    expect_none_waits();
}

TEST_P(CallbackStore, AreGoneWhenDone)
{
    accept(told("a"));
    outcome(take_callback(), {});
    EXPECT_EQ(waiting(), 0u);
    restart();
    expect_none_waits();
}

TEST_P(CallbackStore, ComeAgainAtTheirTimeAlsoAfterARestart)
{
    accept(told("a"));
    store::Callback first = take_callback();
    outcome(first, clock.now() + 30s);
    release();
    restart();
    clock.advance(30s - 1ms);
    release();
    expect_none_waits();
    clock.advance(1ms);
    release();
    store::Callback second = take_callback();
    EXPECT_EQ(second.id, first.id);
    EXPECT_EQ(second.attempts, 1);
    EXPECT_EQ(second.created_at, first.created_at);
    EXPECT_EQ(second.report.value().code, Code::processing);
    EXPECT_EQ(second.report->metadata, first.report.value().metadata);
}

TEST_P(CallbackStore, InHandSurviveARestart)
{
    store::NewMessage message = submit(told("a"), {"1"});
    receive(reply("answer"));
    auto before = take_callbacks(3);
    restart();
    auto after = take_callbacks(3);
    for (std::size_t i = 0; i < before.size(); ++i) EXPECT_EQ(after[i].id, before[i].id);
    EXPECT_EQ(after[1].report.value().code, Code::submitted);
    EXPECT_EQ(after[1].report->changed_at, before[1].report.value().changed_at);
    EXPECT_EQ(after[2].reply.value().content, "answer");
    EXPECT_EQ(after[2].reply->source, before[2].reply.value().source);
    EXPECT_EQ(after[2].reply->destination, before[2].reply->destination);
    EXPECT_EQ(after[2].reply->message, message.id);
    expect_none_waits();
}

TEST_P(CallbackStore, AreStillMadeWhenConfirmedMeanwhile)
{
    submit(told("a"), {"1"});
    receive(reply("answer"));
    for (const auto& report : run(store->reports(account))) run(store->confirm_reports(account, {report.id}));
    run(store->confirm_replies(account, {run(store->replies(account))[0].id}));
    EXPECT_TRUE(codes().empty());
    EXPECT_TRUE(reply_contents().empty());
    restart();
    auto callbacks = take_callbacks(3);
    EXPECT_EQ(callbacks[0].report.value().code, Code::processing);
    EXPECT_EQ(callbacks[1].report.value().code, Code::submitted);
    EXPECT_EQ(callbacks[2].reply.value().content, "answer");
}

TEST_P(CallbackStore, MoreThanMemoryHoldsAreTakenOnceAndInOrder)
{
    std::vector<std::string> contents, taken;
    for (int batch = 0; batch < 12; ++batch) {
        std::vector<store::NewMessage> messages;
        for (int i = 0; i < 1'000; ++i) {
            contents.push_back(std::to_string(contents.size()));
            messages.push_back(told(contents.back()));
        }
        accept(std::move(messages));
    }
    for (const auto& callback : take_callbacks(contents.size()))
        taken.push_back(callback.report.value().content);
    EXPECT_EQ(taken, contents);
    expect_none_waits();
}

TEST_P(CallbackStore, ReportsAreConfirmedOnceAndByTheirOwner)
{
    for (int i = 0; i < 2; ++i) accept(std::vector<store::NewMessage>(1, text(std::to_string(i))));
    auto reports = run(store->reports(account));
    ASSERT_EQ(reports.size(), 2u);
    auto other = add_account("Other");
    run(store->confirm_reports(other, {reports[0].id}));
    run(store->confirm_reports(account, {ids.next()}));
    run(store->confirm_reports(account, {}));
    EXPECT_EQ(run(store->reports(account)).size(), 2u);
    EXPECT_TRUE(run(store->reports(other)).empty());
    for (int i = 0; i < 2; ++i) run(store->confirm_reports(account, {reports[0].id}));
    ASSERT_EQ(run(store->reports(account)).size(), 1u);
    EXPECT_EQ(run(store->reports(account))[0].id, reports[1].id);
}

TEST_P(CallbackStore, ListsTheOldestHundredReports)
{
    std::vector<store::NewMessage> messages;
    for (int i = 0; i < 120; ++i) messages.push_back(text(std::to_string(i)));
    accept(messages);
    auto reports = run(store->reports(account));
    ASSERT_EQ(reports.size(), store::list_max);
    EXPECT_EQ(reports[0].content, "0");
    EXPECT_EQ(reports[99].content, "99");
}

INSTANTIATE_TEST_SUITE_P(Store, CallbackStore, testing::ValuesIn(store_kinds), name_of);

}  // namespace

}  // namespace tidings::test
