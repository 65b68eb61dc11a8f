// SPDX-License-Identifier: Apache-2.0
// Where a long text is cut. Everything is counted before packing, in what the charset counts by: septets for
// the GSM alphabet, octets for all else.
//
//                        alone    beside 6 octets of header    beside 7
//     GSM 7-bit            160                          153         152
//     UCS-2                 70                           67          66    (characters of two octets)
//     one octet each       140                          134         133
//
// A part must not end within what is one character to the handset: an ESC and what it escapes, or the two
// halves of a surrogate pair. Such a part is one shorter, so that the number of parts is known only by
// cutting. With SAR the carrier writes the header, which takes the same room on the air as one of ours with
// a reference of 8 bits.
#include "text/segments.hpp"

#include "text/gsm7.hpp"
#include "text/unicode.hpp"

#include <cassert>

namespace tidings::text {

namespace {

constexpr std::size_t parts_max = 255;

constexpr std::size_t air_octets = 140;  // of one SMS (TS 23.040, 9.2.3.24)

// Of a text that stands alone, and of a part beside its header; see the table above.
struct Room {
    std::size_t alone;
    std::size_t part;
};

Room room_for(Charset charset, LongForm form)
{
    std::size_t beside_header = air_octets - header_size(form == LongForm::sar ? LongForm::udh8 : form);
    if (charset == Charset::gsm7) return {air_octets * 8 / 7, beside_header * 8 / 7};
    if (charset == Charset::ucs2) return {air_octets, beside_header / 2 * 2};
    return {air_octets, beside_header};
}

// Whether a part that ends before octet `end` would tear a pair apart. An ESC that is itself the second half
// of a pair cannot occur: encoding never makes ESC ESC.
bool splits_pair(Charset charset, std::string_view octets, std::size_t end)
{
    if (charset == Charset::gsm7) return octets[end - 1] == gsm7_escape;
    auto high_octet = static_cast<std::uint8_t>(octets[end]);
    return charset == Charset::ucs2 && high_octet >= 0xDC && high_octet <= 0xDF;
}

// Calls `take(part)` for each part in turn.
template <class Take>
void cut(Charset charset, std::string_view octets, LongForm form, Take take)
{
    Room room = room_for(charset, form);
    if (octets.size() <= room.alone || form == LongForm::payload) return take(octets);
    while (octets.size() > room.part) {
        std::size_t end = room.part;
        if (splits_pair(charset, octets, end)) end -= charset == Charset::gsm7 ? 1 : 2;
        take(octets.substr(0, end));
        octets.remove_prefix(end);
    }
    take(octets);
}

struct Encoded {
    Charset charset;  // packed text is cut before it is packed
    std::string octets;
};

// In the charset if all of the text is in it, else in UCS-2, which has everything.
Encoded encode(std::string_view text, Charset charset)
{
    assert(charset != Charset::utf8);
    if (charset == Charset::gsm7_packed) charset = Charset::gsm7;
    if (auto octets = from_utf8(charset, text)) return {charset, *std::move(octets)};
    return {Charset::ucs2, utf16be_from_utf8(text)};
}

// Information elements of a header (TS 23.040, 9.2.3.24).
constexpr std::uint8_t concatenation8 = 0x00;
constexpr std::uint8_t concatenation16 = 0x08;
constexpr std::uint8_t single_shift = 0x24;
constexpr std::uint8_t locking_shift = 0x25;

std::uint8_t octet(char c) { return static_cast<std::uint8_t>(c); }

std::optional<PartOf> part_of(std::uint8_t element, std::string_view value)
{
    auto at = [value](std::size_t i) { return octet(value[i]); };
    PartOf part;
    if (element == concatenation8 && value.size() == 3)
        part = {.reference = at(0), .total = at(1), .sequence = at(2)};
    else if (element == concatenation16 && value.size() == 4)
        part = {.reference = static_cast<std::uint16_t>(at(0) << 8 | at(1)),
                .total = at(2),
                .sequence = at(3),
                .is_wide = true};
    else
        return {};
    // A part outside of its total makes no sense. The text is then taken as whole, rather than kept waiting
    // for parts that cannot come.
    if (part.sequence == 0 || part.sequence > part.total) return {};
    return part;
}

}  // namespace

Segments segments_of(std::string_view text, Charset charset, LongForm form)
{
    Encoded encoded = encode(text, charset);
    Segments segments{.charset = encoded.charset, .parts = {}};
    cut(encoded.charset, encoded.octets, form,
        [&](std::string_view part) { segments.parts.emplace_back(part); });
    assert(segments.parts.size() <= parts_max);
    if (charset == Charset::gsm7_packed && encoded.charset == Charset::gsm7) {
        unsigned fill_bits = segments.parts.size() == 1 ? 0 : fill_bits_after(header_size(form));
        for (std::string& part : segments.parts) part = pack_gsm7(part, fill_bits);
        segments.charset = charset;
    }
    return segments;
}

std::size_t count_segments(std::string_view text, Charset charset, LongForm form)
{
    Encoded encoded = encode(text, charset);
    std::size_t count = 0;
    cut(encoded.charset, encoded.octets, form, [&](std::string_view) { ++count; });
    return count;
}

// The length of the header without itself, the element, the length of its value, the value.
std::string udh8(std::uint8_t reference, std::uint8_t total, std::uint8_t sequence)
{
    std::string header = {'\x05', static_cast<char>(concatenation8), '\x03'};
    for (std::uint8_t octet : {reference, total, sequence}) header += static_cast<char>(octet);
    return header;
}

std::string udh16(std::uint16_t reference, std::uint8_t total, std::uint8_t sequence)
{
    std::string header = {'\x06', static_cast<char>(concatenation16), '\x04'};
    header += static_cast<char>(reference >> 8);
    header += static_cast<char>(reference);
    header += static_cast<char>(total);
    header += static_cast<char>(sequence);
    return header;
}

UserData parse_user_data(std::string_view user_data)
{
    UserData data{.part = {}, .header = {}, .text = user_data};
    if (user_data.empty()) return data;
    std::size_t header_size = 1 + static_cast<std::uint8_t>(user_data[0]);
    // The bit said that there is a header, and the octets say that there is none: the octets are believed.
    if (header_size > user_data.size()) return data;
    data.header.size = header_size;
    data.text = user_data.substr(header_size);

    // Elements of type, length and value follow one another. One that is cut off ends the look through them;
    // the text behind the header is good all the same.
    std::string_view elements = user_data.substr(1, header_size - 1);
    while (elements.size() >= 2) {
        auto element = static_cast<std::uint8_t>(elements[0]);
        std::size_t size = static_cast<std::uint8_t>(elements[1]);
        elements.remove_prefix(2);
        if (size > elements.size()) break;
        // Of several of a kind the last one counts (TS 23.040, 9.2.3.24).
        std::string_view value = elements.substr(0, size);
        if (auto part = part_of(element, value)) data.part = part;
        if (element == single_shift && size == 1) data.header.languages.single_shift = octet(value[0]);
        if (element == locking_shift && size == 1) data.header.languages.locking_shift = octet(value[0]);
        elements.remove_prefix(size);
    }
    return data;
}

}  // namespace tidings::text
