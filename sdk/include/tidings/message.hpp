// SPDX-License-Identifier: Apache-2.0
// What is sent and received. The names are those of the REST API. Texts are UTF-8; what is empty was not
// given and is not sent. What the gateway says and these types do not know is kept in `other`.
#pragma once

#include "tidings/error.hpp"
#include "tidings/open.hpp"

#include <boost/json/object.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tidings {

using Time = std::chrono::sys_time<std::chrono::milliseconds>;  // UTC
using Metadata = std::map<std::string, std::string>;

// 2016-11-03T11:49:02.807Z
std::string to_iso(Time time);
Result<Time> parse_iso(std::string_view text);

enum class Format { unknown, sms, mms, tts };
enum class NumberType { unknown, international, alphanumeric, shortcode };
enum class Status {
    unknown,
    queued,
    scheduled,
    processing,
    processed,
    enroute,
    held,
    submitted,
    delivered,
    read,
    expired,
    rejected,
    undeliverable,
    failed,
    cancelled,
    undefined
};

// Whether nothing will follow, apart from a late receipt that says it was delivered after all.
bool is_final(Status status) noexcept;

struct Message {
    std::string content{};             // at most 5,000 characters
    std::string destination_number{};  // E.164: "+61491570156"
    std::string source_number{};       // empty: the account's own
    Open<NumberType> source_number_type{};
    Open<Format> format = Format::sms;
    std::vector<std::string> media{};                // URLs of pictures; MMS
    std::string subject{};                           // at most 64 characters; MMS
    bool delivery_report = false;                    // whether DeliveryReports will list how it goes
    std::string callback_url{};                      // where reports and replies are POSTed
    Metadata metadata{};                             // comes back with reports and replies; at most 10 pairs
    std::optional<Time> scheduled{};                 // not to be sent before
    std::optional<Time> message_expiry_timestamp{};  // not to be sent after

    // The gateway's answer; never sent.
    std::string message_id{};
    Open<Status> status{};
    boost::json::object other{};
};

// What would become of a message if it were sent now. Gateways of ours know this; the hosted service does
// not.
struct Preview {
    std::string content{};
    std::string converted_content{};  // empty: it would be sent as it is
    std::string encoding{};           // "GSM7" or "UCS2"
    std::optional<std::int64_t> segments{};
    std::optional<std::int64_t> credits{};
    std::string source_number{};
    std::optional<Time> leaves_at{};
    std::string code{};  // with which it would be refused; empty: it would not
    std::string why{};
    boost::json::object other{};
};

struct Reply {
    std::string reply_id{};
    std::string message_id{};  // what it answers
    std::string content{};
    std::string source_number{};       // the handset
    std::string destination_number{};  // the number it was sent to; may be empty
    Time date_received{};
    Metadata metadata{};  // of the message
    std::string callback_url{};
    std::string account_id{};
    boost::json::object other{};
};

// One change of a message's status.
struct DeliveryReport {
    std::string delivery_report_id{};
    std::string message_id{};
    Open<Status> status{};
    std::string error_code{};     // three digits: "220" is delivered; may be empty
    std::string source_number{};  // the message's destination
    std::string original_text{};
    Time date_received{};   // when the report was made
    Time submitted_date{};  // when the status changed
    std::optional<std::int64_t> billing_units{};
    Metadata metadata{};
    std::string callback_url{};
    std::string account_id{};
    boost::json::object other{};
};

struct Credits {
    std::optional<std::int64_t> remaining{};
    std::optional<Time> expiry_date{};
    boost::json::object other{};
};

// With all that is given, `other` included, by the names of the API.
boost::json::object to_json(const Message& message);
boost::json::object to_json(const Reply& reply);
boost::json::object to_json(const DeliveryReport& report);
boost::json::object to_json(const Credits& credits);

// The body of a callback. What the body lacks stays empty.
Result<Reply> parse_reply(std::string_view json);
Result<DeliveryReport> parse_delivery_report(std::string_view json);

}  // namespace tidings
