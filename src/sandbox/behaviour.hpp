// SPDX-License-Identifier: Apache-2.0
// What a handset does with messages, as set by PUT /sandbox/handsets/{number}:
//
//     {"outcome":"delivered","err":"000","delay_ms":0,"receipt":true,"receipts":1,"intermediate":[],
//      "receipt_id":"same","early_receipt":false,"answer_delay_ms":0,"submit_status":0,"auto_reply":"..."}
//
// Every field may be left out; the object always says the whole behaviour, so that {} is the ordinary
// handset.
#pragma once

#include "base/error.hpp"
#include "wire/faults.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tidings::sandbox {

enum class Outcome : std::uint8_t { delivered, expired, deleted, undeliverable, unknown, rejected };
enum class Intermediate : std::uint8_t { accepted, enroute };

// What a receipt says of its message, in text and in its message_state (SMPP 3.4, appendix B and 5.2.28).
struct State {
    std::string_view stat;  // "UNDELIV"
    std::uint8_t number = 0;
};

std::string_view name(Outcome outcome);  // "undeliverable"
State state_of(Outcome outcome);
State state_of(Intermediate intermediate);

// How the id in the receipt differs from the id in the submit_sm_resp. Elsewhere the latter is hexadecimal,
// in capitals.
enum class IdForm : std::uint8_t {
    same,
    hex,      // decimal in the response, hexadecimal in the receipt
    decimal,  // the other way
    lower,    // small letters in the receipt
    stripped  // with zeros before in the response, without in the receipt
};

std::string_view name(IdForm form);

struct Behaviour {
    Outcome outcome = Outcome::delivered;
    std::string err = "000";             // of the receipt; "001" when the outcome is not delivered
    std::chrono::milliseconds delay{0};  // from submit_sm to the receipt
    bool receipt = true;                 // false: the final one never comes
    std::uint32_t submit_status = 0;     // a command_status that refuses the submit_sm; 0 accepts
    std::string auto_reply{};  // sent to whoever wrote, once a whole message arrived; empty: silence
    int receipts = 1;          // how many times the final one comes
    std::vector<Intermediate> intermediate{};  // receipts before the final one, at once
    IdForm receipt_id = IdForm::same;
    bool early_receipt = false;                 // the receipts that are due leave before the submit_sm_resp
    std::chrono::milliseconds answer_delay{0};  // from submit_sm to its response

    bool operator==(const Behaviour&) const = default;
};

constexpr std::int64_t delay_max_ms = 24 * 3'600'000;  // a later receipt finds nobody waiting
constexpr std::int64_t answer_delay_max_ms = 600'000;  // no ESME waits ten minutes for a response
constexpr int receipts_max = 10;                       // as with the next: more say nothing new to an ESME
constexpr std::size_t intermediate_max = 10;
constexpr std::size_t err_size_max = 3;  // SMPP 3.4, appendix B

// The JSON object above; the faults name every field that is wrong.
base::Result<Behaviour, wire::Faults> parse_behaviour(std::string_view body);
void append_behaviour(std::string& out, const Behaviour& behaviour);

}  // namespace tidings::sandbox
