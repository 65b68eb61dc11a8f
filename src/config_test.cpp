// SPDX-License-Identifier: Apache-2.0
#include "config.hpp"

#include <fmt/format.h>
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

TEST(Config, TextsHaveALimitAndNoControlCharacters)
{
    std::string fault =
        "tidings.toml:1: data must be a string of at most 4096 bytes without control characters";
    EXPECT_EQ(fault_of("data = \"" + std::string(4097, 'x') + "\""), fault);
    EXPECT_EQ(fault_of("data = \"a\\nb\""), fault);
    EXPECT_EQ(fault_of("data = \"" + std::string(4096, 'x') + "\""), "none");
    EXPECT_EQ(fault_of("[[link]]\nname = \"" + std::string(65, 'x') + "\"\nsystem_id = \"s\""),
              "tidings.toml:1: the name of a link must have at most 64 bytes");
}

TEST(Config, AllBodiesTogetherHaveRoomForTheLargest)
{
    EXPECT_EQ(fault_of("[listen]\nbodies_max_mib = 47\n"),
              "tidings.toml: listen.bodies_max_mib must have room for four times body_max_kib");
    EXPECT_EQ(parse_config("[listen]\nbodies_max_mib = 48\n", "x").bodies_max_mib, 48);
    EXPECT_TRUE(parse_config("[admin]\nopen_metrics = true\n", "x").open_metrics);
}

TEST(Config, LinksAreReadInTheirOrder)
{
    Config config = parse_config(
        "[[link]]\nname = \"one\"\nsystem_id = \"s\"\nbind = \"pair\"\nbinds = 2\n"
        "[[link]]\nname = \"two\"\nsystem_id = \"s\"\nin_doubt_wait_s = 0\nrate = 50\n"
        "retry_min_ms = 5\nretry_max_ms = 9\nretry_attempts = 3\n",
        "tidings.toml");
    ASSERT_EQ(config.links.size(), 2u);
    EXPECT_EQ(config.links[0].loop.name, "one");
    EXPECT_EQ(config.links[0].smpp.client.mode, smpp::BindMode::pair);
    EXPECT_EQ(config.links[0].smpp.client.binds, 2u);
    EXPECT_EQ(config.links[0].loop.sending.rate, 0u);
    EXPECT_EQ(config.links[1].loop.sending.in_doubt.wait, std::chrono::seconds(0));
    EXPECT_EQ(config.links[1].loop.sending.rate, 50u);
    EXPECT_EQ(config.links[0].loop.sending.retry, relay::RetryPolicy());
    using std::chrono::milliseconds;
    EXPECT_EQ(config.links[1].loop.sending.retry, (relay::RetryPolicy{milliseconds(5), milliseconds(9), 3}));
    EXPECT_EQ(
        fault_of("[[link]]\nname = \"a\"\nsystem_id = \"b\"\n[[link]]\nname = \"a\"\nsystem_id = \"b\"\n"),
        "tidings.toml:4: two links have the same name");
    EXPECT_EQ(fault_of("[[link]]\nname = \"a\"\n"), "tidings.toml:1: a link needs a system_id");
}

TEST(Config, OutbindNeedsThePasswordOfTheCarrier)
{
    const std::string link =
        "[[link]]\nname = \"a\"\nsystem_id = \"b\"\noutbind_listen = \"127.0.0.1:2776\"\n";
    EXPECT_EQ(fault_of(link), "tidings.toml:1: outbind_listen needs an outbind_password");
    EXPECT_EQ(fault_of(link + "outbind_password = \"p\"\ntls = true\n"),
              "tidings.toml:1: outbind_listen does not speak TLS");
    Config config =
        parse_config(link + "outbind_system_id = \"smsc\"\noutbind_password = \"p\"\n", "tidings.toml");
    EXPECT_EQ(config.links[0].smpp.client.outbind_host, "127.0.0.1");
    EXPECT_EQ(config.links[0].smpp.client.outbind_port, 2776);
    EXPECT_EQ(config.links[0].smpp.client.outbind_system_id, "smsc");
}

TEST(Config, LinksHaveTheirDialects)
{
    Config config = parse_config(R"([[link]]
name = "one"
system_id = "s"
charset = "gsm7-packed"
long_messages = "sar"
shortcode = "6/0"
validity_max_s = 3600
receipt_id = "decimal"
receipt_errors = { "001" = 411, "01B" = 414 }
receipt_zone = "+10:00"
country = "AU"
number_form = "national"
national = "2/8"
receipt_states = { "no_cred" = 402, "PARKED" = 212 }
refusals_that_stop = ["0e", "58"]
overflow_after_s = 60

[[link]]
name = "two"
system_id = "s"
)",
                                 "tidings.toml");
    const relay::Dialect& dialect = config.links[0].smpp.dialect;
    EXPECT_EQ(dialect.charset, text::Charset::gsm7_packed);
    EXPECT_EQ(dialect.long_form, text::LongForm::sar);
    EXPECT_EQ(dialect.shortcode, (relay::NumberType{6, 0}));
    EXPECT_EQ(dialect.validity_max, std::chrono::hours(1));
    EXPECT_EQ(dialect.receipt_id, message::IdForm::decimal);
    EXPECT_EQ(dialect.errors.at("1"), message::Code::invalid_destination);
    EXPECT_EQ(dialect.errors.at("1b"), message::Code::unreachable);
    EXPECT_TRUE(dialect.zone.has_value());
    EXPECT_EQ(dialect.country, "AU");
    EXPECT_EQ(dialect.number_form, relay::NumberForm::national);
    EXPECT_EQ(dialect.national, (relay::NumberType{2, 8}));
    EXPECT_EQ(dialect.receipt_states.at("NO-CRED"), message::Code::rejected_by_carrier);
    EXPECT_EQ(dialect.receipt_states.at("PARKED"), message::Code::pending);
    EXPECT_EQ(config.links[0].smpp.client.refusals_that_stop, (std::vector<std::uint32_t>{0x0E, 0x58}));
    EXPECT_EQ(config.links[0].loop.sending.overflow_after, std::chrono::minutes(1));

    const relay::Dialect& ordinary = config.links[1].smpp.dialect;
    EXPECT_EQ(ordinary.international, (relay::NumberType{1, 1}));
    EXPECT_EQ(ordinary.alphanumeric, (relay::NumberType{5, 0}));
    EXPECT_EQ(ordinary.shortcode, (relay::NumberType{3, 0}));
    EXPECT_EQ(ordinary.receipt_id, std::nullopt);
    EXPECT_FALSE(ordinary.zone.has_value());
    EXPECT_EQ(config.links[1].smpp.client.refusals_that_stop, (std::vector<std::uint32_t>{0x0E, 0x0F}));
    EXPECT_EQ(config.links[1].loop.sending.overflow_after, std::chrono::seconds(10));
}

TEST(Config, DefaultBodiesAreThoseOfAKnownDocumentation)
{
    EXPECT_EQ(parse_config("[webhook]\ndefault_body = \"vendor2026\"\n", "t").default_body, "vendor2026");
    EXPECT_EQ(fault_of("[webhook]\ndefault_body = \"newest\"\n"),
              "tidings.toml: webhook.default_body must be reference or vendor2026");
}

TEST(Config, DialectsThatNobodySpeaksAreErrors)
{
    auto fault = [](std::string_view line) {
        return fault_of(fmt::format("[[link]]\nname = \"a\"\nsystem_id = \"b\"\n{}\n", line));
    };
    EXPECT_EQ(fault("charset = \"utf8\""),
              "tidings.toml:1: charset must be one of gsm7, gsm7-packed, latin1, ascii");
    EXPECT_EQ(fault("shortcode = \"3\""), "tidings.toml:1: shortcode must be TON/NPI, as \"1/1\"");
    EXPECT_EQ(fault("shortcode = \"3/256\""), "tidings.toml:1: shortcode must be TON/NPI, as \"1/1\"");
    EXPECT_EQ(fault("data_coding = 8"), "tidings.toml:1: data_coding must not be one of UCS-2");
    EXPECT_EQ(fault("validity_min_s = 600000"), "tidings.toml:1: validity_min_s is above validity_max_s");
    EXPECT_EQ(fault("receipt_errors = { \"1\" = 220 }"),
              "tidings.toml:4: receipt_errors must be a table of numbers from 411 to 414");
    EXPECT_EQ(fault("receipt_errors = 411"),
              "tidings.toml:4: receipt_errors must be a table of numbers from 411 to 414");
    EXPECT_EQ(fault("receipt_zone = \"Mars/Olympus\""),
              "tidings.toml:1: receipt_zone must be an offset, or a zone this machine knows");
    EXPECT_EQ(fault("country = \"Australia\""),
              "tidings.toml:1: country must be the two capital letters of a country, as \"AU\"");
    EXPECT_EQ(fault("number_form = \"national\""),
              "tidings.toml:1: number_form = \"national\" needs a country");
    EXPECT_EQ(fault("number_form = \"local\""),
              "tidings.toml:1: number_form must be one of digits, plus, national");
    EXPECT_EQ(fault("receipt_states = { \"PARKED\" = 300 }"),
              "tidings.toml:1: receipt_states: 300 is no code that a receipt can have");
    EXPECT_EQ(fault("receipt_states = { \"PARKED\" = 415 }"),
              "tidings.toml:4: receipt_states must be a table of numbers from 210 to 414");
    EXPECT_EQ(fault("refusals_that_stop = [\"0x0E\"]"),
              "tidings.toml:1: refusals_that_stop must be statuses in hexadecimal, as \"0E\"");
    EXPECT_EQ(fault("bind = \"both\""), "tidings.toml:1: bind must be one of transceiver, pair");
}

}  // namespace tidings
