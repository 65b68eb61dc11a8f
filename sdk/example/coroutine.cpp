// SPDX-License-Identifier: Apache-2.0
// coroutine NUMBER: sends a message and waits for its delivery, all on one thread.
#include <tidings/client.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <iostream>

namespace asio = boost::asio;
using namespace std::chrono_literals;

asio::awaitable<void> send_and_follow(tidings::Client client, std::string number)
{
    tidings::Message message{.content = "Hello", .destination_number = number};
    auto sent = co_await client.messages().async_send(message, asio::use_awaitable);
    message = sent.value();
    asio::steady_timer timer(co_await asio::this_coro::executor);
    while (!tidings::is_final(message.status)) {
        timer.expires_after(100ms);
        co_await timer.async_wait(asio::use_awaitable);
        auto now = co_await client.messages().async_get(message.message_id, asio::use_awaitable);
        message = now.value();
    }
    std::cout << message.status.text() << '\n';
}

int main(int argc, char** argv)
{
    if (argc != 2) return 2;
    asio::io_context context;
    tidings::Client client(context.get_executor(), {});
    asio::co_spawn(context, send_and_follow(client, argv[1]), [](std::exception_ptr error) {
        if (error) std::rethrow_exception(error);
    });
    context.run();
}
