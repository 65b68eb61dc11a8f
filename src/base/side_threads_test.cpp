// SPDX-License-Identifier: Apache-2.0
#include "base/side_threads.hpp"

#include "support/run.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <thread>

namespace tidings::base {

namespace {

namespace asio = boost::asio;

asio::awaitable<std::thread::id> this_thread() { co_return std::this_thread::get_id(); }

asio::awaitable<int> failing()
{
    throw std::runtime_error("no");
    co_return 1;
}

}  // namespace

TEST(SideThreads, WorkRunsElsewhereAndItsResultComesBack)
{
    SideThreads threads(1);
    EXPECT_NE(test::run(threads.run(this_thread())), std::this_thread::get_id());
}

TEST(SideThreads, WhatIsThrownThereArrivesHere)
{
    SideThreads threads(1);
    EXPECT_THROW(test::run(threads.run(failing())), std::runtime_error);
    EXPECT_NE(test::run(threads.run(this_thread())), std::thread::id());
}

}  // namespace tidings::base
