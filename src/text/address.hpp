// SPDX-License-Identifier: Apache-2.0
// A name as the address of a sender: one octet for each letter, in the alphabet of the link. ASCII goes as it
// is on every link, since that is what carriers take an address for; only with a letter beyond it does the
// alphabet count, and then for all of the name. Addresses are C strings: what needs a zero octet, or two
// octets in the alphabet, cannot stand in one.
#pragma once

#include "text/charset.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace tidings::text {

// Nothing: this alphabet cannot write it.
std::optional<std::string> address_octets(Charset charset, std::string_view name);

// Whether there would be any, without making them: asked of every message.
bool has_letters(Charset charset, std::string_view name);

// Whether some alphabet that a link may have can write it.
bool can_be_address(std::string_view name);

// The way back, of an address that is said to be a name. The result is valid UTF-8.
std::string address_text(Charset charset, std::string_view octets);

}  // namespace tidings::text
