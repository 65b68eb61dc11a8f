// SPDX-License-Identifier: Apache-2.0
// What a carrier calls a message: an id in submit_sm_resp, and one in the receipt that is meant to be the
// same. Carriers change its letter case, drop its leading zeros, or write the number in another base.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tidings::message {

// How receipts write the id that the response gave. The values are stored: append only.
enum class IdForm : std::uint8_t {
    same,     // but for letter case and leading zeros
    hex,      // in hexadecimal, while the response has it in decimal
    decimal,  // in decimal, while the response has it in hexadecimal
};

std::string_view name(IdForm form);  // as the configuration has it

// Escaped as base::escaped() does, in lower case, without leading zeros, and at most carrier_id_max octets of
// it. So the ids of all responses are kept, and those of receipts looked for.
std::string canonical_id(std::string_view id);

// The canonical id of the response, if a receipt writes it in that form as `id`. Nothing: that is no number
// of that form with at most 64 bits.
std::optional<std::string> response_id(std::string_view id, IdForm form);

}  // namespace tidings::message
