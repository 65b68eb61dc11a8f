// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "message/message.hpp"

namespace tidings::message {

// What a prepaid account pays for a message with this text, in credits: one for each segment of an SMS,
// counted at 160 or 153 characters each, or 70 or 67 outside the GSM 7-bit alphabet, however a link cuts it
// later; one for any other message.
std::int64_t credits_for(Format format, std::string_view text);

}  // namespace tidings::message
