// SPDX-License-Identifier: Apache-2.0
#include "text/joined.hpp"

#include "text/gsm7.hpp"
#include "text/segments.hpp"
#include "text/unicode.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace tidings::text {

using namespace std::string_view_literals;

namespace {

constexpr std::size_t no_limit = 100'000;

std::string joined(const std::vector<CodedPart>& parts) { return joined_text(parts, no_limit); }

// The octets in parts of at most `size`, cut wherever that falls.
std::vector<CodedPart> cut(Charset charset, std::string_view octets, std::size_t size,
                           Languages languages = {})
{
    std::vector<CodedPart> parts;
    for (std::uint8_t sequence = 1; !octets.empty(); ++sequence) {
        std::size_t taken = std::min(size, octets.size());
        parts.push_back(
            coded_part(sequence, charset, octets.substr(0, taken), {.size = 6, .languages = languages}));
        octets.remove_prefix(taken);
    }
    return parts;
}

// As SIM cards do: with the fill bits that a header of six octets needs.
CodedPart packed(std::uint8_t sequence, std::string_view septets)
{
    return coded_part(sequence, Charset::gsm7_packed, pack_gsm7(septets, 1), {.size = 6, .languages = {}});
}

}  // namespace

TEST(Joined, ACutWithinACharacterDoesNoHarm)
{
    std::string_view text = "a😀€[я";
    for (std::size_t size = 1; size < 12; ++size) {
        EXPECT_EQ(joined(cut(Charset::ucs2, utf16be_from_utf8(text), size)), text) << size;
        EXPECT_EQ(joined(cut(Charset::utf8, text, size)), text) << size;
        EXPECT_EQ(joined(cut(Charset::gsm7, gsm7_from_utf8("a€[b€").value(), size)), "a€[b€") << size;
        EXPECT_EQ(joined(cut(Charset::korean, "\xBE\xC8\xB3\xE7"sv, size)), "안녕") << size;
        EXPECT_EQ(joined(cut(Charset::japanese, "\x1B$BF|K\\8l\x1B(B!", size)), "日本語!") << size;
    }
}

TEST(Joined, NationalLettersStandAtACut)
{
    Languages turkish{.single_shift = 1, .locking_shift = 1};
    EXPECT_EQ(joined(cut(Charset::gsm7, "\x1C\x1B\x69", 2, turkish)), "Şı");
}

TEST(Joined, PackedPartsBeginAtASeptetEach)
{
    std::string first(153, 'a'), second(20, 'b');
    EXPECT_EQ(joined({packed(1, first), packed(2, second)}), first + second);
    first.back() = gsm7_escape;
    second.front() = 'e';
    EXPECT_EQ(joined({packed(1, first), packed(2, second)}),
              std::string(152, 'a') + "€" + std::string(19, 'b'));
}

TEST(Joined, TheLastSeptetOfAFullPackedPartIsACharacterUnlessTheNextBeginsWithEsc)
{
    std::string full(153, 'a'), shorter(152, 'a');
    full.back() = '\0';
    EXPECT_EQ(joined({packed(1, full), packed(2, "b")}), shorter + "@b");
    full.back() = '\r';
    EXPECT_EQ(joined({packed(1, full), packed(2, "b")}), shorter + "\rb");
    EXPECT_EQ(joined({packed(1, shorter), packed(2, "\x1B\x65")}), shorter + "€");
    EXPECT_EQ(joined({packed(1, "b"), packed(2, full)}), "b" + shorter);
}

TEST(Joined, OurOwnPackedPartsComeBack)
{
    std::string full(152, 'a'), rest(20, 'b');
    for (const std::string& text : {full + "€" + rest, full + "@" + rest, std::string(400, '@') + "."}) {
        Segments segments = segments_of(text, Charset::gsm7_packed);
        std::vector<CodedPart> parts;
        for (const std::string& octets : segments.parts)
            parts.push_back(coded_part(static_cast<std::uint8_t>(parts.size() + 1), Charset::gsm7_packed,
                                       octets, {.size = 6, .languages = {}}));
        EXPECT_EQ(joined(parts), text);
    }
}

TEST(Joined, PartsInOtherCodingsAreDecodedApart)
{
    CodedPart gsm{.sequence = 1, .coding = {.charset = Charset::gsm7}, .octets = "a\x1B"};
    CodedPart ucs2{.sequence = 2, .coding = {.charset = Charset::ucs2}, .octets = "\x04\x4F"};
    CodedPart latin{.sequence = 3, .coding = {.charset = Charset::latin1}, .octets = "\xE9"};
    EXPECT_EQ(joined({gsm, ucs2, latin}), "a яé");
}

TEST(Joined, BehindAMissingPartAnotherTextBegins)
{
    CodedPart high{.sequence = 1, .coding = {.charset = Charset::ucs2}, .octets = "\xD8\x3D"};
    CodedPart low{.sequence = 3, .coding = {.charset = Charset::ucs2}, .octets = std::string("\xDE\0\0b", 4)};
    EXPECT_EQ(joined({high, low}), "\uFFFD\uFFFDb");
}

TEST(Joined, AByteOrderMarkBeforeEachPartIsNoText)
{
    CodedPart first{.sequence = 1,
                    .coding = {.charset = Charset::ucs2},
                    .octets = std::string("\xFF\xFE"
                                          "a\0",
                                          4)};
    CodedPart second{.sequence = 2,
                     .coding = {.charset = Charset::ucs2},
                     .octets = std::string("\xFF\xFE"
                                           "b\0",
                                           4)};
    EXPECT_EQ(joined({first, second}), "ab");
}

TEST(Joined, WhatIsFarBeyondTheLimitIsLeftOut)
{
    CodedPart part{.sequence = 1, .coding = {}, .octets = "abc"};
    std::vector<CodedPart> parts(3, part);
    EXPECT_EQ(joined_text(parts, 4), "abcabc");
}

}  // namespace tidings::text
