// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/error.hpp"
#include "message/submission.hpp"

#include <string>
#include <string_view>

namespace tidings::sandbox {

// A message that a handset is to send. Numbers are digits.
struct Letter {
    std::string from{};
    std::string to{};
    std::string content{};
};

// {"to","content"}, the body of POST /sandbox/handsets/{number}/messages; `from` stays empty.
base::Result<Letter, message::Faults> parse_letter(std::string_view body);
void append_letter(std::string& out, const Letter& letter);

}  // namespace tidings::sandbox
