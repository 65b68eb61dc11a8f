// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.hpp"

#include <gtest/gtest.h>
#include <boost/json.hpp>

namespace tidings::cli {

namespace {

// What a command line asks the gateway for.
class Line {
public:
    explicit Line(std::vector<std::string> words) : complaint(command_line_.parse(std::move(words))) {}

    std::string request() const
    {
        if (!commands_.action()) return complaint;
        const Action& action = *commands_.action();
        std::string text = action.method + " " + action.target;
        return action.body.empty() ? text : text + " " + action.body;
    }
    std::string show(std::string_view answer) const
    {
        return commands_.action()->show(boost::json::parse({answer.data(), answer.size()}));
    }
    const GatewayOptions& gateway() const { return commands_.gateway(); }

private:
    CommandLine command_line_{"tidings", "", ""};
    Commands commands_{command_line_.root()};

public:
    const std::string complaint;  // after what it is made with
};

std::string request(std::vector<std::string> words) { return Line(std::move(words)).request(); }

TEST(ClockCommand, AsksForWhatItSays)
{
    EXPECT_EQ(request({"clock", "show"}), "GET /admin/v1/clock");
    EXPECT_EQ(request({"clock", "confirm"}), "POST /admin/v1/clock/confirm");
    EXPECT_EQ(Line({"clock", "show"})
                  .show(R"({"time":"t","doubted":true,"jumped_seconds":31536000,"believed_in_seconds":9})"),
              "time                 t\ndoubted              yes\njumped_seconds       31536000\n"
              "believed_in_seconds  9\n");
}

TEST(CallbackCommand, AsksForWhatItSays)
{
    EXPECT_EQ(request({"webhook", "log"}), "GET /admin/v1/callbacks");
    EXPECT_EQ(request({"webhook", "log", "--account", "a b", "--message", "m"}),
              "GET /admin/v1/callbacks?account=a%20b&message=m");
    EXPECT_EQ(request({"webhook", "log", "--state", "pending"}), "GET /admin/v1/callbacks?state=pending");
    EXPECT_EQ(request({"webhook", "dead-letters", "--webhook", "w", "--after", "p"}),
              "GET /admin/v1/callbacks?state=dead&webhook=w&after=p");
    EXPECT_EQ(request({"webhook", "attempts", "e"}), "GET /admin/v1/callbacks/e/attempts");
    EXPECT_EQ(request({"webhook", "replay", "e"}), R"(POST /admin/v1/callbacks/replay {"id":"e"})");
    EXPECT_EQ(request({"webhook", "replay", "--account", "shop", "--dead"}),
              R"(POST /admin/v1/callbacks/replay {"account":"shop","dead":true})");
    EXPECT_EQ(
        request({"webhook", "replay", "--account", "shop", "--from", "a", "--to", "b", "--webhook", "w"}),
        R"(POST /admin/v1/callbacks/replay {"account":"shop","webhook":"w","from":"a","to":"b"})");
    EXPECT_NE(request({"webhook", "replay"}).find("say what"), std::string::npos);
    EXPECT_EQ(request({"webhook", "test", "shop", "w"}), "POST /admin/v1/accounts/shop/webhooks/w/test");
}

TEST(CallbackCommand, ShowsHowTheLastAttemptWent)
{
    std::string list = Line({"webhook", "log"})
                           .show(R"({"callbacks":[{"id":"i","account":"shop","webhook":null,"message_id":"m",
        "event":"FAILED_DR","url":"https://a.example/","state":"pending","attempts":2,"since":"s",
        "next_attempt_at":"n","last_attempt":{"number":2,"at":"t","took_ms":5,"status":null,
        "error":"no route","answer":""}}],"next":"place"})");
    EXPECT_NE(list.find("no route"), std::string::npos) << list;
    EXPECT_NE(list.find("more: --after place"), std::string::npos) << list;
    list = Line({"webhook", "log"})
               .show(R"({"callbacks":[{"id":"i","account":"shop","webhook":null,"message_id":"m",
        "event":"OPT_OUT_SMS","url":"https://a.example/","state":"delivered","attempts":1,"since":"s",
        "delivered_at":"then","last_attempt":{"number":1,"at":"t","took_ms":5,"status":204,
        "error":null,"answer":""}}],"next":null})");
    for (const char* shown : {"OPT_OUT_SMS", "delivered", "then", "204"})
        EXPECT_NE(list.find(shown), std::string::npos) << list;
    std::string attempts = Line({"webhook", "attempts", "i"})
                               .show(R"({"attempts":[{"account":"shop","webhook":null,"attempt":{"number":1,
        "at":"t","took_ms":5,"status":500,"error":null,"answer":"oops"}}]})");
    EXPECT_NE(attempts.find("callback_url"), std::string::npos) << attempts;
    EXPECT_NE(attempts.find("oops"), std::string::npos) << attempts;
}

TEST(AccountCommand, AsksForWhatItSays)
{
    EXPECT_EQ(request({"account", "list"}), "GET /admin/v1/accounts");
    EXPECT_EQ(request({"account", "show", "a/b ü"}), "GET /admin/v1/accounts/a%2Fb%20%C3%BC");
    EXPECT_EQ(request({"account", "remove", "shop"}), "DELETE /admin/v1/accounts/shop");
    EXPECT_EQ(request({"account", "add", "shop", "--parent", "acme", "--default-source", "+61491570150",
                       "--credits", "1000"}),
              R"(POST /admin/v1/accounts {"parent":"acme","credits":1000,)"
              R"("default_source":"+61491570150","id":"shop"})");
    EXPECT_EQ(request({"account", "set", "shop", "--unregistered-source", "allow", "--mms", "off",
                       "--signature-keys", "on", "--messages-per-second", "50"}),
              R"(PATCH /admin/v1/accounts/shop {"unregistered_source":"allow",)"
              R"("features":{"mms":false,"signature_keys":true},"messages_per_second":50})");
    EXPECT_EQ(request({"account", "set", "shop", "--converter", "lossless", "--hours", "recipient", "--zone",
                       "Australia/Sydney"}),
              R"(PATCH /admin/v1/accounts/shop {"converter":"lossless","hours":"recipient",)"
              R"("zone":"Australia/Sydney"})");
    EXPECT_EQ(request({"account", "set", "shop", "--default-source", ""}),
              R"(PATCH /admin/v1/accounts/shop {"default_source":""})");
    EXPECT_EQ(
        request({"account", "set", "shop", "--opt-out", "off", "--opt-out-confirmation", "Bye."}),
        R"(PATCH /admin/v1/accounts/shop {"features":{"opt_out":false},"opt_out_confirmation":"Bye."})");
    EXPECT_EQ(request({"account", "set", "shop", "--daily-cap", "100", "--blocked-source", "Bank",
                       "--blocked-source", "+61491570150", "--drop-pattern", "free * prize"}),
              R"(PATCH /admin/v1/accounts/shop {"daily_cap":100,)"
              R"("blocked_sources":["Bank","+61491570150"],"drop_patterns":["free * prize"]})");
    EXPECT_EQ(request({"account", "set", "shop", "--hold-pattern", ""}),
              R"(PATCH /admin/v1/accounts/shop {"hold_patterns":[]})");
    for (auto [text, seconds] : {std::pair("off", "0"), {"on", "86400"}, {"90m", "5400"}})
        EXPECT_EQ(request({"account", "set", "shop", "--duplicates", text}),
                  std::string(R"(PATCH /admin/v1/accounts/shop {"duplicate_window_s":)") + seconds + "}");
}

TEST(MessageCommand, AsksForWhatItSays)
{
    EXPECT_EQ(request({"message", "trace", "x"}), "GET /admin/v1/messages/x/trace");
    EXPECT_EQ(request({"message", "preview", "+61491570156", "Hi \"x\"", "--account", "shop", "--scheduled",
                       "2026-11-20T10:00:00Z"}),
              R"(POST /admin/v1/accounts/shop/preview {"messages":[{"scheduled":"2026-11-20T10:00:00Z",)"
              R"("destination_number":"+61491570156","content":"Hi \"x\""}]})");
}

TEST(RouteCommand, AsksForWhatItSays)
{
    EXPECT_EQ(request({"route", "list"}), "GET /admin/v1/routes");
    EXPECT_EQ(request({"route", "remove", "a/b"}), "DELETE /admin/v1/routes/a%2Fb");
    EXPECT_EQ(request({"route", "set", "codes", "--link", "fast", "--source", "12345", "--source", "Bakery",
                       "--destination-prefix", "+614", "--priority", "-1", "--weight", "3"}),
              R"(PUT /admin/v1/routes/codes {"link":"fast","destination_prefix":"+614",)"
              R"("sources":["12345","Bakery"],"priority":-1,"weight":3})");
    EXPECT_EQ(request({"route", "test", "+61491570156", "--account", "shop", "--format", "SMS"}),
              R"(POST /admin/v1/route_test {"account":"shop","format":"SMS",)"
              R"("destination_number":"+61491570156"})");
}

TEST(AccountCommand, ShowsOrChangesCredits)
{
    EXPECT_EQ(request({"account", "credits", "shop"}), "GET /admin/v1/accounts/shop");
    EXPECT_EQ(request({"account", "credits", "shop", "--add", "-5"}),
              R"(POST /admin/v1/accounts/shop/credits {"add":-5})");
    EXPECT_EQ(request({"account", "credits", "shop", "--set", "0"}),
              R"(POST /admin/v1/accounts/shop/credits {"set":0})");
    EXPECT_EQ(request({"account", "credits", "shop", "--unlimited"}),
              R"(POST /admin/v1/accounts/shop/credits {"unlimited":true})");
    EXPECT_EQ(Line({"account", "credits", "shop"}).show(R"({"credits":null})"), "credits  unlimited\n");
}

TEST(KeyCommand, AsksForWhatItSays)
{
    EXPECT_EQ(request({"key", "list", "shop"}), "GET /admin/v1/accounts/shop/keys");
    EXPECT_EQ(request({"key", "add", "shop"}), R"(POST /admin/v1/accounts/shop/keys {"scheme":"basic"})");
    EXPECT_EQ(request({"key", "add", "shop", "--scheme", "hmac", "--sha1-allowed", "off"}),
              R"(POST /admin/v1/accounts/shop/keys {"sha1_allowed":false,"scheme":"hmac"})");
    EXPECT_EQ(request({"key", "set", "shop", "K", "--expires-at", "never"}),
              R"(PATCH /admin/v1/accounts/shop/keys/K {"expires_at":null})");
    EXPECT_EQ(request({"key", "rotate", "shop", "K"}), "POST /admin/v1/accounts/shop/keys/K/rotate {}");
    EXPECT_EQ(request({"key", "remove", "shop", "K"}), "DELETE /admin/v1/accounts/shop/keys/K");
}

TEST(KeyCommand, TakesTheOverlapWithItsUnit)
{
    for (auto [text, seconds] : {std::pair("24h", "86400"),
                                 {"90s", "90"},
                                 {"90", "90"},
                                 {"0", "0"},
                                 {"30m", "1800"},
                                 {"7d", "604800"}}) {
        EXPECT_EQ(request({"key", "rotate", "shop", "K", "--overlap", text}),
                  std::string(R"(POST /admin/v1/accounts/shop/keys/K/rotate {"overlap_s":)") + seconds + "}");
    }
}

TEST(KeyCommand, SaysThatASecretIsShownOnce)
{
    Line line({"key", "rotate", "shop", "old"});
    EXPECT_EQ(line.show(R"({"key":"new","secret":"s","scheme":"hmac","account":"shop","expires_at":null,
                            "replaces":{"key":"old","expires_at":"2027-01-01T00:00:00.000Z"}})"),
              "key         new\n"
              "secret      s\n"
              "scheme      hmac\n"
              "account     shop\n"
              "expires_at  never\n"
              "The secret is not shown again: keep it now.\n"
              "Key old works until 2027-01-01T00:00:00.000Z.\n");
}

TEST(NumberCommand, AsksForWhatItSays)
{
    EXPECT_EQ(request({"number", "list"}), "GET /admin/v1/numbers");
    EXPECT_EQ(request({"number", "add", "+61491570150", "--account", "shop"}),
              R"(POST /admin/v1/numbers {"number":"+61491570150","account":"shop"})");
    EXPECT_EQ(request({"number", "add", "12345", "--pool"}),
              R"(POST /admin/v1/numbers {"number":"12345","pool":true})");
    EXPECT_EQ(request({"number", "remove", "+61491570150"}), "DELETE /admin/v1/numbers/%2B61491570150");
    EXPECT_EQ(request({"number", "remove", "Bäckerei 1", "--account", "a&b"}),
              "DELETE /admin/v1/numbers/B%C3%A4ckerei%201?account=a%26b");
    EXPECT_EQ(request({"number", "unmatched"}), "GET /admin/v1/unmatched_replies");
}

TEST(WebhookCommand, AsksForWhatItSays)
{
    EXPECT_EQ(request({"webhook", "list", "shop"}), "GET /admin/v1/accounts/shop/webhooks");
    EXPECT_EQ(request({"webhook", "show", "shop", "id"}), "GET /admin/v1/accounts/shop/webhooks/id");
    EXPECT_EQ(request({"webhook", "remove", "shop", "id"}), "DELETE /admin/v1/accounts/shop/webhooks/id");
    EXPECT_EQ(request({"webhook", "add", "shop", "https://example.com/", "--event", "RECEIVED_SMS", "--event",
                       "FAILED_DR", "--header", "X-A: b: c", "--header", "X-Empty:", "--retries", "2"}),
              R"(POST /admin/v1/accounts/shop/webhooks {"url":"https://example.com/",)"
              R"("events":["RECEIVED_SMS","FAILED_DR"],"headers":{"X-A":"b: c","X-Empty":""},)"
              R"("retries":2,"method":"POST","encoding":"JSON"})");
    EXPECT_EQ(request({"webhook", "rotate-secret", "shop", "--overlap", "2h"}),
              R"(POST /admin/v1/accounts/shop/webhook_secret {"overlap_s":7200})");
    EXPECT_EQ(request({"webhook", "rotate-secret", "shop"}),
              "POST /admin/v1/accounts/shop/webhook_secret {}");
}

TEST(CommandLine, ThatAsksForNothingOrTwoThingsIsRefused)
{
    const std::vector<std::vector<std::string>> lines = {
        {"account"},
        {"account", "show"},
        {"account", "set", "shop"},
        {"account", "set", "shop", "--mms", "maybe"},
        {"account", "set", "shop", "--unregistered-source", "perhaps"},
        {"account", "set", "shop", "--duplicates", "maybe"},
        {"account", "credits", "shop", "--add", "1", "--set", "1"},
        {"account", "credits", "shop", "--add", "1", "--unlimited"},
        {"account", "add", "shop", "--credits", "many"},
        {"account", "list", "--url", "127.0.0.1:8080"},
        {"account", "list", "--token", "x"},
        {"key", "add", "shop", "--scheme", "md5"},
        {"key", "set", "shop", "K"},
        {"key", "rotate", "shop", "K", "--overlap", "a while"},
        {"webhook", "add", "shop", "https://example.com/"},
        {"webhook", "add", "shop", "https://example.com/", "--event", "X", "--header", "Y"},
        {"number", "add", "+61491570150"},
        {"number", "add", "+61491570150", "--account", "shop", "--pool"},
    };
    for (const auto& words : lines) {
        Line line(words);
        EXPECT_NE(line.complaint, "") << words.back() << line.request();
    }
}

TEST(CommandLine, NamesTheGateway)
{
    Line line({"account", "list", "--url", "https://gateway.example", "--ca-file", "ca.pem", "--json"});
    EXPECT_EQ(line.gateway().url, "https://gateway.example");
    EXPECT_EQ(line.gateway().ca_file, "ca.pem");
    EXPECT_TRUE(line.gateway().json);
    EXPECT_EQ(Line({"account", "list"}).gateway().url, "");
}

}  // namespace

}  // namespace tidings::cli
