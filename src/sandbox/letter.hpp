// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/error.hpp"
#include "message/report.hpp"
#include "wire/faults.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace tidings::sandbox {

// A message that a handset is to send. Numbers are digits.
struct Letter {
    std::string from{};
    std::string to{};
    std::string content{};
    std::vector<message::Attachment> attachments{};  // some: it is an MMS
};

constexpr std::size_t attachments_max = 10;            // of one MMS
constexpr std::size_t attachment_bytes_max = 3 << 20;  // of all, unless set; carriers take a third of that
constexpr std::size_t attachment_name_max = 100;       // bytes of content_type and of original_name

// {"to","content","attachments":[{"content_type","content","original_name"}…]}, the body of POST
// /sandbox/handsets/{number}/messages. The content of an attachment is in base64. With attachments there need
// be no content, without them no attachments; `from` stays empty.
base::Result<Letter, wire::Faults> parse_letter(std::string_view body,
                                                std::size_t attachments_bytes_max = attachment_bytes_max);
void append_letter(std::string& out, const Letter& letter);  // attachments without their content

}  // namespace tidings::sandbox
