// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace tidings::message {

// Whether both may be the number of one handset: carriers write it with and without the country's code, with
// zeros before it, and as they please. Their last eight digits decide, which two handsets of one country do
// not share. What has fewer than seven digits, or is no number, is only the same as itself.
bool may_be_same_number(std::string_view a, std::string_view b);

// Digits, and as many as a handset's number has at least: not a short code, a name or a masked number.
bool looks_like_handset(std::string_view address);

}  // namespace tidings::message
