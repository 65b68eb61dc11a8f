// SPDX-License-Identifier: Apache-2.0
#include "relay/workers.hpp"

#include <gtest/gtest.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <condition_variable>

namespace tidings::relay {

namespace {

namespace asio = boost::asio;
using store::AccountKey;

// Holds the one thread of a pool until it is opened.
class Door {
public:
    void open()
    {
        std::lock_guard lock(mutex_);
        is_open_ = true;
        opened_.notify_all();
    }
    void pass()
    {
        std::unique_lock lock(mutex_);
        opened_.wait(lock, [this] { return is_open_; });
    }

private:
    std::mutex mutex_;
    std::condition_variable opened_;
    bool is_open_ = false;
};

TEST(Workers, GiveWhatTheWorkGives)
{
    asio::io_context io;
    Workers workers(2);
    std::function<message::HeaderList()> work = [] { return message::HeaderList{{"name", "value"}}; };
    message::HeaderList made;
    auto note = [&](std::exception_ptr, message::HeaderList headers) { made = std::move(headers); };
    asio::co_spawn(io, workers.run(AccountKey{1}, work), note);
    io.run();
    EXPECT_EQ(made, (message::HeaderList{{"name", "value"}}));
}

TEST(Workers, LetAccountsTakeTurns)
{
    asio::io_context io;
    Workers workers(1);
    Door door;
    std::string order;
    auto ask = [&](unsigned account, char mark) {
        std::function<message::HeaderList()> work = [&, mark] {
            door.pass();
            order += mark;
            return message::HeaderList();
        };
        auto ignore = [](std::exception_ptr, message::HeaderList) {};
        asio::co_spawn(io, workers.run(AccountKey{account}, work), ignore);
    };
    for (int i = 0; i < 5; ++i) ask(1, 'a');
    for (int i = 0; i < 2; ++i) ask(2, 'b');
    io.poll();
    door.open();
    io.run();
    EXPECT_EQ(order.size(), 7u);
    EXPECT_LE(order.rfind('b'), 4u) << order;
}

}  // namespace

}  // namespace tidings::relay
