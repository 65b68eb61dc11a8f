// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/time.hpp"
#include "base/uuid.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tidings::message {

enum class Format : std::uint8_t { sms = 0, mms = 1, tts = 2 };
enum class SourceType : std::uint8_t { international = 0, alphanumeric = 1, shortcode = 2 };

// How a test send ends, which goes to no carrier. The numbers are stored.
enum class TestOutcome : std::uint8_t { delivered = 0, failed = 1, rejected = 2, expired = 3 };

std::string_view name(Format format);    // "SMS"
std::string_view name(SourceType type);  // "INTERNATIONAL"

// In the order in which the application gave them; of equal keys the last one won.
using Metadata = std::vector<std::pair<std::string, std::string>>;

// What an application asked for, checked: submission.hpp makes it from JSON, and nothing behind checks it
// again. An empty string stands for an absent field.
struct Submission {
    std::string content;      // UTF-8, 1 to 5,000 characters
    std::string destination;  // 8 to 15 digits, with or without a leading + as the application wrote it
    std::string written_destination{};  // as it wrote it, where that was a national number; else empty
    std::string callback_url;
    std::string subject;
    std::string source;                     // as the application wrote it
    std::string written_source{};           // as written_destination
    std::optional<SourceType> source_type;  // only what the application said; see infer_source_type
    Format format = Format::sms;
    bool delivery_report = false;
    std::optional<base::Time> scheduled;
    std::optional<base::Time> expiry;
    std::vector<std::string> media;
    Metadata metadata;
    std::optional<TestOutcome> test_outcome{};  // nothing: it is meant
};

// The digits of an E.164 number, without the +: the form for sending, matching and comparing.
std::string digits_of(std::string_view number);

// A source number as it is compared, stored and sent: digits, or an alphanumeric name as it is written.
std::string canonical_source(std::string_view source);

// Whether it may stand as a sender: at most as many letters as there is room for on the air, and of an
// alphabet that a link may have.
bool is_sender_name(std::string_view text);

// The other way: a canonical source, or the digits of a number, as the world writes it: E.164 with its +,
// short codes and names as they are, and so is a national number of which nobody knows the country.
std::string written(std::string_view canonical);

// 8 to 15 digits are INTERNATIONAL, 3 to 7 a SHORTCODE, all else ALPHANUMERIC.
SourceType infer_source_type(std::string_view source);

}  // namespace tidings::message
