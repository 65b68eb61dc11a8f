// SPDX-License-Identifier: Apache-2.0
#include "support/store_contract.hpp"

#include <thread>

namespace tidings::test {

namespace {

class DuplicatesStore : public StoreContract {
protected:
    DuplicatesStore() { set_window(24h); }

    void set_window(std::chrono::seconds window)
    {
        auto edit = [window](store::Account& it) { it.duplicate_window = window; };
        EXPECT_TRUE(run(store->change_account(account, edit)));
    }
    Code sent(const store::NewMessage& message)
    {
        accept(message);
        return code(message);
    }
    Code sent(const std::string& content) { return sent(text(content)); }
    Code code(const store::NewMessage& message) { return run(store->trace(message.id)).value().code; }

    store::NewMessage at(base::Time time, const std::string& content)
    {
        store::NewMessage message = text(content);
        message.submission.scheduled = time;
        return message;
    }
    // An earlier message with this content that ended so.
    void end_with(const std::string& content, Code code)
    {
        store::NewMessage message = text(content);
        accept(message);
        record(message, code);
    }
};

TEST_P(DuplicatesStore, TheSameWithinADayIsRejectedAndNotSent)
{
    store::NewMessage first = text("Hello"), second = text("Hello");
    accept(first);
    accept(second);
    EXPECT_EQ(status(second), Status::rejected);
    EXPECT_EQ(codes(), (std::vector{Code::processing, Code::duplicate}));
    EXPECT_EQ(run(store->trace(second.id))->steps,
              (std::vector<store::Step>{{clock.now(), Code::duplicate, "repeats " + first.id.text()}}));
    EXPECT_EQ(take_due(1), std::vector<std::string>{"Hello"});
    expect_nothing_due();
}

TEST_P(DuplicatesStore, TheWindowEndsToTheMillisecondAndARejectedOneDoesNotExtendIt)
{
    EXPECT_EQ(sent("Hello"), Code::processing);
    clock.advance(12h);
    EXPECT_EQ(sent("Hello"), Code::duplicate);
    clock.advance(12h - 1ms);
    release();
    EXPECT_EQ(sent("Hello"), Code::duplicate);
    clock.advance(1ms);
    EXPECT_EQ(sent("Hello"), Code::processing) << "swept or not";
    release();
    EXPECT_EQ(sent("Hello"), Code::duplicate) << "of the second";
}

TEST_P(DuplicatesStore, AWindowThatBeganAfterTheLastSweepCountsInTheNext)
{
    set_window(0s);
    release();
    set_window(24h);
    EXPECT_EQ(sent("Hello"), Code::processing);
    wait(1s);
    EXPECT_EQ(sent("Hello"), Code::duplicate);
}

TEST_P(DuplicatesStore, WhatDiffersIsSent)
{
    EXPECT_EQ(sent("Hello"), Code::processing);
    EXPECT_EQ(sent("Hello "), Code::processing);
    store::NewMessage same_number = text("Hello"), other_number = text("Hello");
    same_number.submission.destination = "61491570156";
    other_number.submission.destination = "+61491570157";
    EXPECT_EQ(sent(same_number), Code::duplicate);
    EXPECT_EQ(sent(other_number), Code::processing);
    account = add_account("Other");
    set_window(24h);
    EXPECT_EQ(sent("Hello"), Code::processing);
}

TEST_P(DuplicatesStore, WithinOneRequestTheFirstIsSent)
{
    std::vector<store::NewMessage> batch{text("Hello"), text("Hello"), text("Bye"), text("Hello")};
    accept(batch);
    EXPECT_EQ(codes(), (std::vector{Code::processing, Code::duplicate, Code::processing, Code::duplicate}));
}

TEST_P(DuplicatesStore, OfConcurrentRequestsExactlyOneIsSent)
{
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i)
        threads.emplace_back([this, message = text("Hello")] { run(store->accept(account, {message})); });
    for (std::thread& thread : threads) thread.join();
    std::vector<Code> found = codes();
    EXPECT_EQ(std::ranges::count(found, Code::processing), 1);
    EXPECT_EQ(std::ranges::count(found, Code::duplicate), 7);
}

TEST_P(DuplicatesStore, AreKnownAfterARestart)
{
    for (int i = 0; i < 5; ++i) EXPECT_EQ(sent(std::to_string(i)), Code::processing);
    restart();
    for (int i = 0; i < 5; ++i) EXPECT_EQ(sent(std::to_string(i)), Code::duplicate) << i;
    EXPECT_EQ(sent("5"), Code::processing);
    restart();
    EXPECT_EQ(sent("5"), Code::duplicate);
    clock.advance(24h);
    release();
    restart();
    for (int i = 0; i < 6; ++i) EXPECT_EQ(sent(std::to_string(i)), Code::processing) << i;
}

TEST_P(DuplicatesStore, CostNothing)
{
    run(store->set_credits(account, 5));
    store::NewMessage message = text("Hello");
    message.cost = 2;
    accept(message);
    message.id = ids.next();
    accept(message);
    message.id = ids.next();
    message.submission.scheduled = clock.now() + 1h;
    accept(message);
    EXPECT_EQ(run(store->credits(account)), 1) << "a scheduled one is paid when it is accepted";
    clock.advance(1h);
    release();
    EXPECT_EQ(code(message), Code::duplicate);
    EXPECT_EQ(run(store->credits(account)), 3);
}

TEST_P(DuplicatesStore, AMessageThatTheBalanceDoesNotAllowBlocksNothing)
{
    run(store->set_credits(account, 0));
    store::NewMessage message = text("Hello");
    message.cost = 1;
    EXPECT_EQ(sent(message), Code::usage_threshold);
    run(store->set_credits(account, 1));
    message.id = ids.next();
    EXPECT_EQ(sent(message), Code::processing);
}

TEST_P(DuplicatesStore, AScheduledMessageCountsFromItsRelease)
{
    base::Time start = clock.now();
    store::NewMessage first = at(start + 6h, "Hello"), second = at(start + 7h, "Hello");
    accept({first, second});
    EXPECT_EQ(status(second), Status::scheduled);
    EXPECT_EQ(sent("Hello"), Code::processing) << "it is the first to leave";
    clock.set(start + 7h);
    release();
    EXPECT_EQ(code(first), Code::duplicate);
    EXPECT_EQ(code(second), Code::duplicate);
    clock.set(start + 24h);
    EXPECT_EQ(sent("Hello"), Code::processing);

    accept(at(start + 25h, "Bye"));
    clock.set(start + 25h);
    release();
    clock.set(start + 49h - 1ms);
    EXPECT_EQ(sent("Bye"), Code::duplicate);
    clock.set(start + 49h);
    EXPECT_EQ(sent("Bye"), Code::processing);
}

TEST_P(DuplicatesStore, ACancelledMessageBlocksNothing)
{
    store::NewMessage cancelled = at(clock.now() + 1h, "Hello");
    accept(cancelled);
    EXPECT_TRUE(run(store->cancel(account, cancelled.id)));
    EXPECT_EQ(sent("Hello"), Code::processing);
}

TEST_P(DuplicatesStore, WhatNeverReachedACarrierBlocksNothing)
{
    for (Code end : {Code::gateway_failure, Code::discarded, Code::no_route, Code::source_unsupported,
                     Code::expired_before_submission}) {
        std::string content = std::to_string(static_cast<int>(end));
        end_with(content, end);
        EXPECT_EQ(sent(content), Code::processing) << content;
        EXPECT_EQ(sent(content), Code::duplicate) << content;
    }
    for (Code end : {Code::rejected_by_carrier, Code::undeliverable, Code::invalid_destination}) {
        std::string content = std::to_string(static_cast<int>(end));
        end_with(content, end);
        EXPECT_EQ(sent(content), Code::duplicate) << content;
    }
}

TEST_P(DuplicatesStore, TheWindowIsTheAccounts)
{
    set_window(1h);
    EXPECT_EQ(sent("Hello"), Code::processing);
    clock.advance(1h - 1ms);
    EXPECT_EQ(sent("Hello"), Code::duplicate);
    clock.advance(1ms);
    EXPECT_EQ(sent("Hello"), Code::processing);
    set_window(0s);
    EXPECT_EQ(sent("Hello"), Code::processing);
    EXPECT_EQ(sent("Hello"), Code::processing);
}

INSTANTIATE_TEST_SUITE_P(Store, DuplicatesStore, testing::ValuesIn(store_kinds), name_of);

}  // namespace

}  // namespace tidings::test
