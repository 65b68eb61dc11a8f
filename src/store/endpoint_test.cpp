// SPDX-License-Identifier: Apache-2.0
#include "store/endpoint.hpp"

#include <gtest/gtest.h>

#include <set>

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
    EXPECT_EQ(origin_of("http://BÜCHER.example/"), "http://xn--bcher-kva.example:80");
}

TEST(Endpoint, HasThePathWithoutItsQuery)
{
    EXPECT_EQ(path_of("https://example.com/a/b?c=/d#e"), "/a/b");
    EXPECT_EQ(path_of("https://example.com"), "/");
    EXPECT_EQ(path_of("https://example.com?c"), "/");
    EXPECT_EQ(path_of("https://user:p@example.com:444/$mtId"), "/$mtId");
    EXPECT_EQ(path_of("no URL"), "/");
}

TEST(Endpoint, IsTheSameForAllSpellings)
{
    EXPECT_EQ(endpoint_of("https://example.com/a"), endpoint_of("HTTPS://EXAMPLE.com:443/a?c={d}"));
    EXPECT_EQ(endpoint_of("https://example.com"), endpoint_of("https://example.com/"));
    EXPECT_NE(endpoint_of("https://example.com/"), endpoint_of("http://example.com/"));
    EXPECT_NE(endpoint_of("https://example.com/"), endpoint_of("https://example.com:444/"));
}

TEST(Endpoint, KeepsItsOriginForAllPaths)
{
    OriginKey origin = origin_of(endpoint_of("https://example.com/"));
    std::set<EndpointKey> endpoints;
    for (int i = 0; i < 1'000; ++i) {
        EndpointKey endpoint = endpoint_of("https://example.com/cb/" + std::to_string(i));
        EXPECT_EQ(origin_of(endpoint), origin);
        endpoints.insert(endpoint);
    }
    EXPECT_EQ(endpoints.size(), paths_apart);
    EXPECT_NE(origin_of(endpoint_of("http://example.com/")), origin);
}

// 1894428950987568690 is what stands on disk since callbacks have lanes.
TEST(Endpoint, KeepsItsKeyForEver)
{
    EXPECT_EQ(origin_of(endpoint_of("https://example.com/")), origin_of(EndpointKey{1894428950987568690}));
    EXPECT_EQ(static_cast<std::int64_t>(endpoint_of("https://example.com/")), 1894428950987568650);
    EXPECT_EQ(static_cast<std::int64_t>(endpoint_of("https://example.com/hook")), 1894428950987568687);
}

}  // namespace tidings::store
