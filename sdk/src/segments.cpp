// SPDX-License-Identifier: Apache-2.0
#include "tidings/segments.hpp"

#include <cstdint>

namespace tidings {

namespace {

constexpr std::u32string_view basic =  // 3GPP TS 23.038, 6.2.1, without ESC
    U"@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    U"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
constexpr std::u32string_view extension = U"\f^{}\\[~]|€";  // 6.2.1.1: ESC and another septet
static_assert(basic.size() == 127);

constexpr char32_t replacement = U'\uFFFD';

// Takes a character off the front of `text`, which is not empty.
char32_t take_character(std::string_view& text)
{
    auto octet = [&text](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    std::uint8_t lead = octet(0);
    std::size_t size = lead < 0x80   ? 1
                       : lead < 0xC2 ? 0
                       : lead < 0xE0 ? 2
                       : lead < 0xF0 ? 3
                       : lead < 0xF5 ? 4
                                     : 0;
    char32_t character = size < 2 ? lead : lead & (0x7Fu >> size);
    for (std::size_t i = 1; i < size; ++i) {
        if (i >= text.size() || (octet(i) & 0xC0) != 0x80) {
            text.remove_prefix(i);
            return replacement;
        }
        character = character << 6 | (octet(i) & 0x3F);
    }
    text.remove_prefix(size ? size : 1);
    return size ? character : replacement;
}

// Units that a character takes; 0: it is not in the alphabet.
std::size_t units_of(Alphabet alphabet, char32_t character)
{
    if (alphabet == Alphabet::ucs2) return character > 0xFFFF ? 2 : 1;
    if (basic.find(character) != basic.npos) return 1;
    return extension.find(character) != extension.npos ? 2 : 0;
}

struct Room {
    std::size_t alone, part;
};

bool count_in(Alphabet alphabet, Room room, std::string_view text, Segments& counted)
{
    counted = {.alphabet = alphabet};
    std::size_t in_part = 0;
    while (!text.empty()) {
        std::size_t units = units_of(alphabet, take_character(text));
        if (units == 0) return false;
        counted.units += units;
        if (in_part + units > room.part) {
            ++counted.count;
            in_part = 0;
        }
        in_part += units;
    }
    if (counted.units <= room.alone) counted.count = 1;
    return true;
}

}  // namespace

Segments count_segments(std::string_view utf8)
{
    Segments counted;
    if (!count_in(Alphabet::gsm7, {160, 153}, utf8, counted))
        count_in(Alphabet::ucs2, {70, 67}, utf8, counted);
    return counted;
}

}  // namespace tidings
