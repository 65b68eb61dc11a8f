// SPDX-License-Identifier: Apache-2.0
#include "tidings/client.hpp"

#include "stub.hpp"

#include <gtest/gtest.h>
#include <boost/asio/use_future.hpp>
#include <boost/json.hpp>

#include <set>

namespace tidings::test {

namespace {

namespace json = boost::json;

// A gateway that has replies, and lists the oldest of those that are not confirmed.
class Waiting {
public:
    explicit Waiting(std::size_t count)
    {
        for (std::size_t i = 0; i < count; ++i) ids_.insert(1000 + i);
    }
    StubAnswer operator()(const StubRequest& request)
    {
        if (request.method() == http::verb::post) {
            json::value body = json::parse(request.body());
            for (const json::value& id : body.at("reply_ids").as_array())
                ids_.erase(std::stoul(std::string(id.as_string())));
            return {.status = 202};
        }
        json::array list;
        for (std::size_t id : ids_)
            if (list.size() < 100) list.push_back({{"reply_id", std::to_string(id)}, {"content", "Hi"}});
        return {.body = json::serialize(json::object{{"replies", list}})};
    }

private:
    std::set<std::size_t> ids_;
};

struct World {
    explicit World(std::size_t count) : waiting(count) {}
    Waiting waiting;
    Stub stub{[this](const StubRequest& request, auto) { return waiting(request); }};
    Client client{{.credentials = Basic{"KEY", "SECRET"}, .base_uri = stub.base_uri()}};
};

TEST(Inbox, GivesAllThatWaitsOnce)
{
    World world(250);
    std::size_t seen = 0;
    for (auto& reply : world.client.replies().unconfirmed()) {
        EXPECT_EQ(reply->reply_id, std::to_string(1000 + seen++));
        reply.confirm();
    }
    EXPECT_EQ(seen, 250u);
    EXPECT_EQ(world.stub.requests().size(), 7u);  // three lists with their confirmations, and an empty list
    EXPECT_TRUE(world.client.replies().list()->empty());
}

TEST(Inbox, ConfirmsOnlyWhatWasProcessed)
{
    World world(120);
    std::size_t seen = 0;
    for (auto& reply : world.client.replies().unconfirmed())
        if (++seen % 2) reply.confirm();
    EXPECT_EQ(seen, 120u);
    EXPECT_EQ(world.client.replies().list()->size(), 60u);
}

TEST(Inbox, WhoLeavesEarlyHasConfirmedWhatWasProcessed)
{
    World world(10);
    for (auto& reply : world.client.replies().unconfirmed()) {
        if (reply->reply_id == "1003") break;
        reply.confirm();
    }
    EXPECT_EQ(world.client.replies().list()->size(), 7u);
}

TEST(Inbox, AHundredThatAreNotConfirmedEndThePass)
{
    World world(150);
    std::size_t seen = 0;
    for (auto& reply : world.client.replies().unconfirmed()) seen += !reply->reply_id.empty();
    EXPECT_EQ(seen, 100u);
    EXPECT_EQ(world.stub.requests().size(), 1u);
}

TEST(Inbox, GivesErrorsWithoutExceptionsToo)
{
    Stub stub([](auto&, auto) { return StubAnswer{.status = 403}; });
    Client client({.credentials = Basic{"KEY", "SECRET"}, .base_uri = stub.base_uri()});
    auto unconfirmed = client.replies().unconfirmed();
    EXPECT_EQ(unconfirmed.next().error().status, 403);
    EXPECT_THROW(unconfirmed.begin(), Error);
}

TEST(Inbox, ProcessesAsynchronously)
{
    World world(150);
    auto process = [](const Reply& reply) { return reply.reply_id != "1005"; };
    EXPECT_EQ(world.client.replies().async_each(process, asio::use_future).get().value(), 149u);
    EXPECT_EQ(world.client.replies().list()->at(0).reply_id, "1005");
}

}  // namespace

}  // namespace tidings::test
