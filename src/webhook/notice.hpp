// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "message/event.hpp"
#include "message/webhook.hpp"
#include "webhook/value.hpp"
#include "wire/message_json.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace tidings::webhook {

// What a webhook is told. Points to a report for the …_dr events and to a reply for the others.
struct Notice {
    message::Event event{};
    std::variant<const message::Report*, const message::Reply*> about{};
    std::string_view vendor_id = wire::default_vendor_id;
    message::Format format = message::Format::sms;
    int retry_count = 0;                              // tries made before this one
    wire::Place place = wire::Place::callback;        // how the default body is written
    std::string_view original_content{};              // of the message that a reply answers; empty: not known
};

// What templates can refer to.
//
//     all                      $format $type $mtId $messageId $accountId $vendorId $submittedTimestamp
//                              $receivedTimestamp $metadata $sourceAddress (the handset) $mtContent
//                              $messageContent $retryCount $esc
//     reports                  $drId $reportId $status $statusCode $billingUnits
//     replies, SMS and MMS     $moId $replyId $destinationAddress (the number that the handset wrote to)
//                              $moContent $replyContent
//     replies with files       $attachments, each with .contentType .base64 .originalName
//     opt-outs                 as replies, but $notificationId for $moId and $replyId
//
// What is not known stands for nothing. The variables point into the notice.
Variables variables_of(const Notice& notice);

// The body of a webhook without a template: for JSON that of callback_url, for the others the same fields;
// "a.b" names a field within another in a form.
std::string default_body(const Notice& notice, message::Encoding encoding);

}  // namespace tidings::webhook
