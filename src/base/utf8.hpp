// SPDX-License-Identifier: Apache-2.0
// What enters is text in UTF-8, or it is escaped at the door. Carriers, handsets and applications may send
// any octets as an address, an id or an error text. What is kept, listed, called back or logged of them went
// through escaped(), so that every answer is valid, no line of a log can be forged, and different octets stay
// different. The text of messages is another matter: it has a charset, and text/charset makes UTF-8 of it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tidings::base {

constexpr char32_t replacement = U'\uFFFD';

// Takes one code point from the front of `utf8`, which is not empty. What is not UTF-8 (surrogates and
// overlong forms included) gives U+FFFD, one for each byte.
char32_t take_code_point(std::string_view& utf8);

// Surrogates and values beyond Unicode are written as U+FFFD.
void append_utf8(std::string& out, char32_t code_point);

bool is_utf8(std::string_view bytes);

// How many octets the code point at the front of `bytes` has, which are not empty; 0: they are not UTF-8.
std::size_t utf8_octets(std::string_view bytes);

// The longest front of the text that has at most so many octets and ends with a whole character.
std::string_view utf8_prefix(std::string_view utf8, std::size_t octets_max);

// UTF-8 without control characters passes; each octet of anything else is written as \xE9.
std::string escaped(std::string_view bytes);
void append_escaped(std::string& out, char octet);  // as \xE9, whatever it is

}  // namespace tidings::base
