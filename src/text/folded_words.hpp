// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace tidings::text {

// How texts are compared that people typed: its words, folded (NFKC, without case), with a space between;
// punctuation and symbols separate words, apostrophes do not.
std::string folded_words(std::string_view utf8);

}  // namespace tidings::text
