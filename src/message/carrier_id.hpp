// SPDX-License-Identifier: Apache-2.0
// What a carrier calls a message: an id in submit_sm_resp, and one in the receipt that is meant to be the
// same. Carriers change its letter case, drop its leading zeros, or write the number in another base.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

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

// The canonical ids that the response may have given, if a receipt writes its id in that form as `id`: the
// most likely one first. More than one where the number is signed for one side and not for the other: -2
// stands for fffffffe or for fffffffffffffffe. None: it is no number of that form.
std::vector<std::string> response_ids(std::string_view id, IdForm form);

}  // namespace tidings::message
