// SPDX-License-Identifier: Apache-2.0
// The objects of the Messages API as compact JSON, appended to `out`. Strings must be valid UTF-8.
#pragma once

#include "base/uuid.hpp"
#include "message/message.hpp"
#include "message/report.hpp"
#include "message/status.hpp"

#include <string>
#include <string_view>

namespace tidings::wire {

// One client (the Python SDK) fails on dates in the answer to a send, after the message was accepted.
enum class EchoDates { with, without };

// One message of the 202 answer: what was sent, with defaults, message_id and "status":"queued". What was not
// given is null, the source_number_type absent; without dates these are absent, too.
void append_echo(std::string& out, const message::Submission& submission, const base::Uuid& id,
                 EchoDates dates);

// The object of GET /v1/messages/{id}.
void append_message(std::string& out, const message::Submission& submission, const base::Uuid& id,
                    message::Status status);

// In a list a missing callback_url is null, in a callback it is left out. A callback of 2026, as the vendor's
// documentation of that year shows them, differs in three more things: the delay of a report is a text, a
// reply has an account_id in the place of its vendor_account_id, and an MMS has no content beside its
// attachments.
enum class Place { list, callback, callback_2026 };

constexpr std::string_view default_vendor_id = "MessageMedia";

void append_report(std::string& out, const message::Report& report, Place place,
                   std::string_view vendor_id = default_vendor_id);
void append_reply(std::string& out, const message::Reply& reply, Place place,
                  std::string_view vendor_id = default_vendor_id);

}  // namespace tidings::wire
