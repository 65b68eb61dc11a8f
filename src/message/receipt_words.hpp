// SPDX-License-Identifier: Apache-2.0
// What the words of receipts mean. The standard has eight, of seven letters each; carriers spell them out,
// misspell them, and add words of their own, some final and some not. Those known in the field stand in the
// table of receipt_words.cpp; a link may add to it and overrule it. A word that is in neither changes
// nothing: whoever guesses tells an application of what may not have happened.
#pragma once

#include "message/status.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace tidings::message {

// What a carrier's word means for the message.
struct Outcome {
    Code code = Code::none;
    bool provisional = false;  // UNKNOWN: to be believed only when nothing better comes for a day

    bool operator==(const Outcome&) const = default;
};

// By folded_word().
using ReceiptStates = std::map<std::string, Code, std::less<>>;

// Words are compared without regard to letter case, blanks around, and whether - or _ joins them.
std::string folded_word(std::string_view stat);

// What the link says, or else what the field knows; nothing: nobody knows this word. The link's table of
// `err` values may refine Code::undeliverable.
std::optional<Outcome> outcome_of(std::string_view stat, const ReceiptStates& of_link = {});

// The parameter message_state (SMPP 3.4, 5.2.28). Nothing: version 3.4 has no such state, and 5.0 neither.
std::optional<Outcome> outcome_of_state(std::uint32_t message_state);

// 0 and 9 mean something since version 5.0 (4.7.15); older carriers write them who have nothing to say. So
// they count only where the text has no word that is known.
bool is_state_of_version_5(std::uint32_t message_state);

// Whether a receipt may end in it, or stand by it: what a link's own words can be given.
bool is_code_of_receipt(Code code);

}  // namespace tidings::message
