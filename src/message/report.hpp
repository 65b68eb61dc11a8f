// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/time.hpp"
#include "base/uuid.hpp"
#include "message/event.hpp"
#include "message/message.hpp"
#include "message/opt_out.hpp"
#include "message/status.hpp"

#include <optional>
#include <string>

namespace tidings::message {

// One change of a message's status, told to the application that asked for reports. An empty string stands
// for an absent field.
struct Report {
    base::Uuid id;
    base::Uuid message;
    Code code = Code::none;
    base::Time changed_at{};  // when the status changed; on the wire submitted_date
    base::Time created_at{};  // when this report was made; on the wire date_received
    std::string destination;  // of the original message, with its +; on the wire source_number
    std::string callback_url;
    std::string content;  // of the original message
    std::string account;
    Metadata metadata;                            // of the original message
    std::optional<std::int64_t> billing_units{};  // only of an account that wants to see them
};

// A file that came with a message from a handset.
struct Attachment {
    std::string content_type;  // "image/jpeg"
    std::string content;       // its bytes
    std::string original_name;

    bool operator==(const Attachment&) const = default;
};

// A message from a handset. What stems from the original message is empty when none was matched.
struct Reply {
    base::Uuid id;
    std::optional<base::Uuid> message;  // the original
    base::Time received_at{};
    std::string callback_url;
    std::string destination;  // our number; empty when the original had no source number
    std::string source;       // the handset, with its +
    std::string content;
    std::string account;
    Metadata metadata;
    Format format = Format::sms;  // MMS only of an account that gets them
    std::vector<Attachment> attachments{};
    Wish wish = Wish::none;  // only of an account that heeds opt-outs
};

// Of which event the webhooks of its account are told.
inline Event event_of(const Reply& reply)
{
    if (reply.wish == Wish::opt_out) return Event::opt_out_sms;
    return reply.format == Format::mms ? Event::received_mms : Event::received_sms;
}

}  // namespace tidings::message
