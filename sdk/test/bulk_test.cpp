// SPDX-License-Identifier: Apache-2.0
#include "tidings/client.hpp"

#include "stub.hpp"

#include <gtest/gtest.h>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/post.hpp>
#include <boost/json.hpp>

namespace tidings::test {

namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

Options options_for(const Stub& stub)
{
    return {.credentials = Basic{"KEY", "SECRET"}, .base_uri = stub.base_uri()};
}

std::vector<Message> numbered(std::size_t count)
{
    std::vector<Message> messages(count);
    for (std::size_t i = 0; i < count; ++i) messages[i].content = std::to_string(i);
    return messages;
}

// As a gateway: each message with an id, which here is its content.
StubAnswer accept(const StubRequest& request)
{
    json::value body = json::parse(request.body());
    for (json::value& message : body.at("messages").as_array()) {
        json::value id = message.at("content");
        message.as_object()["message_id"] = id;
    }
    return {.status = 202, .body = json::serialize(body), .delay = 5ms};
}

TEST(Bulk, SplitsAndKeepsTheOrder)
{
    Stub stub([](const StubRequest& request, auto) { return accept(request); });
    BulkOptions options;
    options.concurrency = 3;
    std::vector<Progress> progress;
    options.on_part = [&progress](const Part&, const Progress& now) { progress.push_back(now); };
    auto parts = Client(options_for(stub)).messages().send_all(numbered(1005), options).value();
    ASSERT_EQ(parts.size(), 11u);
    std::size_t next = 0;
    for (const Part& part : parts) {
        EXPECT_EQ(part.first, next);
        for (const Message& message : part.result.value())
            EXPECT_EQ(message.message_id, std::to_string(next++));
    }
    EXPECT_EQ(next, 1005u);
    EXPECT_EQ(parts.back().count, 5u);
    EXPECT_EQ(progress.size(), 11u);
    EXPECT_EQ(progress.back().accepted, 1005u);
    EXPECT_EQ(stub.most_at_once(), 3u);
}

TEST(Bulk, APartThatFailsDoesNotStopTheOthers)
{
    Stub stub([](const StubRequest& request, auto) {
        if (request.body().find(R"("150")") != std::string::npos)
            return StubAnswer{.status = 400, .body = R"({"message":"No"})"};
        return accept(request);
    });
    BulkOptions options{.idempotency_key = "job"};
    auto parts = Client(options_for(stub)).messages().send_all(numbered(300), options).value();
    EXPECT_TRUE(parts[0].result);
    EXPECT_EQ(parts[1].result.error().message, "No");
    EXPECT_TRUE(parts[2].result);
    std::set<std::string> keys;
    for (const StubRequest& request : stub.requests()) keys.emplace(request["Idempotency-Key"]);
    EXPECT_EQ(keys, (std::set<std::string>{"job-1", "job-2", "job-3"}));
}

TEST(Bulk, PartsThatWentOutBeforeAreNotSent)
{
    Stub stub([](const StubRequest& request, auto) { return accept(request); });
    BulkOptions options{.idempotency_key = "job", .skip = {0, 2, 7}};
    Progress last;
    options.on_part = [&last](const Part&, const Progress& progress) { last = progress; };
    auto parts = Client(options_for(stub)).messages().send_all(numbered(300), options).value();
    ASSERT_EQ(stub.requests().size(), 1u);
    EXPECT_EQ(stub.requests()[0]["Idempotency-Key"], "job-2");
    EXPECT_EQ(last.accepted, 300u);
    EXPECT_TRUE(parts[0].result->empty());
}

TEST(Bulk, OfNothingIsNothing)
{
    Stub stub([](auto&, auto) { return StubAnswer{}; });
    Client client(options_for(stub));
    EXPECT_TRUE(client.messages().send_all({})->empty());
    EXPECT_EQ(client.messages().send_all(numbered(1), {.part_size = 101}).error().code, errc::bad_argument);
    EXPECT_EQ(client.messages().send_all(numbered(1), {.concurrency = 0}).error().code, errc::bad_argument);
}

TEST(Bulk, CancelledSaysOfEachPartWhatBecameOfIt)
{
    Stub stub([](const StubRequest& request, std::size_t index) {
        StubAnswer answer = accept(request);
        if (index > 0) answer.manner = StubAnswer::Manner::is_silent;
        return answer;
    });
    asio::io_context context;
    Client client(context.get_executor(), options_for(stub));
    asio::cancellation_signal signal;
    BulkOptions options{.concurrency = 1};
    options.on_part = [&](const Part&, const Progress&) {
        asio::post(context, [&] { signal.emit(asio::cancellation_type::terminal); });
    };
    std::vector<Part> parts;
    auto take = [&parts](Result<std::vector<Part>> result) { parts = std::move(*result); };
    client.messages().async_send_all(numbered(300), options,
                                     asio::bind_cancellation_slot(signal.slot(), take));
    context.run();
    ASSERT_EQ(parts.size(), 3u);
    EXPECT_TRUE(parts[0].result);
    for (std::size_t i : {1, 2}) EXPECT_EQ(parts[i].result.error().code, asio::error::operation_aborted);
}

TEST(Bulk, ACallbackThatThrowsEndsIt)
{
    Stub stub([](const StubRequest& request, auto) { return accept(request); });
    BulkOptions options{.concurrency = 1};
    options.on_part = [](const Part&, const Progress&) { throw std::runtime_error("full"); };
    auto parts = Client(options_for(stub)).messages().send_all(numbered(300), options).value();
    EXPECT_TRUE(parts[0].result);
    EXPECT_EQ(parts[2].result.error().code, asio::error::operation_aborted);
    EXPECT_EQ(stub.requests().size(), 1u);
}

}  // namespace

}  // namespace tidings::test
