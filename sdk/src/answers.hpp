// SPDX-License-Identifier: Apache-2.0
// What the bodies of requests and answers look like.
#pragma once

#include "request.hpp"
#include "tidings/message.hpp"

#include <span>
#include <string>
#include <vector>

namespace tidings::detail {

std::string messages_body(std::span<const Message> messages);
std::string ids_body(std::string_view name, const std::vector<std::string>& ids);

Result<void> parse_nothing(const Answer& answer);
Result<Message> parse_message(const Answer& answer);
Result<Message> parse_cancelled(const Answer& answer);
Result<std::vector<Message>> parse_messages(const Answer& answer);
Result<Message> parse_only_message(const Answer& answer);  // of a list of one
Result<Preview> parse_only_preview(const Answer& answer);  // likewise
Result<std::vector<Reply>> parse_replies(const Answer& answer);
Result<std::vector<DeliveryReport>> parse_delivery_reports(const Answer& answer);
Result<Credits> parse_credits(const Answer& answer);

}  // namespace tidings::detail
