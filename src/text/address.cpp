// SPDX-License-Identifier: Apache-2.0
#include "text/address.hpp"

#include "text/gsm7.hpp"
#include "text/unicode.hpp"

#include <algorithm>

namespace tidings::text {

namespace {

bool is_printable_ascii(char c) { return c >= 0x20 && c < 0x7F; }

// Places at which GSM has letters and ASCII brackets, in which nobody writes a name. At the others where they
// differ, as @ and _, ASCII is meant.
bool is_gsm_letter(char octet)
{
    auto is_within = [octet](char first, char last) { return octet >= first && octet <= last; };
    return is_within('[', '^') || is_within('{', '~');
}

std::string gsm7_name(std::string_view octets)
{
    if (!std::ranges::all_of(octets, is_printable_ascii)) return utf8_from_gsm7(octets);
    std::string name;
    for (char octet : octets)
        name += is_gsm_letter(octet) ? utf8_from_gsm7(std::string_view(&octet, 1)) : std::string(1, octet);
    return name;
}

}  // namespace

std::optional<std::string> address_octets(Charset charset, std::string_view name)
{
    if (std::ranges::all_of(name, is_printable_ascii)) return std::string(name);
    if (charset == Charset::gsm7_packed) charset = Charset::gsm7;  // an address is never packed
    auto octets = from_utf8(charset, name);
    if (!octets || octets->size() != code_points(name) || octets->find('\0') != octets->npos) return {};
    return octets;
}

bool has_letters(Charset charset, std::string_view name)
{
    return std::ranges::all_of(name, is_printable_ascii) || address_octets(charset, name).has_value();
}

bool can_be_address(std::string_view name)
{
    return has_letters(Charset::gsm7, name) || has_letters(Charset::latin1, name);
}

std::string address_text(Charset charset, std::string_view octets)
{
    if (charset == Charset::gsm7 || charset == Charset::gsm7_packed) return gsm7_name(octets);
    return to_utf8(charset, octets);
}

}  // namespace tidings::text
