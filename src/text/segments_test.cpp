// SPDX-License-Identifier: Apache-2.0
#include "text/segments.hpp"

#include "text/charset.hpp"
#include "text/unicode.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <random>
#include <sstream>

namespace tidings::text {

namespace {

using namespace std::string_view_literals;

// "152*a+1*€" spelt out.
std::string spelt_out(const std::string& recipe)
{
    std::string text;
    std::istringstream terms(recipe);
    for (std::string term; std::getline(terms, term, '+');) {
        auto star = term.find('*');
        for (int i = std::stoi(term.substr(0, star)); i > 0; --i) text += term.substr(star + 1);
    }
    return text;
}

std::string joined(const Segments& segments, LongForm form = LongForm::udh8)
{
    TextHeader header{.size = segments.parts.size() > 1 ? header_size(form) : 0, .languages = {}};
    std::string text;
    for (const std::string& part : segments.parts) text += to_utf8(segments.charset, part, header);
    return text;
}

std::string hex_octets(std::initializer_list<int> octets)
{
    std::string out;
    for (int octet : octets) out += static_cast<char>(octet);
    return out;
}

}  // namespace

TEST(Segments, AsManyAsAnIndependentCalculatorSays)
{
    std::ifstream vectors(VECTORS "/segments.csv");
    int count = 0;
    for (std::string line; std::getline(vectors, line);) {
        if (line.starts_with('#')) continue;
        auto comma = line.find(',');
        std::string text = spelt_out(line.substr(0, comma));
        EXPECT_EQ(count_segments(text), std::stoul(line.substr(comma + 1))) << line;
        EXPECT_EQ(joined(segments_of(text)), text) << line;
        ++count;
    }
    EXPECT_EQ(count, 20);
}

TEST(Segments, WiderReferenceLeavesRoomForOneCharacterLess)
{
    auto count = [](const std::string& recipe) {
        return count_segments(spelt_out(recipe), Charset::gsm7, LongForm::udh16);
    };
    EXPECT_EQ(count("160*a"), 1u);
    EXPECT_EQ(count("304*a"), 2u);
    EXPECT_EQ(count("305*a"), 3u);
    EXPECT_EQ(count("132*я"), 2u);
    EXPECT_EQ(count("133*я"), 3u);
}

TEST(Segments, SarPartsAreCutAsForTheNarrowReference)
{
    EXPECT_EQ(count_segments(std::string(306, 'a'), Charset::gsm7, LongForm::sar), 2u);
    EXPECT_EQ(count_segments(std::string(307, 'a'), Charset::gsm7, LongForm::sar), 3u);
}

TEST(Segments, PayloadIsTheWholeText)
{
    for (auto charset : {Charset::gsm7, Charset::gsm7_packed, Charset::latin1}) {
        Segments segments = segments_of(std::string(5000, 'a'), charset, LongForm::payload);
        ASSERT_EQ(segments.parts.size(), 1u);
        EXPECT_EQ(segments.parts[0].size(), charset == Charset::gsm7_packed ? 4375u : 5000u);
    }
}

TEST(Segments, TextGoesInTheCharsetOfTheLinkIfItFits)
{
    EXPECT_EQ(segments_of("café").charset, Charset::gsm7);
    EXPECT_EQ(segments_of("cafê").charset, Charset::ucs2);
    EXPECT_EQ(segments_of("cafê", Charset::latin1).parts[0], "caf\xEA");
    EXPECT_EQ(segments_of("5 €", Charset::latin1).charset, Charset::ucs2);
    EXPECT_EQ(segments_of("[~]", Charset::ascii).parts[0], "[~]");
    EXPECT_EQ(segments_of("café", Charset::ascii).parts[0], utf16be_from_utf8("café"));
    EXPECT_EQ(segments_of("hellohello", Charset::gsm7_packed).parts[0],
              "\xE8\x32\x9B\xFD\x46\x97\xD9\xEC\x37");
    EXPECT_EQ(count_segments(std::string(140, 'a'), Charset::latin1), 1u);
    EXPECT_EQ(count_segments(std::string(141, 'a'), Charset::latin1), 2u);
    EXPECT_EQ(count_segments(std::string(268, 'a'), Charset::ascii), 2u);
    EXPECT_EQ(count_segments(std::string(269, 'a'), Charset::ascii), 3u);
}

TEST(Segments, PairsStayTogetherAndNothingIsLost)
{
    constexpr std::size_t air_octets = 140;
    std::mt19937 random(11);
    const std::string_view gsm[] = {"a", "€", "{", "Δ"}, any[] = {"a", "я", "😀", "ê"};
    for (int round = 0; round < 200; ++round) {
        std::string text;
        for (auto left = random() % 900; left > 0; --left) text += (round % 2 ? gsm : any)[random() % 4];
        for (auto charset : {Charset::gsm7, Charset::gsm7_packed, Charset::latin1, Charset::ascii})
            for (auto form : {LongForm::udh8, LongForm::udh16, LongForm::sar, LongForm::payload}) {
                Segments segments = segments_of(text, charset, form);
                ASSERT_EQ(joined(segments, form), text);
                ASSERT_EQ(segments.parts.size(), count_segments(text, charset, form));
                if (segments.parts.size() == 1) continue;
                for (const std::string& part : segments.parts) {
                    ASSERT_FALSE(part.empty());
                    bool unpacked = segments.charset == Charset::gsm7;
                    std::size_t octets = unpacked ? (part.size() * 7 + 7) / 8 : part.size();
                    ASSERT_LE(octets + header_size(form), air_octets);
                }
            }
    }
}

TEST(Segments, EmptyTextIsOneEmptyPart) { EXPECT_EQ(segments_of("").parts, std::vector<std::string>{""}); }

TEST(Segments, HeadersAreThoseOfTheStandard)
{
    EXPECT_EQ(udh8(0xAB, 3, 2), hex_octets({5, 0, 3, 0xAB, 3, 2}));
    EXPECT_EQ(udh16(0xABCD, 3, 2), hex_octets({6, 8, 4, 0xAB, 0xCD, 3, 2}));
}

TEST(Concatenation, HeadersAreTakenOff)
{
    std::string bytes = udh8(7, 2, 1) + "text";
    UserData data = parse_user_data(bytes);
    EXPECT_EQ(data.part, (PartOf{7, 2, 1}));
    EXPECT_EQ(data.text, "text");
    EXPECT_EQ(data.header.size, 6u);
    EXPECT_EQ(parse_user_data(udh16(0x1234, 255, 255)).part, (PartOf{0x1234, 255, 255, true}));
}

TEST(Concatenation, OtherElementsAreSkipped)
{
    // Ports (0x05), then concatenation, then a national language (0x24).
    std::string bytes = hex_octets({14, 5, 4, 0x0B, 0x84, 0, 0, 0, 3, 9, 2, 2, 0x24, 1, 1}) + "x";
    UserData data = parse_user_data(bytes);
    EXPECT_EQ(data.part, (PartOf{9, 2, 2}));
    EXPECT_EQ(data.text, "x");
}

TEST(Concatenation, LanguagesAreThoseOfTheHeader)
{
    auto languages = [](std::initializer_list<int> octets) {
        return parse_user_data(hex_octets(octets)).header.languages;
    };
    EXPECT_EQ(languages({3, 0x24, 1, 1}), (Languages{.single_shift = 1}));
    EXPECT_EQ(languages({6, 0x25, 1, 3, 0x24, 1, 3}), (Languages{.single_shift = 3, .locking_shift = 3}));
    EXPECT_EQ(languages({4, 0x24, 2, 1, 1}), Languages{});
    EXPECT_EQ(languages({2, 0x24, 0}), Languages{});
}

TEST(Concatenation, HostileHeadersDoNoHarm)
{
    struct {
        std::string bytes, text;
    } cases[] = {
        {"", ""},
        {hex_octets({0}), ""},                                                 // empty header
        {hex_octets({0, 'x'}), "x"},                                           //
        {hex_octets({255, 0, 3, 1, 2, 1}), hex_octets({255, 0, 3, 1, 2, 1})},  // longer than the data
        {hex_octets({5, 0, 200, 1, 2, 1, 'x'}), "x"},  // element longer than the header
        {hex_octets({5, 0, 3, 1, 0, 0, 'x'}), "x"},    // no parts
        {hex_octets({5, 0, 3, 1, 2, 3, 'x'}), "x"},    // third of two
        {hex_octets({5, 0, 3, 1, 2, 0, 'x'}), "x"},    // the zeroth
        {hex_octets({4, 0, 2, 1, 2, 'x'}), "x"},       // too short
        {hex_octets({1, 0, 'x'}), "x"},                // element without length
        {hex_octets({5, 8, 3, 1, 2, 1, 'x'}), "x"},    // 16-bit element of 8-bit size
    };
    for (const auto& [bytes, text] : cases) {
        UserData data = parse_user_data(bytes);
        EXPECT_EQ(data.part, std::nullopt);
        EXPECT_EQ(data.text, text);
    }
}

}  // namespace tidings::text
