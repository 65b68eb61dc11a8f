// SPDX-License-Identifier: Apache-2.0
// The same call with a callback and with a future. Without an executor, both run on a thread of the client's.
#include <tidings/client.hpp>

#include <boost/asio/use_future.hpp>

#include <iostream>

int main()
{
    tidings::Client client;

    std::promise<void> done;
    client.async_credits([&done](tidings::Result<tidings::Credits> credits) {
        std::cout << (credits ? "callback\n" : credits.error().what());
        done.set_value();
    });
    done.get_future().wait();

    std::future<tidings::Result<tidings::Credits>> credits = client.async_credits(boost::asio::use_future);
    std::cout << (credits.get() ? "future\n" : "no credits\n");
}
