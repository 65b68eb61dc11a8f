// SPDX-License-Identifier: Apache-2.0
#include "webhook/url_template.hpp"

#include <gtest/gtest.h>

namespace tidings::webhook {

namespace {

const message::Metadata url_metadata{{"k", "v/1"}};

std::string render_url(const std::string& source, std::string_view text = "a b&c=d/../\xc3\xa9#")
{
    auto url = UrlTemplate::parse(source);
    if (!url) return url.error().text();
    Budget budget = Budget::full();
    auto rendered = url->render(
        {{"text", text}, {"metadata", &url_metadata}, {"dot", std::string_view(".")}, {"esc", Escapes{}}},
        budget);
    return rendered ? *rendered : rendered.error().message();
}

TEST(UrlTemplate, WhatReferencesStandForIsPercentEncoded)
{
    EXPECT_EQ(render_url("https://example.com/hook?x=$text&y=${text}z", "a b&c"),
              "https://example.com/hook?x=a%20b%26c&y=a%20b%26cz");
    EXPECT_EQ(render_url("http://example.com:8080/$text/x"),
              "http://example.com:8080/a%20b%26c%3Dd%2F..%2F%C3%A9%23/x");
    EXPECT_EQ(render_url("https://example.com?k=$metadata.get( 'k' )"), "https://example.com?k=v%2F1");
    EXPECT_EQ(render_url("https://example.com/a%20b?c=d+e"), "https://example.com/a%20b?c=d+e");
    EXPECT_EQ(render_url("https://example.com/?a=$nope&b=$!nope"), "https://example.com/?a=%24nope&b=");
}

TEST(UrlTemplate, NobodyChoosesTheHost)
{
    for (const char* source :
         {"https://$text/", "https://example.$text/", "https://$text@example.com/", "$text://example.com/",
          "https://example.com:$text/", "https://example.com$text/x", "https://${text}"})
        EXPECT_NE(render_url(source).find("references may stand in path and query only"), std::string::npos)
            << source << " gives " << render_url(source);
    EXPECT_EQ(render_url("$text"), "line 1, column 1: not an http or https URL");
    EXPECT_EQ(render_url("https://example.com/$text", "@evil.example"),
              "https://example.com/%40evil.example");
    EXPECT_EQ(render_url("https://example.com?$text", "x@evil.example"),
              "https://example.com?x%40evil.example");
}

TEST(UrlTemplate, NobodyClimbsOutOfThePath)
{
    EXPECT_EQ(render_url("https://example.com/a/$text/b", ".."), "https://example.com/a/%252E%252E/b");
    EXPECT_EQ(render_url("https://example.com/a/$text?x=$text", "."), "https://example.com/a/%252E?x=.");
    EXPECT_EQ(render_url("https://example.com/$text/", ".."), "https://example.com/%252E%252E/");
    EXPECT_EQ(render_url("https://example.com/a/$dot$dot"), "https://example.com/a/%252E%252E");
    EXPECT_EQ(render_url("https://example.com/a/%2e$dot//"), "https://example.com/a/%252E%252E//");
    EXPECT_EQ(render_url("https://example.com/a/$text", "../.."), "https://example.com/a/..%2F..");
    EXPECT_EQ(render_url("https://example.com/a/$text", "..."), "https://example.com/a/...");
    EXPECT_EQ(render_url("https://example.com/a?x=$text", ".."), "https://example.com/a?x=..");
    for (const char* source : {"https://example.com/a/../b", "https://example.com/./$text",
                               "https://example.com/a/%2e%2E", "https://example.com/a/.%2e/b?c"})
        EXPECT_NE(render_url(source).find("no part of a path"), std::string::npos) << source;
}

TEST(UrlTemplate, IsAUrl)
{
    for (const char* source : {"", "example.com", "ftp://example.com/", "https:///path", "https://-x.com/",
                               "https://example.com/a b", "https://example.com/\n", "https://example.com:0/"})
        EXPECT_NE(render_url(source).find("not an http or https URL"), std::string::npos) << source;
    EXPECT_EQ(render_url("https://example.com/a#b"),
              "line 1, column 22: neither directives nor fragments (#) may stand in a URL");
    EXPECT_EQ(render_url("https://example.com/#if($text)a#end"),
              "line 1, column 21: neither directives nor fragments (#) may stand in a URL");
    EXPECT_EQ(render_url("https://example.com/?x=${text"), "line 1, column 30: } of a reference is missing");
}

TEST(UrlTemplate, HasALimitedSize)
{
    std::string text(rendered_url_max, 'x');
    EXPECT_EQ(render_url("https://example.com/$text", text), "not an http or https URL");
    EXPECT_EQ(render_url("https://example.com/$text", text.substr(30)).size(), 20 + text.size() - 30);
}

}  // namespace

}  // namespace tidings::webhook
