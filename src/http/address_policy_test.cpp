// SPDX-License-Identifier: Apache-2.0
#include "http/address_policy.hpp"

#include <gtest/gtest.h>

using namespace tidings::http;

namespace {

bool allows(const AddressPolicy& policy, const char* address)
{
    return policy.allows(boost::asio::ip::make_address(address));
}

}  // namespace

TEST(AddressPolicy, PublicAddressesAreAllowed)
{
    for (auto address : {"1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "128.0.0.1",
                         "169.253.255.255", "172.15.255.255", "172.32.0.0", "192.0.1.0", "192.167.255.255",
                         "198.17.255.255", "198.20.0.0", "223.255.255.255", "2606:4700::1111",
                         "2001:4860::8888", "::ffff:1.1.1.1", "64:ff9b::1.1.1.1", "2002:0101:0101::1"}) {
        EXPECT_TRUE(allows({}, address)) << address;
    }
}

TEST(AddressPolicy, SpecialAddressesAreRefused)
{
    for (auto address :
         {"0.0.0.0",         "0.1.2.3",        "10.0.0.1",        "10.255.255.255",  "100.64.0.1",
          "100.127.255.255", "127.0.0.1",      "127.255.255.254", "169.254.169.254", "172.16.0.1",
          "172.31.255.255",  "192.0.0.1",      "192.0.2.1",       "192.168.0.1",     "198.18.0.1",
          "198.19.255.255",  "198.51.100.1",   "203.0.113.1",     "224.0.0.1",       "239.255.255.255",
          "240.0.0.1",       "255.255.255.255"}) {
        EXPECT_FALSE(allows({}, address)) << address;
    }
    for (auto address : {"::", "::1", "fe80::1", "febf::1", "fec0::1", "fc00::1", "fdff::1", "ff02::1",
                         "100::1", "2001:db8::1", "2001::1", "3fff::1", "64:ff9b:1::1.1.1.1", "4000::1"}) {
        EXPECT_FALSE(allows({}, address)) << address;
    }
}

TEST(AddressPolicy, Ipv6IsJudgedByTheIpv4AddressItCarries)
{
    for (auto address :
         {"::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "::10.0.0.1", "64:ff9b::127.0.0.1",
          "64:ff9b::a9fe:a9fe", "2002:7f00:0001::", "2002:0a00:0001::1", "2002:c0a8:0001::"}) {
        EXPECT_FALSE(allows({}, address)) << address;
    }
}

TEST(AddressPolicy, AllowedNetworksAreReachableInEveryForm)
{
    AddressPolicy policy;
    policy.allowed = {Network::parse("10.1.0.0/16").value(), Network::parse("192.168.7.9").value(),
                      Network::parse("fd00:1::/33").value()};
    for (auto address :
         {"10.1.0.0", "10.1.255.255", "192.168.7.9", "::ffff:10.1.2.3", "fd00:1::1", "fd00:1:7fff::1"})
        EXPECT_TRUE(allows(policy, address)) << address;
    for (auto address :
         {"10.2.0.0", "10.0.255.255", "192.168.7.8", "fd00:1:8000::1", "fd00:2::1", "127.0.0.1"})
        EXPECT_FALSE(allows(policy, address)) << address;
}

TEST(AddressPolicy, LoopbackHasItsOwnSwitch)
{
    AddressPolicy policy{.allowed = {}, .allow_loopback = true};
    for (auto address : {"127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"})
        EXPECT_TRUE(allows(policy, address));
    for (auto address : {"10.0.0.1", "0.0.0.0", "::"}) EXPECT_FALSE(allows(policy, address));
}

TEST(Network, MalformedTextIsRefused)
{
    for (auto text :
         {"", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8x", "10.0.0/8", "::/129", "example.com"})
        EXPECT_FALSE(Network::parse(text)) << text;
    EXPECT_TRUE(Network::parse("0.0.0.0/0").value().holds(boost::asio::ip::make_address("9.9.9.9")));
    EXPECT_FALSE(Network::parse("0.0.0.0/0").value().holds(boost::asio::ip::make_address("::1")));
    EXPECT_TRUE(Network::parse("::/0").value().holds(boost::asio::ip::make_address("::1")));
}
