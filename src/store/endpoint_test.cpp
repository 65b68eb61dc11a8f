// SPDX-License-Identifier: Apache-2.0
#include "store/endpoint.hpp"

#include <gtest/gtest.h>

namespace tidings::store {

TEST(Endpoint, IsSchemeHostAndPort)
{
    EXPECT_EQ(origin_of("https://example.com/hook?a=b"), "https://example.com:443");
    EXPECT_EQ(origin_of("HTTP://Example.COM"), "http://example.com:80");
    EXPECT_EQ(origin_of("http://example.com:8080?x=/:@"), "http://example.com:8080");
    EXPECT_EQ(origin_of("https://user:pass@example.com/"), "https://example.com:443");
    EXPECT_EQ(origin_of("http://[::1]/"), "http://[::1]:80");
    EXPECT_EQ(origin_of("http://[::1]:81/"), "http://[::1]:81");
    EXPECT_EQ(origin_of("https://example.com#x"), "https://example.com:443");
}

TEST(Endpoint, IsTheSameForAllPathsAndSpellings)
{
    EXPECT_EQ(endpoint_of("https://example.com/a"), endpoint_of("HTTPS://EXAMPLE.com:443/$b?c={d}"));
    EXPECT_NE(endpoint_of("https://example.com/"), endpoint_of("http://example.com/"));
    EXPECT_NE(endpoint_of("https://example.com/"), endpoint_of("https://example.com:444/"));
}

TEST(Endpoint, KeepsItsKeyForEver)
{
    EXPECT_EQ(static_cast<std::uint64_t>(endpoint_of("https://example.com/")), 1894428950987568690u);
}

}  // namespace tidings::store
