// SPDX-License-Identifier: Apache-2.0
#include "api/body_fields.hpp"

#include <gtest/gtest.h>

namespace tidings::api {

namespace {

using Lines = std::vector<std::string>;

TEST(BodyFields, AreReadByTheirTypes)
{
    BodyFields fields(R"({"a":"x","b":true,"c":-7,"d":"2030-01-01T00:00:00Z","e":{"f":false}})");
    EXPECT_EQ(fields.text("a"), "x");
    EXPECT_EQ(fields.boolean("b"), true);
    EXPECT_EQ(fields.integer("c", {-7, 7}), -7);
    EXPECT_EQ(base::to_iso(fields.time("d").value()), "2030-01-01T00:00:00.000Z");
    EXPECT_EQ(fields.boolean("e/f"), false);
    EXPECT_EQ(fields.text("absent"), std::nullopt);
    EXPECT_EQ(fields.boolean("e/absent"), std::nullopt);
    EXPECT_EQ(fields.faults(), Lines());
}

TEST(BodyFields, OfAnotherTypeAreFaultsAllAtOnce)
{
    BodyFields fields(R"({"a":1,"b":"true","c":1.5,"d":"soon","e":{"f":null},"g":18446744073709551615})");
    EXPECT_EQ(fields.text("a"), std::nullopt);
    EXPECT_EQ(fields.boolean("b"), std::nullopt);
    EXPECT_EQ(fields.integer("c", {0, 9}), std::nullopt);
    EXPECT_EQ(fields.time("d"), std::nullopt);
    EXPECT_EQ(fields.boolean("e/f"), std::nullopt);
    EXPECT_EQ(fields.integer("g", {0, 9}), std::nullopt);
    EXPECT_EQ(fields.faults(),
              (Lines{"/a: must be a string.", "/b: must be true or false.",
                     "/c: must be a whole number from 0 to 9.", "/d: must be an ISO 8601 date and time.",
                     "/e/f: must be true or false.", "/g: must be a whole number from 0 to 9."}));
}

TEST(BodyFields, TextsHaveALimitInCharactersAndNoNull)
{
    std::string characters(1'000, 'x');
    BodyFields good(R"({"a":")" + characters + R"(","b":["😀😀"]})");
    EXPECT_EQ(good.text("a"), characters);
    EXPECT_EQ(good.texts("b", 2)->size(), 1u);
    EXPECT_EQ(good.faults(), Lines());

    BodyFields fields(R"({"a":")" + characters +
                      R"(x","b":"123","c":["ok","😀😀!"],"d":"a\u0000b","e":["\u0000"]})");
    EXPECT_EQ(fields.text("a"), std::nullopt);
    EXPECT_EQ(fields.required_text("b", 2), "");
    fields.texts("c", 2);
    EXPECT_EQ(fields.text("d"), std::nullopt);
    fields.texts("e");
    EXPECT_EQ(fields.faults(),
              (Lines{"/a: must have at most 1000 characters.", "/b: must have at most 2 characters.",
                     "/c: must each have at most 2 characters.", "/d: must not contain null characters.",
                     "/e: must not contain null characters."}));
}

TEST(BodyFields, UnknownNamesAreShownInPart)
{
    BodyFields fields(R"({")" + std::string(100'000, 'x') + R"(":1,"a\nb":2})");
    EXPECT_EQ(fields.faults(),
              (Lines{"/" + std::string(64, 'x') + "…: unknown field.", "/a\\x0Ab: unknown field."}));
}

TEST(BodyFields, LoneSurrogatesAreNoJson)
{
    for (const char* body : {R"({"a":"\ud800"})", R"({"a":"\udc00x"})", "{\"a\":\"\xE9\"}"})
        EXPECT_EQ(BodyFields(body).faults(), Lines{"The body must be a JSON object."}) << body;
}

TEST(BodyFields, HaveTimesOfFourDigitYears)
{
    BodyFields fields(R"({"a":"9999-12-31T23:59:59Z","b":"9999-12-31T23:59:59-01:00"})");
    EXPECT_TRUE(fields.time("a"));
    EXPECT_FALSE(fields.time("b"));
    EXPECT_EQ(fields.faults(), Lines{"/b: must be an ISO 8601 date and time."});
}

TEST(BodyFields, ThatNobodyAskedForAreFaults)
{
    BodyFields fields(R"({"a":"x","A":"x","e":{"f":true,"g":true},"h":{}})");
    fields.text("a");
    fields.boolean("e/f");
    EXPECT_EQ(fields.faults(), (Lines{"/A: unknown field.", "/e/g: unknown field.", "/h: unknown field."}));
}

TEST(BodyFields, WithinSomethingElseThanAnObjectAreAFault)
{
    for (const char* body : {R"({"e":null})", R"({"e":[]})", R"({"e":"f"})"}) {
        BodyFields fields(body);
        EXPECT_EQ(fields.boolean("e/f"), std::nullopt);
        EXPECT_EQ(fields.faults(), Lines{"/e: must be an object."});
    }
}

TEST(BodyFields, NullIsTakenOnlyWhereItMeansSomething)
{
    BodyFields fields(R"({"a":null,"b":null,"c":"x"})");
    EXPECT_TRUE(fields.take_null("a"));
    EXPECT_EQ(fields.text("a"), std::nullopt);
    EXPECT_FALSE(fields.take_null("c"));
    EXPECT_EQ(fields.text("c"), "x");
    EXPECT_FALSE(fields.take_null("absent"));
    EXPECT_TRUE(fields.has("a"));
    EXPECT_EQ(fields.text("b"), std::nullopt);
    EXPECT_EQ(fields.faults(), Lines{"/b: must be a string."});
}

TEST(BodyFields, EachHasOneFault)
{
    BodyFields fields(R"({"a":1})");
    fields.text("a");
    fields.fault("a", "no such account");
    EXPECT_EQ(fields.required_text("b"), "");
    fields.fault("b", "too short");
    EXPECT_EQ(fields.faults(), (Lines{"/a: must be a string.", "/b: is required."}));
}

TEST(BodyFields, OfABodyThatIsNoObjectAreNotJudged)
{
    for (const char* body : {"", "[]", "null", "{", "\"x\"", "{\"a\":\"\xff\"}"}) {
        BodyFields fields(body);
        EXPECT_EQ(fields.required_text("a"), "");
        fields.require_any();
        fields.require_one_of({"a", "b"});
        EXPECT_EQ(fields.faults(), Lines{"The body must be a JSON object."}) << body;
    }
}

TEST(BodyFields, AtLeastOneOfThemIsThere)
{
    for (const char* body : {"{}", R"({"e":{}})"}) {
        BodyFields fields(body);
        fields.require_any();
        fields.boolean("e/f");
        EXPECT_EQ(fields.faults(), Lines{"The body must have at least one field."}) << body;
    }
    BodyFields fields(R"({"a":null})");
    fields.require_any();
    fields.take_null("a");
    EXPECT_EQ(fields.faults(), Lines());
}

TEST(BodyFields, ThatExcludeEachOtherAreOne)
{
    for (auto [body, is_good] : {std::pair("{}", false), {R"({"a":1})", true}, {R"({"a":1,"b":2})", false}}) {
        BodyFields fields(body);
        fields.integer("a", {0, 9});
        fields.integer("b", {0, 9});
        fields.require_one_of({"a", "b"});
        Lines one{"The body must have exactly one of a, b."};
        EXPECT_EQ(fields.faults(), is_good ? Lines() : one) << body;
    }
}

TEST(BodyFields, OfFewWordsAreReadAsWhatTheyStandFor)
{
    constexpr std::pair<std::string_view, int> words[] = {{"one", 1}, {"two", 2}};
    BodyFields fields(R"({"a":"two","b":"Two","c":2})");
    EXPECT_EQ(fields.choice<int>("a", words), 2);
    EXPECT_EQ(fields.choice<int>("b", words), std::nullopt);
    EXPECT_EQ(fields.choice<int>("c", words), std::nullopt);
    EXPECT_EQ(fields.choice<int>("d", words), std::nullopt);
    EXPECT_EQ(fields.faults(), (Lines{"/b: must be one of one, two.", "/c: must be a string."}));
}

TEST(BodyFields, MayBeAnObjectOfTexts)
{
    BodyFields fields(R"({"a":{"z":"1","b/c":""},"d":{"e":1},"f":[]})");
    using Pairs = std::vector<std::pair<std::string, std::string>>;
    EXPECT_EQ(fields.pairs("a"), (Pairs{{"z", "1"}, {"b/c", ""}}));
    EXPECT_EQ(fields.pairs("d"), std::nullopt);
    EXPECT_EQ(fields.pairs("f"), std::nullopt);
    EXPECT_EQ(fields.pairs("g"), std::nullopt);
    EXPECT_EQ(fields.faults(),
              (Lines{"/d: must be an object of strings.", "/f: must be an object of strings."}));
}

TEST(BodyFields, OfManyUnknownOnesAHundredAreTold)
{
    std::string body = "{";
    for (int i = 0; i < 5'000; ++i) body += "\"f" + std::to_string(i) + "\":1,";
    body.back() = '}';
    EXPECT_EQ(BodyFields(body).faults().size(), 100u);
    std::string too_many = "[" + body;
    for (int i = 0; i < 5'000; ++i) too_many += ",1";
    EXPECT_EQ(BodyFields(too_many + "]").faults(), Lines({"The body has more than 10000 values."}));
}

TEST(BodyFields, ReadWithLenienceAnEmptyListIsAnEmptyObject)
{
    BodyFields fields(R"({"a":[],"b":["x"]})", BodyFields::Reading::lenient);
    auto pairs = fields.pairs("a");
    ASSERT_TRUE(pairs);
    EXPECT_TRUE(pairs->empty());
    EXPECT_FALSE(fields.pairs("b"));
    EXPECT_EQ(fields.faults().size(), 1u);
    BodyFields strict(R"({"a":[]})");
    EXPECT_FALSE(strict.pairs("a"));
}

TEST(BodyFields, ReadWithLenienceMayBeNullOrUnknown)
{
    BodyFields fields(R"({"a":null,"b":"x","c":1})", BodyFields::Reading::lenient);
    EXPECT_EQ(fields.text("a"), std::nullopt);
    EXPECT_FALSE(fields.has("a"));
    EXPECT_EQ(fields.text("b"), "x");
    EXPECT_EQ(fields.faults(), Lines());

    BodyFields empty(R"({"a":null,"c":1})", BodyFields::Reading::lenient);
    EXPECT_EQ(empty.text("a"), std::nullopt);
    empty.require_any();
    EXPECT_EQ(empty.faults(), Lines{"The body must have at least one field."});
}

}  // namespace

}  // namespace tidings::api
