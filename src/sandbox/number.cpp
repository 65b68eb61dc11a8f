// SPDX-License-Identifier: Apache-2.0
// Numbers inside the sandbox are digits, whatever way they are written outside. On the wire a full number is
// international, a short one network specific, and anything else a name, as most carriers have it.
#include "sandbox/number.hpp"

#include "message/message.hpp"
#include "text/address.hpp"

namespace tidings::sandbox {

namespace {

constexpr std::size_t digits_min = 3;
constexpr std::size_t digits_max = 15;  // E.164

constexpr std::uint8_t ton_international = 1;  // SMPP 3.4, 5.2.5 and 5.2.6
constexpr std::uint8_t ton_network_specific = 3;
constexpr std::uint8_t ton_alphanumeric = 5;
constexpr std::uint8_t npi_isdn = 1;

bool is_international(std::string_view number)
{
    return message::infer_source_type(number) == message::SourceType::international;
}

}  // namespace

base::Result<std::string> parse_number(std::string_view text)
{
    if (text.starts_with('+')) text.remove_prefix(1);
    if (text.size() < digits_min || text.size() > digits_max) return base::errc::bad_address;
    if (text.find_first_not_of("0123456789") != text.npos) return base::errc::bad_address;
    return std::string(text);
}

std::string shown_handset(std::string_view digits) { return "+" + std::string(digits); }

std::string shown_sender(const smpp::Address& address)
{
    // A peer may have sent any octets.
    if (address.ton == ton_alphanumeric) return text::address_text(text::Charset::gsm7, address.number);
    return message::written(text::to_utf8(text::Charset::utf8, address.number));
}

smpp::Address address_of(std::string_view digits)
{
    if (is_international(digits)) return {ton_international, npi_isdn, std::string(digits)};
    return {ton_network_specific, 0, std::string(digits)};
}

}  // namespace tidings::sandbox
