// SPDX-License-Identifier: Apache-2.0
// A converter of ICU has a state and a lock-free cache of its table behind it; opening one costs about a
// microsecond once the table is loaded, so that none is kept.
//
// Shift JIS and EUC overlap: two half-width katakana of the one are a character of the other. Kana and kanji
// of Shift JIS nearly always have octets that EUC does not know, while EUC read as Shift JIS is a row of
// half-width katakana, in which hardly anybody writes. So EUC is believed where it explains everything.
#include "text/foreign.hpp"

#include "base/utf8.hpp"

#include <unicode/ucnv.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

namespace tidings::text {

namespace {

struct Close {
    void operator()(UConverter* converter) const { ucnv_close(converter); }
};
using Converter = std::unique_ptr<UConverter, Close>;

const char* name_of(Foreign alphabet)
{
    switch (alphabet) {
    case Foreign::iso_8859_5: return "ISO-8859-5";
    case Foreign::iso_8859_8: return "ISO-8859-8";
    case Foreign::ks_c_5601: return "windows-949";  // with what Korean handsets add to it
    }
    std::abort();
}

// What ICU puts in the place of octets that mean nothing, by its converter.
bool is_substitute(char16_t unit) { return unit == u'\uFFFD' || unit == u'\x1A' || unit == 0; }

std::string utf8_of(std::u16string_view units)
{
    std::string out;
    out.reserve(units.size() * 3);
    for (std::size_t i = 0; i < units.size(); ++i) {
        char32_t c = is_substitute(units[i]) ? base::replacement : units[i];
        bool is_pair = c >= 0xD800 && c <= 0xDBFF && i + 1 < units.size();
        if (is_pair) c = 0x10000 + ((c - 0xD800) << 10) + (units[++i] - 0xDC00);
        base::append_utf8(out, c);
    }
    return out;
}

std::u16string decoded(const char* name, std::string_view octets)
{
    UErrorCode error = U_ZERO_ERROR;
    Converter converter(ucnv_open(name, &error));
    std::u16string units(octets.size() * 2 + 1, u'\0');  // no octet becomes more than that
    auto size = ucnv_toUChars(converter.get(), units.data(), static_cast<std::int32_t>(units.size()),
                              octets.data(), static_cast<std::int32_t>(octets.size()), &error);
    // ICU of a distribution that left the table out: a handset's text must not stop the process.
    if (U_FAILURE(error)) return std::u16string(octets.size(), u'\uFFFD');
    units.resize(static_cast<std::size_t>(size));
    return units;
}

// A control code beyond ASCII is what an octet becomes that is none of EUC's.
bool explains_all(std::u16string_view units)
{
    return std::ranges::none_of(
        units, [](char16_t unit) { return is_substitute(unit) || (unit >= 0x80 && unit < 0xA0); });
}

}  // namespace

std::string utf8_from(Foreign alphabet, std::string_view octets)
{
    return utf8_of(decoded(name_of(alphabet), octets));
}

std::string utf8_from_japanese(std::string_view octets)
{
    constexpr char escape = 0x1B;
    if (octets.find(escape) != octets.npos) return utf8_of(decoded("ISO-2022-JP-2", octets));
    std::u16string euc = decoded("EUC-JP", octets);
    if (explains_all(euc)) return utf8_of(euc);
    return utf8_of(decoded("Shift_JIS", octets));
}

}  // namespace tidings::text
