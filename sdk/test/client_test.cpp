// SPDX-License-Identifier: Apache-2.0
#include "tidings/client.hpp"

#include "stub.hpp"

#include <gtest/gtest.h>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <atomic>

namespace tidings::test {

namespace {

using namespace std::chrono_literals;
using Manner = StubAnswer::Manner;

constexpr const char* accepted = R"({"messages":[{"message_id":"m1","status":"queued"}]})";
constexpr const char* credits = R"({"remaining_credits":5})";

Options options_for(const Stub& stub)
{
    Options options;
    options.credentials = Basic{"KEY", "SECRET"};
    options.base_uri = stub.base_uri();
    options.retries.first_delay = 1ms;
    return options;
}

const Message hello{.content = "My first message", .destination_number = "+61491570156"};

TEST(Client, SendsAMessage)
{
    Stub stub([](auto&, auto) { return StubAnswer{.status = 202, .body = accepted}; });
    Options options = options_for(stub);
    options.base_uri += "/api/";
    options.account = "shop";
    Client client(options);
    auto sent = client.messages().send({.content = "My first message", .destination_number = "+61491570156"});
    ASSERT_TRUE(sent) << sent.error().what();
    EXPECT_EQ(sent->message_id, "m1");
    EXPECT_EQ(sent->status, Status::queued);
    StubRequest request = stub.requests().at(0);
    EXPECT_EQ(request.method(), http::verb::post);
    EXPECT_EQ(request.target(), "/api/v1/messages");
    EXPECT_EQ(request["Account"], "shop");
    EXPECT_EQ(request["Authorization"], "Basic S0VZOlNFQ1JFVA==");
    EXPECT_EQ(request["Content-Type"], "application/json");
    EXPECT_EQ(request.count("Idempotency-Key"), 0u);
}

TEST(Client, SignsWithThePathThatIsSent)
{
    Stub stub([](auto&, auto) { return StubAnswer{.body = credits}; });
    Options options = options_for(stub);
    options.base_uri += "/api";
    options.credentials = Hmac{"KEY", "SECRET"};
    ASSERT_TRUE(Client(options).credits());
    StubRequest request = stub.requests().at(0);
    EXPECT_EQ(request.target(), "/api/v1/messaging/credits");
    EXPECT_TRUE(request["Authorization"].starts_with(
        R"(hmac username="KEY", algorithm="hmac-sha256", headers="Date request-line", signature=")"));
}

TEST(Client, ARefusalIsAnErrorWithAllThatWasSaid)
{
    Stub stub([](auto&, auto) {
        return StubAnswer{.status = 400,
                          .body = R"({"message":"No","details":["/messages/0/content: empty"]})",
                          .headers = {{"X-Request-Id", "r1"}}};
    });
    auto sent = Client(options_for(stub)).messages().send(hello);
    ASSERT_FALSE(sent);
    Error error = sent.error();
    EXPECT_EQ(error.code, errc::refused);
    EXPECT_EQ(error.status, 400);
    EXPECT_EQ(error.message, "No");
    EXPECT_EQ(error.details.size(), 1u);
    EXPECT_EQ(error.request_id, "r1");
    EXPECT_EQ(std::string(error.what()).find("SECRET"), std::string::npos);
    EXPECT_THROW(sent.value(), Error);
}

TEST(Client, ConfirmsWithoutAskingForABody)
{
    Stub stub([](auto&, auto) { return StubAnswer{.status = 202, .body = ""}; });
    Client client(options_for(stub));
    EXPECT_TRUE(client.replies().confirm({"a", "b"}));
    EXPECT_TRUE(client.delivery_reports().confirm({"c"}));
    EXPECT_EQ(stub.requests().at(0).body(), R"({"reply_ids":["a","b"]})");
    EXPECT_EQ(stub.requests().at(1).target(), "/v1/delivery_reports/confirmed");
    EXPECT_EQ(stub.connections(), 1u);
}

TEST(Client, RepeatsWhatMayBeRepeated)
{
    Stub stub([](auto&, std::size_t index) {
        if (index == 0) return StubAnswer{.status = 503};
        if (index == 1) return StubAnswer{.manner = Manner::hangs_up};
        return StubAnswer{.body = credits};
    });
    EXPECT_EQ(Client(options_for(stub)).credits()->remaining, 5);
    EXPECT_EQ(stub.requests().size(), 3u);
}

TEST(Client, SendsOnceUnlessThereIsAnIdempotencyKey)
{
    Stub stub([](auto&, std::size_t index) {
        return index < 2 ? StubAnswer{.status = 503} : StubAnswer{.status = 202, .body = accepted};
    });
    Client client(options_for(stub));
    EXPECT_EQ(client.messages().send(hello).error().status, 503);
    EXPECT_EQ(stub.requests().size(), 1u);
    EXPECT_TRUE(client.messages().send(hello, {.idempotency_key = "k1"}));
    ASSERT_EQ(stub.requests().size(), 3u);
    for (std::size_t i : {1, 2}) EXPECT_EQ(stub.requests()[i]["Idempotency-Key"], "k1");
}

TEST(Client, DoesNotRepeatWhatWasRefusedForGood)
{
    Stub stub([](auto&, auto) { return StubAnswer{.status = 403}; });
    EXPECT_EQ(Client(options_for(stub)).credits().error().status, 403);
    EXPECT_EQ(stub.requests().size(), 1u);
}

TEST(Client, WaitsAsLongAsTheGatewayAsks)
{
    Stub stub([](auto&, std::size_t index) {
        StubAnswer no{.status = 429, .headers = {{"Retry-After", index == 0 ? "1" : "3600"}}};
        return no;
    });
    auto begin = std::chrono::steady_clock::now();
    auto answer = Client(options_for(stub)).credits();
    EXPECT_GE(std::chrono::steady_clock::now() - begin, 1s);
    EXPECT_EQ(stub.requests().size(), 2u);
    EXPECT_EQ(answer.error().retry_after, 3600s);
}

TEST(Client, GivesUpAfterItsTime)
{
    Stub stub([](auto&, auto) { return StubAnswer{.manner = Manner::is_silent}; });
    Options options = options_for(stub);
    options.timeout = 50ms;
    options.retries.attempts_max = 2;
    Client client(options);
    EXPECT_EQ(client.messages().send(hello).error().code, errc::timed_out);
    EXPECT_EQ(client.credits().error().code, errc::timed_out);
    EXPECT_EQ(stub.requests().size(), 3u);
}

TEST(Client, SaysWhereNobodyAnswers)
{
    Options options{.credentials = Basic{"KEY", "SECRET"}, .base_uri = "http://127.0.0.1:1"};
    options.retries.attempts_max = 1;
    Error error = Client(options).credits().error();
    EXPECT_EQ(error.code, boost::asio::error::connection_refused);
    EXPECT_EQ(error.message, "no answer from 127.0.0.1:1: Connection refused");
}

TEST(Client, NoticesThatAnIdleConnectionWasClosed)
{
    Stub stub([](auto&, auto) {
        return StubAnswer{.status = 202, .body = accepted, .manner = Manner::closes_after};
    });
    Client client(options_for(stub));
    for (int i = 0; i < 3; ++i) {
        ASSERT_TRUE(client.messages().send(hello));
        std::this_thread::sleep_for(20ms);  // until its end of the connection is here
    }
    EXPECT_EQ(stub.connections(), 3u);
}

TEST(Client, HasNoMoreConnectionsThanAllowed)
{
    Stub stub([](auto&, auto) { return StubAnswer{.body = credits, .delay = 5ms}; });
    Options options = options_for(stub);
    options.connections_max = 3;
    Client client(options);
    std::vector<std::future<Result<Credits>>> answers;
    for (int i = 0; i < 30; ++i) answers.push_back(client.async_credits(asio::use_future));
    for (auto& answer : answers) EXPECT_EQ(answer.get()->remaining, 5);
    EXPECT_EQ(stub.connections(), 3u);
    EXPECT_EQ(stub.most_at_once(), 3u);
}

TEST(Client, MayBeUsedByManyThreads)
{
    Stub stub([](auto&, auto) { return StubAnswer{.body = credits}; });
    asio::thread_pool pool(2);
    Client client(pool.get_executor(), options_for(stub));
    std::atomic<int> good = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&] {
            Client copy = client;
            for (int i = 0; i < 20; ++i) {
                if (copy.credits()) ++good;
                if (copy.async_credits(asio::use_future).get()) ++good;
            }
        });
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(good, 160);
    pool.join();
}

TEST(Client, CompletesOnTheExecutorOfItsHandler)
{
    Stub stub([](auto&, auto) { return StubAnswer{.body = credits}; });
    asio::io_context context;
    Client client(context.get_executor(), options_for(stub));
    auto here = std::this_thread::get_id();
    bool is_done = false;
    client.async_credits([&](Result<Credits> got) {
        EXPECT_EQ(std::this_thread::get_id(), here);
        is_done = got.has_value();
    });
    context.run();
    EXPECT_TRUE(is_done);
}

asio::awaitable<void> send_and_ask(Client client, std::string& log)
{
    auto sent = co_await client.messages().async_send(hello, asio::use_awaitable);
    log += sent.value().message_id;
    auto list = co_await client.replies().async_list(asio::use_awaitable);
    log += list ? "list" : " " + std::to_string(list.error().status);
}

TEST(Client, IsAwaitable)
{
    Stub stub([](auto&, std::size_t index) {
        return index == 0 ? StubAnswer{.status = 202, .body = accepted} : StubAnswer{.status = 404};
    });
    asio::io_context context;
    Client client(context.get_executor(), options_for(stub));
    std::string log;
    asio::co_spawn(context, send_and_ask(client, log), [](std::exception_ptr e) { EXPECT_FALSE(e); });
    context.run();
    EXPECT_EQ(log, "m1 404");
}

TEST(Client, CanBeCancelled)
{
    Stub stub([](auto&, auto) { return StubAnswer{.manner = Manner::is_silent}; });
    Options options = options_for(stub);
    options.connections_max = 1;
    asio::io_context context;
    Client client(context.get_executor(), options);
    asio::cancellation_signal sending, waiting;
    std::vector<boost::system::error_code> codes;
    auto note = [&codes](auto result) { codes.push_back(result.error().code); };
    client.messages().async_send(hello, asio::bind_cancellation_slot(sending.slot(), note));
    client.async_credits(asio::bind_cancellation_slot(waiting.slot(), note));
    asio::steady_timer timer(context);
    std::function<void()> cancel_when_sent = [&] {
        timer.expires_after(5ms);
        timer.async_wait([&](auto) {
            if (stub.requests().empty()) return cancel_when_sent();
            waiting.emit(asio::cancellation_type::terminal);
            sending.emit(asio::cancellation_type::terminal);
        });
    };
    cancel_when_sent();
    context.run();
    ASSERT_EQ(codes.size(), 2u);
    for (auto code : codes) EXPECT_EQ(code, asio::error::operation_aborted);
}

TEST(Client, EndsWhatIsUnderWayWhenItGoes)
{
    Stub stub([](auto&, auto) { return StubAnswer{.manner = Manner::is_silent}; });
    std::future<Result<Credits>> answer;
    {
        Client client(options_for(stub));
        answer = client.async_credits(asio::use_future);
        stub.wait_for_requests(1);
    }
    EXPECT_EQ(answer.get().error().code, asio::error::operation_aborted);
}

TEST(Client, DoesNotWaitForItself)
{
    Stub stub([](auto&, auto) { return StubAnswer{.body = credits}; });
    Client client(options_for(stub));
    std::promise<Result<Credits>> inner;
    client.async_credits([&](Result<Credits>) { inner.set_value(client.credits()); });
    EXPECT_EQ(inner.get_future().get().error().code, errc::bad_argument);
}

TEST(Client, RefusesWhatNoGatewayWouldTake)
{
    Stub stub([](auto&, auto) { return StubAnswer{}; });
    Client client(options_for(stub));
    EXPECT_EQ(client.messages().send_batch(std::vector<Message>{}).error().code, errc::bad_argument);
    EXPECT_EQ(client.messages().send_batch(std::vector<Message>(101)).error().code, errc::bad_argument);
    EXPECT_EQ(client.messages().get("").error().code, errc::bad_argument);
    EXPECT_EQ(client.messages().send(hello, {.idempotency_key = "a\nb"}).error().code, errc::bad_argument);
    EXPECT_EQ(client.replies().confirm(std::vector<std::string>(101)).error().code, errc::bad_argument);
    EXPECT_TRUE(stub.requests().empty());
    EXPECT_THROW(Client({.credentials = Basic{"K", "S"}, .base_uri = "nonsense"}), Error);
}

}  // namespace

}  // namespace tidings::test
