// SPDX-License-Identifier: Apache-2.0
// Request bodies of the Messages API, checked once and completely: what comes out of here cannot be wrong.
#pragma once

#include "base/error.hpp"
#include "base/time.hpp"
#include "base/uuid.hpp"
#include "message/limits.hpp"
#include "message/message.hpp"
#include "wire/faults.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace tidings::wire {

constexpr auto schedule_ahead_max = std::chrono::days(366);

// What existing clients send although the reference does not have it. False: it is refused.
struct Leniency {
    bool format_list = true;      // "format":["SMS"], from the official Node example
    bool format_case = true;      // "format":"sms"
    bool null_fields = true;      // null for an optional field that is not set, from PHP
    bool empty_fields = true;     // "" or [] for one, from forms and templates; see the table of fields
    bool cancel_case = true;      // "CANCELLED", from the Java client of 2016
    bool boolean_text = true;     // "delivery_report":"true"
    bool metadata_values = true;  // numbers and booleans as values of metadata
    bool unix_times = true;       // times as whole seconds since 1970
};

// The body of POST /v1/messages. Either all messages or none; every fault of every message is reported.
// Numbers without a country code are of `country`; empty: they are faults.
base::Result<std::vector<message::Submission>, Faults> parse_submissions(std::string_view body,
                                                                         base::Time now,
                                                                         const Leniency& leniency = {},
                                                                         std::string_view country = {});

// The body of PUT /v1/messages/{id}: whether it asks for the one change there is, "cancelled".
bool parse_cancel(std::string_view body, const Leniency& leniency = {});

// The bodies of the confirm calls; `list` is "reply_ids" or "delivery_report_ids". May be empty.
base::Result<std::vector<base::Uuid>, Faults> parse_confirmation(std::string_view body,
                                                                 std::string_view list);

}  // namespace tidings::wire
