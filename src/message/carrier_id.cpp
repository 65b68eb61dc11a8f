// SPDX-License-Identifier: Apache-2.0
// Ids are compared as text in one form, since they are no numbers to most carriers: lower case, no zeros
// before, octets that are no text escaped, and cut at a length that no carrier needs. Only if a link writes
// its receipts in another base is an id read as a number, of at most 64 bits: what is longer cannot have
// been written so.
#include "message/carrier_id.hpp"

#include "base/utf8.hpp"
#include "message/limits.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdlib>

namespace tidings::message {

namespace {

std::optional<std::uint64_t> number_of(std::string_view digits, int base)
{
    std::uint64_t value = 0;
    auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
    if (error != std::errc{} || end != digits.data() + digits.size()) return {};
    return value;
}

}  // namespace

std::string_view name(IdForm form)
{
    switch (form) {
    case IdForm::same: return "same";
    case IdForm::hex: return "hex";
    case IdForm::decimal: return "decimal";
    }
    std::abort();
}

std::string canonical_id(std::string_view id)
{
    // "0" stays: it is an id.
    while (id.size() > 1 && id.front() == '0') id.remove_prefix(1);
    std::string out = base::escaped(id);
    out.resize(base::utf8_prefix(out, carrier_id_max).size());
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

std::optional<std::string> response_id(std::string_view id, IdForm form)
{
    constexpr int decimal = 10, hexadecimal = 16;
    switch (form) {
    case IdForm::same: return canonical_id(id);
    case IdForm::hex:
        if (auto value = number_of(id, hexadecimal)) return fmt::format("{}", *value);
        return {};
    case IdForm::decimal:
        if (auto value = number_of(id, decimal)) return fmt::format("{:x}", *value);
        return {};
    }
    std::abort();
}

}  // namespace tidings::message
