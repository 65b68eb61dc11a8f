// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/error.hpp"
#include "smpp/pdu.hpp"

#include <string>
#include <string_view>

namespace tidings::sandbox {

// Inside the sandbox a number is its digits: 3 (a short code) to 15, in `text` with or without a + before.
// errc::bad_address when it is none.
base::Result<std::string> parse_number(std::string_view text);

std::string shown_handset(std::string_view digits);      // always with its +
std::string shown_sender(const smpp::Address& address);  // short codes and names as they are

// With the type and plan that numbers of this length have.
smpp::Address address_of(std::string_view digits);

}  // namespace tidings::sandbox
