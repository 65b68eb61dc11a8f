// SPDX-License-Identifier: Apache-2.0
// What a handset does with messages, as set by PUT /sandbox/handsets/{number}:
//
//     {"outcome":"delivered","err":"000","delay_ms":0,"receipt":true,"submit_status":0,"auto_reply":"..."}
//
// Every field may be left out; the object always says the whole behaviour, so that {} is the ordinary
// handset.
#pragma once

#include "base/error.hpp"
#include "message/submission.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace tidings::sandbox {

enum class Outcome : std::uint8_t { delivered, expired, deleted, undeliverable, unknown, rejected };

std::string_view name(Outcome outcome);          // "undeliverable"
std::string_view receipt_stat(Outcome outcome);  // "UNDELIV" (SMPP 3.4, appendix B)
std::uint8_t message_state(Outcome outcome);     // 5 (SMPP 3.4, 5.2.28)

struct Behaviour {
    Outcome outcome = Outcome::delivered;
    std::string err = "000";             // of the receipt; "001" when the outcome is not delivered
    std::chrono::milliseconds delay{0};  // from submit_sm to the receipt
    bool receipt = true;                 // false: none ever comes
    std::uint32_t submit_status = 0;     // a command_status that refuses the submit_sm; 0 accepts
    std::string auto_reply{};  // sent to whoever wrote, once a whole message arrived; empty: silence

    bool operator==(const Behaviour&) const = default;
};

constexpr auto delay_max = std::chrono::hours(24);  // a later receipt finds nobody waiting
constexpr std::size_t err_size_max = 3;             // SMPP 3.4, appendix B

// The JSON object above; the faults name every field that is wrong.
base::Result<Behaviour, message::Faults> parse_behaviour(std::string_view body);
void append_behaviour(std::string& out, const Behaviour& behaviour);

}  // namespace tidings::sandbox
