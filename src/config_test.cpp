// SPDX-License-Identifier: Apache-2.0
#include "config.hpp"

#include <gtest/gtest.h>

namespace tidings {

namespace {

std::string fault_of(std::string_view text)
{
    try {
        parse_config(text, "tidings.toml");
        return "none";
    } catch (const std::runtime_error& error) {
        return error.what();
    }
}

}  // namespace

TEST(Config, WhatItDescribesIsWhatItReads)
{
    Config config;
    config.listen = "127.0.0.1:0";
    config.callback_networks = {"10.0.0.0/8", "fd00::/8"};
    config.spare_python = false;
    Config again = parse_config(describe(config), "described");
    EXPECT_EQ(again.listen, config.listen);
    EXPECT_EQ(again.callback_networks, config.callback_networks);
    EXPECT_FALSE(again.spare_python);
    EXPECT_EQ(describe(again), describe(config));
}

TEST(Config, DescribesLinksWithoutTheirPasswords)
{
    Config config = parse_config("[[link]]\nname = \"one\"\nsystem_id = \"s\"\npassword = \"secret\"\n", "x");
    EXPECT_NE(describe(config).find("# In force: one, 127.0.0.1:2775."), std::string::npos);
    EXPECT_EQ(describe(config).find("secret\""), std::string::npos);
}

TEST(Config, UnknownKeysAreErrorsWithTheirLine)
{
    EXPECT_EQ(fault_of("\nport = 1\n"),
              "tidings.toml:2: unknown key port; `tidings config` lists the known ones");
    EXPECT_EQ(fault_of("[listen]\nadress = \"x\"\n"),
              "tidings.toml:2: unknown key listen.adress; `tidings config` lists the known ones");
    EXPECT_EQ(fault_of("[[link]]\nname = \"a\"\nsystem_id = \"b\"\nspeed = 1\n"),
              "tidings.toml:4: unknown key link.speed; `tidings config` lists the known ones");
}

TEST(Config, WrongTypesAndValuesOutOfRangeAreErrors)
{
    EXPECT_EQ(fault_of("log_level = 1"), "tidings.toml:1: log_level must be a string");
    EXPECT_EQ(fault_of("[listen]\nheader_max_kib = 0"),
              "tidings.toml:2: header_max_kib must be from 1 to 1024");
    EXPECT_EQ(fault_of("[[link]]\nname = \"a\"\nsystem_id = \"b\"\nport = 70000"),
              "tidings.toml:4: port must be from 1 to 65535");
    EXPECT_EQ(fault_of("[listen]\ncertificate = \"a.pem\""),
              "tidings.toml: listen.certificate and listen.key go together");
    EXPECT_NE(fault_of("= 1").find("tidings.toml:1: "), std::string::npos);
}

TEST(Config, LinksAreReadInTheirOrder)
{
    Config config = parse_config("[[link]]\nname = \"one\"\nsystem_id = \"s\"\nbind = \"pair\"\n"
                                 "[[link]]\nname = \"two\"\nsystem_id = \"s\"\nin_doubt_wait_s = 0\n",
                                 "tidings.toml");
    ASSERT_EQ(config.links.size(), 2u);
    EXPECT_EQ(config.links[0].smpp.name, "one");
    EXPECT_EQ(config.links[0].smpp.mode, smpp::BindMode::pair);
    EXPECT_EQ(config.links[1].in_doubt_wait, std::chrono::seconds(0));
    EXPECT_EQ(
        fault_of("[[link]]\nname = \"a\"\nsystem_id = \"b\"\n[[link]]\nname = \"a\"\nsystem_id = \"b\"\n"),
        "tidings.toml:4: two links have the same name");
    EXPECT_EQ(fault_of("[[link]]\nname = \"a\"\n"), "tidings.toml:1: a link needs a system_id");
}

}  // namespace tidings
