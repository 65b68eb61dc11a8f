// SPDX-License-Identifier: Apache-2.0
#include "support/store_contract.hpp"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <random>
#include <thread>

namespace tidings::test {

namespace {

class MessageStore : public StoreContract {
protected:
    store::NewMessage later(const std::string& content, std::chrono::minutes by)
    {
        store::NewMessage message = text(content);
        message.submission.scheduled = clock.now() + by;
        return message;
    }

    std::vector<store::Outbound> take_outbound(std::size_t count)
    {
        std::vector<store::Outbound> taken;
        while (taken.size() < count)
            for (auto& message : run(store->take_due(count - taken.size())))
                taken.push_back(std::move(message));
        return taken;
    }

    std::vector<std::string> accept_numbered(std::size_t count)
    {
        std::vector<std::string> contents;
        std::vector<store::NewMessage> batch;
        for (std::size_t i = 0; i < count; ++i) {
            contents.push_back(std::to_string(i));
            batch.push_back(text(contents.back()));
            if (batch.size() == 1'000 || i + 1 == count) accept(std::exchange(batch, {}));
        }
        return contents;
    }
};

TEST_P(MessageStore, FindsWhatWasAcceptedAsItWasWritten)
{
    store::NewMessage message = text("Grüße \U0001F600");
    message.submission.destination = "61491570156";
    message.submission.callback_url = "https://example.com/hook";
    message.submission.subject = "A subject";
    message.submission.source_type = message::SourceType::international;
    message.submission.expiry = clock.now() + 5min;
    message.submission.media = {"https://example.com/1.png", "https://example.com/2.png"};
    message.submission.metadata = {{"z", "1"}, {"a", ""}, {"\"", "\\"}};
    accept(message);

    auto found = run(store->find(account, message.id));
    ASSERT_TRUE(found);
    EXPECT_EQ(found->id, message.id);
    EXPECT_EQ(found->status, Status::enroute);
    const message::Submission &is = found->submission, &was = message.submission;
    EXPECT_EQ(is.content, was.content);
    EXPECT_EQ(is.destination, was.destination);
    EXPECT_EQ(is.callback_url, was.callback_url);
    EXPECT_EQ(is.subject, was.subject);
    EXPECT_EQ(is.source, was.source);
    EXPECT_EQ(is.source_type, was.source_type);
    EXPECT_EQ(is.delivery_report, was.delivery_report);
    EXPECT_EQ(is.expiry, was.expiry);
    EXPECT_EQ(is.scheduled, was.scheduled);
    EXPECT_EQ(is.media, was.media);
    EXPECT_EQ(is.metadata, was.metadata);
}

TEST_P(MessageStore, FindsNothingForAnotherAccount)
{
    store::NewMessage message = text("mine");
    accept(message);
    EXPECT_FALSE(run(store->find(add_account("Other"), message.id)));
    EXPECT_FALSE(run(store->find(account, ids.next())));
}

TEST_P(MessageStore, TellsProcessingOnlyToThoseWhoAskedForReports)
{
    store::NewMessage told = text("told"), silent = text("silent");
    told.submission.metadata = {{"key", "value"}};
    silent.submission.delivery_report = false;
    accept({silent, told});

    auto reports = run(store->reports(account));
    ASSERT_EQ(reports.size(), 1u);
    EXPECT_EQ(reports[0].message, told.id);
    EXPECT_EQ(reports[0].code, Code::processing);
    EXPECT_EQ(reports[0].changed_at, clock.now());
    EXPECT_EQ(reports[0].created_at, clock.now());
    EXPECT_EQ(reports[0].destination, "+61491570156");
    EXPECT_EQ(reports[0].content, "told");
    EXPECT_EQ(reports[0].account, "MyAccount");
    EXPECT_EQ(reports[0].metadata, told.submission.metadata);
    EXPECT_EQ(status(silent), Status::enroute);
}

TEST_P(MessageStore, GivesWhatIsDueOnceAndInOrder)
{
    accept({text("1"), text("2")});
    accept(text("3"));
    EXPECT_EQ(take_due(3), (std::vector<std::string>{"1", "2", "3"}));
    expect_nothing_due();
}

TEST_P(MessageStore, TellsTheWayOutWhatItNeeds)
{
    store::NewMessage message = text("content");
    message.submission.format = message::Format::tts;
    message.submission.expiry = clock.now() + 1h;
    message.submission.source = "Tidings";
    accept(message);
    store::Outbound outbound = take_outbound(1)[0];
    EXPECT_EQ(outbound.key, key(message));
    EXPECT_EQ(outbound.format, message::Format::tts);
    EXPECT_EQ(outbound.content, "content");
    EXPECT_EQ(outbound.destination, "61491570156");
    EXPECT_EQ(outbound.sender, "Tidings");
    EXPECT_EQ(outbound.sender_type, message::SourceType::alphanumeric);
    EXPECT_EQ(outbound.expiry, message.submission.expiry);
}

TEST_P(MessageStore, WhatWasTakenAndNotRecordedIsDueAgainAfterARestart)
{
    store::NewMessage done = text("done"), open = text("open"), failed = text("failed");
    accept({done, open, failed});
    take_due(3);
    submitted(done, {"1"});
    record(failed, Code::no_route);
    restart();
    EXPECT_EQ(take_due(1), std::vector<std::string>{"open"});
    expect_nothing_due();
    EXPECT_EQ(status(failed), Status::failed);
}

TEST_P(MessageStore, ScheduledMessagesWaitForTheirTime)
{
    store::NewMessage second = later("second", 10min), first = later("first", 5min),
                      past = later("past", -5min);
    accept({second, first, past});
    EXPECT_EQ(status(second), Status::scheduled);
    EXPECT_EQ(status(past), Status::enroute);
    EXPECT_EQ(codes(), std::vector{Code::processing});
    EXPECT_EQ(run(store->counts()).scheduled, 2u);
    EXPECT_EQ(take_due(1), std::vector<std::string>{"past"});

    clock.advance(5min - 1ms);
    release();
    EXPECT_EQ(status(first), Status::scheduled);
    restart();
    clock.advance(1ms);
    release();
    EXPECT_EQ(status(first), Status::enroute);
    EXPECT_EQ(status(second), Status::scheduled);
    clock.advance(1h);
    release();
    EXPECT_EQ(take_due(3), (std::vector<std::string>{"past", "first", "second"}));
    EXPECT_EQ(codes(), (std::vector{Code::processing, Code::processing, Code::processing}));
    EXPECT_EQ(run(store->counts()).scheduled, 0u);
}

// With TIDINGS_LONG_TESTS as many as an operator may have due at eight in the morning.
TEST_P(MessageStore, ReleasesAnyNumberOfScheduledMessagesInTheOrderOfTheirTimes)
{
    const int count = std::getenv("TIDINGS_LONG_TESTS") ? 1'000'000 : 20'000;
    constexpr int batch = 1'000;
    std::vector<int> times(static_cast<std::size_t>(count));  // all within one second, some at the same time
    for (int i = 0; i < count; ++i) times[static_cast<std::size_t>(i)] = i % 1'000;
    std::shuffle(times.begin(), times.end(), std::mt19937(1));
    for (int from = 0; from < count; from += batch) {
        std::vector<store::NewMessage> messages;
        for (int i = from; i < from + batch; ++i) {
            int time = times[static_cast<std::size_t>(i)];
            messages.push_back(text(std::to_string(time)));
            messages.back().submission.delivery_report = false;
            messages.back().submission.scheduled = clock.now() + 1h + std::chrono::milliseconds(time);
        }
        accept(std::move(messages));
    }
    clock.advance(1h + 1s);

    release();
    int last = 0;
    for (int taken = 0; taken < count;)
        for (const store::Outbound& message : run(store->take_due(batch))) {
            int time = std::stoi(message.content);
            ASSERT_GE(time, last);
            last = time;
            ++taken;
        }
    expect_nothing_due();
}

TEST_P(MessageStore, ReleasesManyInBatches)
{
    std::vector<store::NewMessage> messages;
    for (int i = 0; i < 1'000; ++i) messages.push_back(later(std::to_string(i), std::chrono::minutes(1)));
    accept(messages);
    clock.advance(1min);
    EXPECT_TRUE(run(store->release(clock.now())));
    release();
    EXPECT_EQ(take_due(1'000).size(), 1'000u);
    expect_nothing_due();
}

TEST_P(MessageStore, ACancelledMessageNeverLeaves)
{
    store::NewMessage message = later("cancelled", 5min);
    accept(message);
    for (int attempt = 0; attempt < 2; ++attempt) {
        auto cancelled = run(store->cancel(account, message.id));
        ASSERT_TRUE(cancelled);
        EXPECT_EQ(cancelled->status, Status::cancelled);
        EXPECT_EQ(cancelled->submission.content, "cancelled");
    }
    clock.advance(1h);
    release();
    EXPECT_EQ(status(message), Status::cancelled);
    EXPECT_TRUE(codes().empty());
    expect_nothing_due();
}

TEST_P(MessageStore, CancelsOnlyWhatIsScheduledAndOwn)
{
    store::NewMessage due = text("due"), scheduled = later("scheduled", 5min);
    accept({due, scheduled});
    EXPECT_EQ(run(store->cancel(account, due.id)).error(), base::errc::not_scheduled);
    EXPECT_EQ(run(store->cancel(account, ids.next())).error(), base::errc::not_found);
    EXPECT_EQ(run(store->cancel(add_account("Other"), scheduled.id)).error(), base::errc::not_found);
    EXPECT_EQ(status(scheduled), Status::scheduled);
}

TEST_P(MessageStore, OfCancelAndReleaseExactlyOneWins)
{
    std::vector<store::NewMessage> messages;
    for (int i = 0; i < 200; ++i) messages.push_back(later("raced", std::chrono::minutes(1)));
    accept(messages);
    clock.advance(1min);

    std::atomic<std::size_t> cancelled = 0;
    auto cancel = [&](std::size_t from) {
        for (std::size_t i = from; i < messages.size(); i += 2)
            if (run(store->cancel(account, messages[i].id))) ++cancelled;
    };
    std::thread even(cancel, 0), odd(cancel, 1), releasing([&] { release(); });
    even.join();
    odd.join();
    releasing.join();
    EXPECT_EQ(take_due(messages.size() - cancelled).size() + cancelled, messages.size());
    expect_nothing_due();
}

TEST_P(MessageStore, ManyMayAcceptAtOnce)
{
    std::vector<std::vector<store::NewMessage>> batches(4);
    for (auto& batch : batches)
        for (int i = 0; i < 50; ++i) batch.push_back(text("content"));
    std::vector<std::thread> threads;
    for (auto& batch : batches)
        threads.emplace_back([&] {
            for (auto& message : batch) accept(message);
        });
    for (auto& thread : threads) thread.join();

    for (auto& batch : batches)
        for (auto& message : batch) EXPECT_EQ(status(message), Status::enroute);
    EXPECT_EQ(take_due(200).size(), 200u);
    expect_nothing_due();
}

TEST_P(MessageStore, MoreThanMemoryHoldsIsTakenOnceAndInOrder)
{
    std::vector<std::string> contents = accept_numbered(25'000);
    EXPECT_EQ(run(store->counts()).due, 25'000u);
    EXPECT_EQ(take_due(25'000), contents);
    expect_nothing_due();
}

TEST_P(MessageStore, TakingWhileOthersAcceptLosesNothing)
{
    std::vector<std::string> contents, taken;
    std::thread taking([&] { taken = take_due(3'000); });
    for (int i = 0; i < 300; ++i) {
        std::vector<store::NewMessage> batch;
        for (int j = 0; j < 10; ++j) {
            contents.push_back(std::to_string(contents.size()));
            batch.push_back(text(contents.back()));
        }
        accept(batch);
    }
    taking.join();
    EXPECT_EQ(taken, contents);
    expect_nothing_due();
}

TEST_P(MessageStore, ALinkGetsWhatWasHandedToItInOrder)
{
    auto other = run(store->open_links({"carrier", "other"}))[1];
    accept({text("1"), text("2"), text("3")});
    auto messages = take_outbound(3);
    run(store->hand_over(link, {messages[0]}));
    run(store->hand_over(other, {messages[1]}));
    run(store->hand_over(link, {messages[2]}));
    EXPECT_EQ(take_for(link, 2), (std::vector<std::string>{"1", "3"}));
    EXPECT_EQ(take_for(other, 1), std::vector<std::string>{"2"});
}

TEST_P(MessageStore, WhatACarrierHasOfAMessageOutlivesARestart)
{
    store::NewMessage message = text("long");
    accept(message);
    EXPECT_EQ(take_outbound(1)[0].taken, std::nullopt);
    store::Change change{.key = key(message), .at = clock.now(), .link = link, .carrier_ids = {}};
    change.taken = store::PartsTaken{link, 0xABCD, {"1", {}, "", std::string(255, 'x')}};
    run(store->record({change}));
    restart();
    EXPECT_EQ(take_outbound(1)[0].taken, change.taken);
    submitted(message, {"1", "2", "", "4"});
    restart();
    EXPECT_EQ(status(message), Status::submitted);
}

TEST_P(MessageStore, ALinkThatIsDownHoldsUpNobody)
{
    auto other = run(store->open_links({"carrier", "other"}))[1];
    std::vector<std::string> contents = accept_numbered(12'000);
    for (std::size_t handed = 0; handed < contents.size();) {
        auto messages = run(store->take_due(500));
        handed += messages.size();
        run(store->hand_over(link, std::move(messages)));
    }
    accept(text("for the other"));
    run(store->hand_over(other, run(store->take_due(1))));
    EXPECT_EQ(take_for(other, 1), std::vector<std::string>{"for the other"});
    EXPECT_EQ(run(store->counts()).due, 12'001u);

    EXPECT_EQ(take_for(link, 12'000), contents);
    accept(text("the last"));
    run(store->hand_over(link, run(store->take_due(1))));
    EXPECT_EQ(take_for(link, 1), std::vector<std::string>{"the last"});
}

TEST_P(MessageStore, AfterARestartEverythingForALinkIsThereAgain)
{
    std::vector<std::string> contents = accept_numbered(40);
    for (std::size_t handed = 0; handed < contents.size();) {
        auto messages = run(store->take_due(10));
        handed += messages.size();
        run(store->hand_over(link, std::move(messages)));
    }
    take_for(link, 20);
    restart();
    auto on_disk = run(store->counts()).due;
    EXPECT_EQ(on_disk, contents.size());
    run(store->open_links({"other"}));  // whatever still stood in the link's own queue
    EXPECT_EQ(take_due(contents.size()).size(), contents.size());
    expect_nothing_due();
}

TEST_P(MessageStore, WhatWaitedForARemovedLinkIsDueAgain)
{
    std::vector<std::string> contents = accept_numbered(6);
    auto messages = take_outbound(6);
    for (auto& message : messages) run(store->hand_over(link, {message}));
    EXPECT_EQ(take_for(link, 1), std::vector<std::string>{"0"});
    auto keys = run(store->open_links({"new"}));
    EXPECT_NE(keys[0], link);
    auto again = take_due(5);
    std::sort(again.begin(), again.end());
    EXPECT_EQ(again, (std::vector<std::string>{"1", "2", "3", "4", "5"}));
    expect_nothing_due();
}

TEST_P(MessageStore, ALinkKeepsItsKey)
{
    EXPECT_EQ(run(store->open_links({"other", "carrier"}))[1], link);
    restart();
    EXPECT_EQ(run(store->open_links({"new", "carrier"}))[1], link);
}

TEST_P(MessageStore, WhatWasPutBackIsDueAtItsTime)
{
    store::NewMessage message = text("again");
    accept(message);
    EXPECT_EQ(take_due(1).size(), 1u);
    run(store->put_back({key(message)}, clock.now() + 30s));
    EXPECT_EQ(run(store->counts()).due, 1u);
    EXPECT_EQ(run(store->counts()).scheduled, 0u);
    release();
    expect_nothing_due();
    clock.advance(30s);
    release();
    EXPECT_EQ(take_due(1), std::vector<std::string>{"again"});
    EXPECT_EQ(run(store->cancel(account, message.id)).error(), base::errc::not_scheduled);
    EXPECT_EQ(codes(), (std::vector{Code::processing, Code::processing}));
}

TEST_P(MessageStore, WhatIsSubmittedCannotBePutBack)
{
    store::NewMessage message = submit(text("out"), {"1"});
    run(store->put_back({key(message)}, clock.now()));
    release();
    expect_nothing_due();
}

TEST_P(MessageStore, RecordsWhatTheRulesAllow)
{
    store::NewMessage message = text("expired");
    accept(message);
    take_due(1);
    record(message, Code::expired_before_submission);
    record(message, Code::processing);
    submitted(message, {"1"});
    EXPECT_EQ(status(message), Status::expired);
    EXPECT_EQ(codes(), (std::vector{Code::processing, Code::expired_before_submission}));
    EXPECT_EQ(run(store->counts()).due, 0u);
}

TEST_P(MessageStore, LivesFortyFiveDaysFromItsAcceptance)
{
    store::NewMessage message = submit(text("old"), {"1"});
    receive(reply("old, too"));
    clock.advance(45 * 24h - 1min);
    release();
    EXPECT_TRUE(run(store->find(account, message.id)));
    EXPECT_EQ(codes().size(), 2u);

    clock.advance(2min);
    release();
    EXPECT_FALSE(run(store->find(account, message.id)));
    EXPECT_TRUE(codes().empty());
    EXPECT_TRUE(reply_contents().empty());
    receive("1", Code::delivered);  // finds nothing, and does no harm
    receive(reply("to nothing"));
    EXPECT_EQ(run(store->counts()).unmatched_replies, 1u);
}

TEST_P(MessageStore, LivesFortyFiveDaysFromItsScheduledTimeIfThatIsLater)
{
    store::NewMessage message = text("far ahead");
    message.submission.scheduled = clock.now() + 60 * 24h;
    accept(message);
    clock.advance(50 * 24h);
    release();
    EXPECT_EQ(status(message), Status::scheduled);
    clock.advance(54 * 24h);
    release();
    EXPECT_EQ(take_due(1), std::vector<std::string>{"far ahead"});
    EXPECT_EQ(status(message), Status::enroute);
    clock.advance(2 * 24h);
    release();
    EXPECT_FALSE(run(store->find(account, message.id)));
}

TEST_P(MessageStore, ThoseWhoWaitAreLetGo)
{
    std::atomic<int> gone = 0;
    auto expect_aborted = [&gone](auto work) {
        try {
            run(std::move(work));
        } catch (const boost::system::system_error& error) {
            gone += error.code() == boost::asio::error::operation_aborted;
        }
    };
    std::thread due([&] { expect_aborted(store->take_due(1)); });
    std::thread for_link([&] { expect_aborted(store->take_for(link, 1)); });
    std::thread callbacks([&] { expect_aborted(store->take_callbacks(1)); });
    store->stop_waiting();
    due.join();
    for_link.join();
    callbacks.join();
    EXPECT_EQ(gone, 3);
    accept(text("still works"));
    EXPECT_EQ(codes().size(), 1u);
}

TEST_P(MessageStore, WhatALinkRefusedIsDueAgainAndRemembersIt)
{
    store::NewMessage message = text("refused");
    accept(message);
    EXPECT_TRUE(take_outbound(1)[0].refused_by.empty());
    record(message, Code::none);
    restart();
    EXPECT_EQ(take_outbound(1)[0].refused_by, std::vector{link});
    EXPECT_EQ(codes(), std::vector{Code::processing}) << "nothing is told of it";
    record(message, Code::rerouting);
    EXPECT_EQ(codes(), (std::vector{Code::processing, Code::rerouting}));
    expect_nothing_due();
}

TEST_P(MessageStore, ShowsWhatEachLinkLastSaidOfItself)
{
    EXPECT_TRUE(run(store->link_statuses()).empty());
    auto other = run(store->open_links({"carrier", "other"}))[1];
    store::LinkStatus status;
    status.link = link;
    status.rate = 12.5;
    store::LinkStatus second;
    second.link = other;
    second.name = "other";
    run(store->set_link_status(second));
    run(store->set_link_status(status));
    status.bound = 1;
    status.responses.add(5ms);
    status.responses.add(6ms);
    status.responses.add(11s);
    run(store->set_link_status(status));

    std::vector<store::LinkStatus> statuses = run(store->link_statuses());
    ASSERT_EQ(statuses.size(), 2u);
    EXPECT_EQ(statuses[0], status);
    EXPECT_EQ(statuses[1], second);
    EXPECT_EQ(statuses[0].responses.counts.front(), 1u);
    EXPECT_EQ(statuses[0].responses.counts[1], 1u);
    EXPECT_EQ(statuses[0].responses.counts.back(), 1u);
    EXPECT_DOUBLE_EQ(statuses[0].responses.sum_s, 11.011);
}

TEST_P(MessageStore, MakesDueAgainWhatWaitsForALink)
{
    accept_numbered(5);
    std::vector<store::Outbound> taken = take_outbound(5);
    run(store->hand_over(link, {taken.begin(), taken.begin() + 4}));
    auto other = run(store->open_links({"carrier", "other"}))[1];
    run(store->hand_over(other, {taken[4]}));
    EXPECT_EQ(run(store->take_for(link, 1)).at(0).content, "0");

    run(store->make_due_again(link));
    std::vector<std::string> contents;
    for (const auto& message : take_outbound(3)) contents.push_back(message.content);
    std::ranges::sort(contents);
    EXPECT_EQ(contents, (std::vector<std::string>{"1", "2", "3"}));
    expect_nothing_due();
    EXPECT_EQ(run(store->take_for(other, 1)).at(0).content, "4");
}

TEST_P(MessageStore, CountsWhatWaitsForALink)
{
    base::Time first = clock.now();
    accept_numbered(1);
    clock.advance(1min);
    accept_numbered(4);
    std::vector<store::Outbound> taken = take_outbound(5);
    run(store->hand_over(link, taken));
    store::LinkStatus status;
    status.link = link;
    run(store->set_link_status(status));
    auto told = run(store->link_statuses()).at(0);
    EXPECT_EQ(told.waiting, 5u);
    EXPECT_EQ(told.due_since, first);
    std::size_t left = 5;
    while (left > 0) left -= run(store->take_for(link, left)).size();
    told = run(store->link_statuses()).at(0);
    EXPECT_EQ(told.waiting, 0u);
    EXPECT_FALSE(told.due_since);

    run(store->forget_link_status(link));
    EXPECT_TRUE(run(store->link_statuses()).empty());
}

INSTANTIATE_TEST_SUITE_P(Store, MessageStore, testing::ValuesIn(store_kinds), name_of);

}  // namespace

}  // namespace tidings::test
