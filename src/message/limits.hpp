// SPDX-License-Identifier: Apache-2.0
// How long each string from outside may be. Every one is judged once, where it enters: where a request is
// parsed or a PDU becomes text. Nothing behind that measures again, and what was stored by a version without
// the limit ends as a failed attempt. openapi.yaml says the same to clients, and doc/security.md to
// operators.
//
// "Characters" are code points, as the service counts them; octets are said to be octets.
#pragma once

#include <cstddef>

namespace tidings::message {

// What applications send. The numbers that are not ours are those of the service.
constexpr std::size_t messages_max = 100;       // in one request
constexpr std::size_t confirmations_max = 100;  // in one request
constexpr std::size_t content_max = 5000;       // characters, as the next four
constexpr std::size_t subject_max = 64;
constexpr std::size_t metadata_pairs_max = 10;  // pairs
constexpr std::size_t metadata_key_max = 100;
constexpr std::size_t metadata_value_max = 256;
constexpr std::size_t media_max = 20;                 // more than any carrier takes in one message
constexpr std::size_t alphanumeric_septets_max = 11;  // what a sender address on the air has room for
constexpr std::size_t idempotency_key_max = 255;      // octets: an index of all of a day's is kept

// Each message that has a callback URL stores it, and each list shows it: 100 reports are 200 KiB of URLs.
// What browsers and proxies pass everywhere.
constexpr std::size_t callback_url_max = 2'048;
constexpr std::size_t media_url_max = 8'192;    // signed links to storage have 1 to 2 KiB
constexpr std::size_t webhook_url_max = 1'000;  // with its references; what they stand for comes on top

// What carriers and handsets send. Longer ones are cut, since to refuse them would only have them sent again.
constexpr std::size_t sender_max = 64;        // octets, escaped; SMPP 3.4, 5.2.8 has room for 20
constexpr std::size_t carrier_id_max = 255;   // octets, escaped; SMPP 3.4, 5.2.23 has room for 64
constexpr std::size_t receipt_word_max = 32;  // octets, escaped; of a word that nobody knows: 7 are usual
constexpr std::size_t reply_content_max = 32 << 10;  // octets: 200 parts, which no handset makes

// What operators send; applications have a few of these, too.
constexpr std::size_t field_max = 1'000;          // characters of what has no narrower rule of its own
constexpr std::size_t field_name_shown_max = 64;  // octets of an unknown field's name in the fault about it
constexpr std::size_t account_id_max = 64;        // octets: it stands in paths and in every report
constexpr std::size_t route_name_max = 64;        // octets; of links, too: both stand in paths
constexpr std::size_t number_digits_max = 15;     // E.164; of a prefix of numbers, too
constexpr std::size_t opt_out_confirmation_max = 500;  // characters: three or four segments of an SMS
constexpr std::size_t pattern_max = 200;               // octets; every message is compared with all of them
constexpr std::size_t config_text_max = 4'096;         // octets: the longest path of the system

}  // namespace tidings::message
