// SPDX-License-Identifier: Apache-2.0
// How a character is written in the GSM 7-bit alphabet. The ways are tried in this order, and the first
// counts:
//
//     1. it is in the alphabet                          é stays é
//     2. the table below has it                         “ becomes "
//     3. it shows nothing by itself                     a joiner becomes nothing
//     4. all parts of its decomposition go by 1 to 3    ş becomes s, ﬁ becomes fi
//     5. otherwise                                      你 becomes ?
//
// The text is looked at piece by piece, a piece being a character with the marks behind it, since a letter
// and its mark written as two code points are one character to whoever reads it: e and U+0301 are é, which
// is in the alphabet. Pieces are composed (NFC) before they are judged, and only those that do not fit as
// they are.
#include "text/converter.hpp"

#include "base/utf8.hpp"
#include "text/gsm7.hpp"
#include "text/unicode.hpp"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <functional>
#include <numeric>

namespace tidings::text {

namespace {

struct Group {
    std::u32string_view characters;
    std::string_view becomes;
};

// What NFKD does not say, or says worse. Many entries are those of Twilio's SmartEncodingMap. What is not
// seen on a screen is written as an escape.
constexpr Group groups[] = {
    {U"\t\u00A0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A\u202F\u205F\u3000", " "},
    {U"\u2028\u2029", "\n"},
    {U"«»“”„‟″‶ʺˮ❝❞〝〞", "\""},
    {U"‘’‛`´′‵ʹʻʼʽˈˊˋ❛❜", "'"},
    {U"‐‑‒–—―−•⁃‣◦▪●⎼⎽", "-"},
    {U"⁄∕÷⧸", "/"},
    {U"∣‖⎜⎟⎸⎹⏐¦", "|"},
    {U"⟍⟵⧹", "\\"},
    {U"‗", "_"},
    {U"‚、¸", ","},
    {U"。·", "."},
    {U"ː˸⦂꞉", ":"},
    {U"⁏", ";"},
    {U"ǃ", "!"},
    {U"‼", "!!"},
    {U"…", "..."},
    {U"‹", "<"},
    {U"›", ">"},
    {U"←", "<-"},
    {U"→", "->"},
    {U"❨❪⟮⦅", "("},
    {U"❩❫⟯⦆", ")"},
    {U"❴", "{"},
    {U"❵", "}"},
    {U"⁎∗⊛✢✣✤✥✱✲✳✺✻✼✽❃❉❊❋⧆", "*"},
    {U"˖", "+"},
    {U"±", "+/-"},
    {U"×", "x"},
    {U"꞊", "="},
    {U"ˆ", "^"},
    {U"˜˷∼", "~"},
    {U"½", "1/2"},
    {U"¼", "1/4"},
    {U"¾", "3/4"},
    {U"°", "o"},
    {U"©", "(c)"},
    {U"®", "(r)"},
    {U"₤", "£"},
    {U"¢", "c"},
    {U"₹", "Rs"},
    {U"µμ", "u"},
    {U"ƒ", "f"},
    {U"ł", "l"},
    {U"Ł", "L"},
    {U"đð", "d"},
    {U"ĐÐ", "D"},
    {U"ħ", "h"},
    {U"Ħ", "H"},
    {U"ı", "i"},
    {U"ŧ", "t"},
    {U"Ŧ", "T"},
    {U"ŋ", "n"},
    {U"Ŋ", "N"},
    {U"ĸ", "k"},
    {U"ə", "e"},
    {U"Ə", "E"},
    {U"œ", "oe"},
    {U"Œ", "OE"},
    {U"þ", "th"},
    {U"Þ", "TH"},
    {U"ẞ", "SS"},
    // Small capitals, and the Greek capitals that look like Latin ones: the alphabet leaves them out as such.
    {U"ᴀΑ", "A"},
    {U"ʙΒ", "B"},
    {U"ᴄ", "C"},
    {U"ᴅ", "D"},
    {U"ᴇΕ", "E"},
    {U"ꜰ", "F"},
    {U"ɢ", "G"},
    {U"ʜΗ", "H"},
    {U"ɪΙ", "I"},
    {U"ᴊ", "J"},
    {U"ᴋΚ", "K"},
    {U"ʟ", "L"},
    {U"ᴍΜ", "M"},
    {U"ɴΝ", "N"},
    {U"ᴏΟ", "O"},
    {U"ᴘΡ", "P"},
    {U"ʀ", "R"},
    {U"ꜱ", "S"},
    {U"ᴛΤ", "T"},
    {U"ᴜ", "U"},
    {U"ᴠ", "V"},
    {U"ᴡ", "W"},
    {U"Χ", "X"},
    {U"ʏΥ", "Y"},
    {U"ᴢΖ", "Z"},
};

struct Entry {
    char32_t character = 0;
    std::string_view becomes{};
};

constexpr std::size_t entry_count =
    std::accumulate(std::begin(groups), std::end(groups), std::size_t{0},
                    [](std::size_t sum, const Group& group) { return sum + group.characters.size(); });

// The groups by character, sorted when this is compiled; no character is named twice.
constexpr auto table = [] {
    std::array<Entry, entry_count> entries{};
    std::size_t used = 0;
    for (const Group& group : groups)
        for (char32_t c : group.characters) entries[used++] = {c, group.becomes};
    std::ranges::sort(entries, {}, &Entry::character);
    return entries;
}();
static_assert(std::ranges::adjacent_find(table, std::ranges::greater_equal(), &Entry::character) ==
              table.end());

std::optional<std::string_view> look_up(char32_t c)
{
    auto found = std::ranges::lower_bound(table, c, {}, &Entry::character);
    if (found == table.end() || found->character != c) return {};
    return found->becomes;
}

const icu::Normalizer2& normalizer(const icu::Normalizer2* (*get)(UErrorCode&))
{
    UErrorCode error = U_ZERO_ERROR;
    const icu::Normalizer2* found = get(error);
    if (U_FAILURE(error)) std::abort();  // ICU carries these tables within itself
    return *found;
}

const icu::Normalizer2& nfc()
{
    static const icu::Normalizer2& instance = normalizer(&icu::Normalizer2::getNFCInstance);
    return instance;
}

const icu::Normalizer2& nfkd()
{
    static const icu::Normalizer2& instance = normalizer(&icu::Normalizer2::getNFKDInstance);
    return instance;
}

constexpr char first_beyond_controls = ' ';

bool is_mark(char32_t c) { return (U_GET_GC_MASK(static_cast<UChar32>(c)) & U_GC_M_MASK) != 0; }

// Controls, marks that found no letter to stand on, joiners, selectors of variants and the like.
bool shows_nothing(char32_t c)
{
    auto code_point = static_cast<UChar32>(c);
    return c < first_beyond_controls || (c >= 0x7F && c <= 0x9F) || is_mark(c) ||
           u_hasBinaryProperty(code_point, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
}

// Ways 1 to 3, for one character. Nothing: it has to be decomposed.
std::optional<std::string> without_decomposing(char32_t c)
{
    std::string as_is;
    base::append_utf8(as_is, c);
    if (fits_gsm7(as_is)) return as_is;
    if (auto becomes = look_up(c)) return std::string(*becomes);
    if (shows_nothing(c)) return std::string();
    return {};
}

// All ways but the last. Nothing: there is no way to write it.
std::optional<std::string> written_in_gsm7(char32_t c)
{
    if (auto text = without_decomposing(c)) return text;
    icu::UnicodeString parts;
    if (!nfkd().getDecomposition(static_cast<UChar32>(c), parts)) return {};
    std::string out;
    for (std::int32_t i = 0; i < parts.length(); i = parts.moveIndex32(i, 1)) {
        auto text = without_decomposing(static_cast<char32_t>(parts.char32At(i)));
        if (!text) return {};
        out += *text;
    }
    return out;
}

constexpr int marks_max = 30;  // on one character; more are no text (UAX #15, Stream-Safe Text Format)

// Takes a character with the marks that may join with it. Normalisation never looks across the end of such a
// piece, so that pieces can be composed one by one.
std::string_view take_piece(std::string_view& text)
{
    std::string_view rest = text;
    base::take_code_point(rest);
    for (int marks = 0; marks < marks_max && !rest.empty(); ++marks) {
        std::string_view next = rest;
        if (nfc().hasBoundaryBefore(static_cast<UChar32>(base::take_code_point(next)))) break;
        rest = next;
    }
    std::string_view piece = text.substr(0, text.size() - rest.size());
    text = rest;
    return piece;
}

std::string composed(std::string_view piece)
{
    UErrorCode error = U_ZERO_ERROR;
    icu::StringPiece bytes(piece.data(), static_cast<std::int32_t>(piece.size()));
    if (nfc().isNormalizedUTF8(bytes, error)) return std::string(piece);
    icu::UnicodeString result = nfc().normalize(icu::UnicodeString::fromUTF8(bytes), error);
    if (U_FAILURE(error)) std::abort();
    std::string out;
    return result.toUTF8String(out);
}

// Appends what becomes of a piece. False: a question mark was needed.
bool append_converted(std::string& out, std::string_view piece)
{
    if (fits_gsm7(piece)) {
        out += piece;
        return true;
    }
    bool known = true;
    std::string whole = composed(piece);
    for (std::string_view rest = whole; !rest.empty();) {
        auto text = written_in_gsm7(base::take_code_point(rest));
        out += text.value_or("?");
        known &= text.has_value();
    }
    return known;
}

}  // namespace

std::string_view name(Converter mode)
{
    switch (mode) {
    case Converter::off: return "off";
    case Converter::strict: return "strict";
    case Converter::lossless: return "lossless";
    }
    std::abort();
}

std::optional<std::string> convert(std::string_view text, Converter mode, std::vector<Replaced>* replaced)
{
    if (mode == Converter::off || fits_gsm7(text)) return {};
    std::size_t replaced_before = replaced ? replaced->size() : 0;
    std::string out;
    out.reserve(text.size());
    std::size_t at = 0;
    while (!text.empty()) {
        std::string_view piece = take_piece(text);
        std::size_t begin = out.size();
        if (!append_converted(out, piece) && mode == Converter::lossless) {
            if (replaced) replaced->resize(replaced_before);
            return {};
        }
        std::string_view became = std::string_view(out).substr(begin);
        if (replaced && became != piece) replaced->push_back({at, std::string(piece), std::string(became)});
        at += utf16_size(piece);
    }
    return out;
}

}  // namespace tidings::text
