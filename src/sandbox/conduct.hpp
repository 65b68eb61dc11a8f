// SPDX-License-Identifier: Apache-2.0
// What the carrier as a whole does to whoever is bound, as set by PUT /sandbox/carrier:
//
//     {"throttle_per_second":0,"queue_full":false,"congestion_state":null,"drop_every":0,"drop_takes":true,
//      "drop_after_answer_every":0,"silent":false,"answer_delay_ms":0,"refuse_binds":0}
//
// Every field may be left out; the object always says the whole conduct, so that {} is the good carrier.
#pragma once

#include "base/error.hpp"
#include "wire/faults.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tidings::sandbox {

struct Conduct {
    // Submits of all sessions that are accepted within any second; the others get ESME_RTHROTTLED. 0: no
    // limit.
    std::uint32_t throttle_per_second = 0;
    bool queue_full = false;  // every submit gets ESME_RMSGQFUL
    // Told in each submit_sm_resp that accepts (SMPP 5.0, 4.8.4.18); nothing: never told.
    std::optional<std::uint8_t> congestion_state{};
    // Every nth submit, counted over all sessions, ends its connection in the place of its answer, or right
    // after it. 0: none.
    std::uint32_t drop_every = 0;
    bool drop_takes = true;  // whether the carrier took the message on which drop_every ends the connection
    std::uint32_t drop_after_answer_every = 0;
    bool silent = false;                        // nothing is read, answered or sent; connections stay open
    std::chrono::milliseconds answer_delay{0};  // of each submit_sm_resp, unless its handset says more
    std::uint32_t refuse_binds = 0;             // the command_status for new binds; 0 accepts them

    bool operator==(const Conduct&) const = default;
};

constexpr std::uint32_t throttle_max = 100'000;      // more than one thread takes in a second
constexpr std::uint32_t drop_every_max = 1'000'000;  // an hour of a busy test
constexpr int congestion_max = 100;                  // SMPP 5.0, 4.8.4.18

// The JSON object above; the faults name every field that is wrong.
base::Result<Conduct, wire::Faults> parse_conduct(std::string_view body);
void append_conduct(std::string& out, const Conduct& conduct);

}  // namespace tidings::sandbox
