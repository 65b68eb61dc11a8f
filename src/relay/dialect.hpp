// SPDX-License-Identifier: Apache-2.0
// Everything in which carriers differ in how they write texts, parts, numbers and receipts. The defaults are
// the standard's, or what most carriers do.
#pragma once

#include "base/zone.hpp"
#include "message/carrier_id.hpp"
#include "message/receipt_words.hpp"
#include "message/status.hpp"
#include "text/segments.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>

namespace tidings::relay {

struct NumberType {
    std::uint8_t ton = 0;
    std::uint8_t npi = 0;

    bool operator==(const NumberType&) const = default;
};

// How numbers of E.164 leave.
enum class NumberForm : std::uint8_t {
    digits,    // 61491570156
    plus,      // +61491570156
    national,  // 0491570156 under the type `national`, of the link's country; others as digits
};

struct Dialect {
    text::Charset charset = text::Charset::gsm7;  // what data_coding 0 means
    std::uint8_t data_coding = 0;  // under which texts in that charset leave; the same when it comes in
    text::LongForm long_form = text::LongForm::udh8;

    // Of the numbers that the carrier writes as at home, "AU"; empty: it writes E.164.
    std::string country{};
    NumberForm number_form = NumberForm::digits;
    NumberType international{1, 1};
    NumberType national{2, 1};
    NumberType alphanumeric{5, 0};
    NumberType shortcode{3, 0};

    // What is left of a message's life, as the carrier is told it, is kept between these.
    std::chrono::seconds validity_min = std::chrono::minutes(1);
    std::chrono::seconds validity_max = std::chrono::hours(72);
    bool absolute_validity = false;  // some carriers do not understand relative times

    bool unmarked_receipts = false;  // esm_class does not tell them from messages; handsets could forge some
    std::optional<message::IdForm> receipt_id{};    // nothing: to be learnt
    message::ReceiptStates receipt_states{};        // words of its own, and what they mean
    std::map<std::string, message::Code> errors{};  // for UNDELIV, by canonical_id() of the network's error
    std::optional<base::Zone> zone{};               // of the dates in receipts; nothing: they are not used

    bool operator==(const Dialect&) const = default;
};

}  // namespace tidings::relay
