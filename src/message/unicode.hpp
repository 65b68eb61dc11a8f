// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tidings::message {

constexpr char32_t replacement = U'\uFFFD';

// Takes one code point from the front of `utf8`, which is not empty. What is not UTF-8 (surrogates and
// overlong forms included) gives U+FFFD, one for each byte.
char32_t take_code_point(std::string_view& utf8);

// Surrogates and values beyond Unicode are written as U+FFFD.
void append_utf8(std::string& out, char32_t code_point);

bool is_utf8(std::string_view bytes);

// How many UTF-16 units the text has: the unit in which the API's limits and UCS-2 segments count.
std::size_t utf16_size(std::string_view utf8);

std::string utf16be_from_utf8(std::string_view utf8);

// Lone surrogates, an odd last byte and U+0000 become U+FFFD; a byte order mark at the front is dropped.
std::string utf8_from_utf16be(std::string_view bytes);

}  // namespace tidings::message
