// SPDX-License-Identifier: Apache-2.0
// A run is a row of parts that are decoded together.
#include "text/joined.hpp"

#include "text/gsm7.hpp"
#include "text/unicode.hpp"

namespace tidings::text {

namespace {

constexpr std::size_t air_octets = 140;  // of one SMS, header included (TS 23.040, 9.2.3.24)

bool goes_on(const CodedPart& part, const CodedPart& next)
{
    return next.sequence == part.sequence + 1 && next.coding.charset == part.coding.charset &&
           next.coding.languages == part.coding.languages;
}

// A part is full with 153 septets, or with 152 where the 153rd and the next are an ESC pair that its sender
// did not cut. Then there are seven spare bits, which read as a septet; what tells is that the next part
// begins with the pair. Behind the last part there is nothing, and spare bits are more likely than a @.
bool ends_in_padding(const CodedPart& part, const CodedPart* next)
{
    if (!part.coding.last_may_be_padding) return false;
    return !next || next->octets.starts_with(gsm7_escape);
}

// Some gateways put a byte order mark before each part; the first one says how all are read.
std::string_view without_mark(std::string_view octets, std::string_view run)
{
    bool is_aligned = run.size() % 2 == 0;
    for (std::string_view mark : {bom_be, bom_le})
        if (is_aligned && run.starts_with(mark) && octets.starts_with(mark))
            return octets.substr(mark.size());
    return octets;
}

}  // namespace

CodedPart coded_part(std::uint8_t sequence, Charset charset, std::string_view octets, TextHeader header)
{
    CodedPart part{.sequence = sequence, .coding = {charset, header.languages, false}, .octets = {}};
    if (charset != Charset::gsm7_packed) {
        part.octets = octets;
        return part;
    }
    Unpacked unpacked = unpack_all_gsm7(octets, fill_bits_after(header.size));
    part.coding.charset = Charset::gsm7;
    part.octets = std::move(unpacked.septets);
    bool is_full = header.size + octets.size() == air_octets;
    if (unpacked.last_may_be_padding && !is_full) part.octets.pop_back();
    part.coding.last_may_be_padding = unpacked.last_may_be_padding && is_full;
    return part;
}

std::string joined_text(std::span<const CodedPart> parts, std::size_t octets_max)
{
    std::string text, run;
    std::size_t octets = 0;
    for (std::size_t i = 0; i < parts.size() && octets <= octets_max; ++i) {
        const CodedPart& part = parts[i];
        const CodedPart* next = i + 1 < parts.size() && goes_on(part, parts[i + 1]) ? &parts[i + 1] : nullptr;
        std::string_view more = part.octets;
        if (ends_in_padding(part, next)) more.remove_suffix(1);
        if (part.coding.charset == Charset::ucs2) more = without_mark(more, run);
        octets += more.size();
        run += more;
        if (next && octets <= octets_max) continue;
        text += to_utf8(part.coding.charset, run, {.size = 0, .languages = part.coding.languages});
        run.clear();
    }
    return text;
}

}  // namespace tidings::text
