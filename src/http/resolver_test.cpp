// SPDX-License-Identifier: Apache-2.0
#include "http/resolver.hpp"

#include "base/spawn.hpp"
#include "support/virtual_clock.hpp"

#include <gtest/gtest.h>
#include <boost/asio/io_context.hpp>

#include <condition_variable>
#include <map>
#include <mutex>

using namespace tidings;
using namespace tidings::http;
namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

// Name servers that answer when the test says so. Shared with the threads that ask them.
class NameServers {
public:
    Addresses ask(const std::string& host)
    {
        std::unique_lock lock(mutex_);
        ++asked_[host];
        changed_.notify_all();
        changed_.wait(lock, [&] { return answers_.contains(host) || closed_; });
        if (closed_) return {{}, "closed"};
        return answers_[host];
    }
    void answer(const std::string& host, const char* address)
    {
        std::lock_guard lock(mutex_);
        Addresses answer{{}, "not found"};
        if (address) answer = {{asio::ip::make_address(address)}, ""};
        answers_[host] = answer;
        changed_.notify_all();
    }
    int asked(const std::string& host)
    {
        std::lock_guard lock(mutex_);
        return asked_[host];
    }
    void wait_until_asked(std::size_t names)
    {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return asked_.size() >= names; });
    }
    std::size_t names_asked()
    {
        std::lock_guard lock(mutex_);
        return asked_.size();
    }
    void close()
    {
        std::lock_guard lock(mutex_);
        closed_ = true;
        changed_.notify_all();
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::map<std::string, int> asked_;
    std::map<std::string, Addresses> answers_;
    bool closed_ = false;
};

class ResolverWorld : public testing::Test {
protected:
    struct Asker {
        base::Wakeup woken;
        bool gives_up = false;
        std::optional<Addresses> got{};
    };

    Asker& ask(const std::string& host, Payer payer = 0)
    {
        Asker& asker = askers_.emplace_back();
        base::spawn(context_.get_executor(), wait_for(host, payer, asker));
        context_.restart();
        context_.poll();
        return asker;
    }
    void run_until(const std::function<bool()>& holds)
    {
        context_.restart();
        while (!holds()) context_.run_one();
    }
    void TearDown() override { servers_->close(); }

    std::shared_ptr<NameServers> servers_ = std::make_shared<NameServers>();
    asio::io_context context_{1};
    test::VirtualClock clock_;
    std::optional<Resolver> resolver_{
        std::in_place, context_.get_executor(), clock_,
        [servers = servers_](const std::string& host) { return servers->ask(host); }};

private:
    asio::awaitable<void> wait_for(std::string host, Payer payer, Asker& asker)
    {
        Addresses found = co_await resolver_->resolve(std::move(host), payer, asker.woken, asker.gives_up);
        asker.got = std::move(found);
    }

    std::deque<Asker> askers_;
};

using ResolverTest = ResolverWorld;

}  // namespace

TEST_F(ResolverTest, AnAddressInAnyFormIsAskedOfNobody)
{
    std::pair<const char*, const char*> cases[] = {
        {"192.0.2.1", "192.0.2.1"},
        {"::1", "::1"},
        {"::ffff:10.0.0.1", "::ffff:10.0.0.1"},
        {"127.1", "127.0.0.1"},
        {"10.65535", "10.0.255.255"},
        {"0x7f000001", "127.0.0.1"},
        {"2130706433", "127.0.0.1"},
        {"0177.0.0.01", "127.0.0.1"},
        {"0", "0.0.0.0"},
    };
    for (auto [host, address] : cases) {
        Asker& asker = ask(host);
        ASSERT_TRUE(asker.got) << host;
        ASSERT_EQ(asker.got->all.size(), 1u) << host;
        EXPECT_EQ(asker.got->all[0].to_string(), address) << host;
    }
    EXPECT_EQ(servers_->names_asked(), 0u);
}

TEST_F(ResolverTest, ANameIsLookedUpOnceForAllWhoWaitAndKeptForAMinute)
{
    Asker& first = ask("a.example", 1);
    Asker& second = ask("a.example", 2);
    servers_->answer("a.example", "192.0.2.1");
    run_until([&] { return first.got && second.got; });
    EXPECT_EQ(second.got->all.size(), 1u);
    clock_.advance(59s);
    EXPECT_TRUE(ask("a.example").got);
    EXPECT_EQ(servers_->asked("a.example"), 1);
    clock_.advance(1s);
    Asker& later = ask("a.example");
    run_until([&] { return later.got.has_value(); });
    EXPECT_EQ(servers_->asked("a.example"), 2);
}

TEST_F(ResolverTest, ANameThatIsNotFoundIsAskedForAnew)
{
    servers_->answer("a.example", nullptr);
    Asker& first = ask("a.example");
    run_until([&] { return first.got.has_value(); });
    EXPECT_TRUE(first.got->all.empty());
    EXPECT_EQ(first.got->fault, "not found");
    servers_->answer("a.example", "192.0.2.1");
    Asker& second = ask("a.example");
    run_until([&] { return second.got.has_value(); });
    EXPECT_EQ(second.got->all.size(), 1u);
}

TEST_F(ResolverTest, DeadNamesOfOneAreNotInTheWayOfOthers)
{
    for (int i = 0; i < 500; ++i) ask(fmt::format("dead{}.example", i), 1);
    servers_->wait_until_asked(Resolver::lookups_max / 2);
    servers_->answer("well.example", "192.0.2.1");
    Asker& well = ask("well.example", 2);
    run_until([&] { return well.got.has_value(); });
    EXPECT_EQ(servers_->names_asked(), Resolver::lookups_max / 2 + 1);
    // What waits because its asker has enough is begun by another one who has not.
    servers_->answer("dead499.example", "192.0.2.1");
    Asker& same = ask("dead499.example", 2);
    run_until([&] { return same.got.has_value(); });
}

TEST_F(ResolverTest, WhatWaitsIsBegunWhenAnotherLookupEnds)
{
    std::deque<Asker*> askers;
    for (std::size_t i = 0; i < Resolver::lookups_max; ++i)
        askers.push_back(&ask(fmt::format("{}.example", i), 1));
    for (std::size_t i = 0; i < Resolver::lookups_max; ++i)
        servers_->answer(fmt::format("{}.example", i), "192.0.2.1");
    run_until([&] { return std::ranges::all_of(askers, [](Asker* it) { return it->got.has_value(); }); });
}

TEST_F(ResolverTest, WhoGivesUpWaitsNoLongerAndTheNameGoesOn)
{
    Asker& asker = ask("slow.example");
    asker.gives_up = true;
    asker.woken.notify();
    run_until([&] { return asker.got.has_value(); });
    EXPECT_TRUE(asker.got->all.empty());
    Asker& other = ask("slow.example");
    servers_->answer("slow.example", "192.0.2.1");
    run_until([&] { return other.got.has_value(); });
    EXPECT_EQ(servers_->asked("slow.example"), 1);
}

TEST_F(ResolverTest, MayGoWhileALookupHangs)
{
    Asker& asker = ask("hangs.example");
    servers_->wait_until_asked(1);
    asker.gives_up = true;
    asker.woken.notify();
    run_until([&] { return asker.got.has_value(); });
    resolver_.reset();
    servers_->answer("hangs.example", "192.0.2.1");
}
