// SPDX-License-Identifier: Apache-2.0
#include "listen_address.hpp"

#include <gtest/gtest.h>

namespace tidings {

TEST(ListenAddress, HostAndPortAreRead)
{
    EXPECT_EQ(ListenAddress::parse("0.0.0.0:80").port, 80);
    EXPECT_EQ(ListenAddress::parse("[::1]:8080").host, "::1");
    EXPECT_EQ(ListenAddress::parse("example.org:0").host, "example.org");
}

TEST(ListenAddress, LoopbackIsRecognised)
{
    for (const char* text : {"127.0.0.1:1", "127.3.2.1:1", "[::1]:1", "localhost:1"})
        EXPECT_TRUE(ListenAddress::parse(text).loopback) << text;
    for (const char* text : {"0.0.0.0:1", "192.168.1.1:1", "[::]:1", "example.org:1"})
        EXPECT_FALSE(ListenAddress::parse(text).loopback) << text;
}

TEST(ListenAddress, WhatIsNoneIsRefused)
{
    for (const char* text : {"", "8080", ":8080", "host:", "host:port", "host:80x", "host:65536", "host:-1"})
        EXPECT_THROW(ListenAddress::parse(text), std::runtime_error) << text;
}

}  // namespace tidings
