// SPDX-License-Identifier: Apache-2.0
// Whether a reply asks for no more messages. Only a reply that is nothing but a keyword does: "STOP", "stop!"
// or "“Opt-out”.", but not "Don't stop". What else sounds like it is for a person to judge.
//
// The keywords are those that the CTIA, 47 CFR 64.1200(a)(10) and the large gateways name. START and UNSTOP
// take an opt-out back; YES does not, since it may as well answer an older question.
#pragma once

#include <cstdint>
#include <string_view>

namespace tidings::message {

// The values are stored.
enum class Wish : std::uint8_t {
    none = 0,
    opt_out = 1,
    opt_in = 2,
    perhaps_opt_out = 3,  // for the operator to look at
};

Wish wish_of(std::string_view reply);

}  // namespace tidings::message
