// SPDX-License-Identifier: Apache-2.0
// Between messages and short messages: pure, in both directions.
#pragma once

#include "relay/dialect.hpp"
#include "relay/link.hpp"
#include "smpp/pdu.hpp"
#include "store/records.hpp"

#include <variant>
#include <vector>

namespace tidings::relay {

// The submit_sm of a message: one, or its parts in order with `reference` or its low octet in each. Asks for
// receipts of all parts, and passes what is left until the message's expiry on to the carrier.
std::vector<smpp::ShortMessage> to_submits(const Dialect& dialect, const store::Outbound& message,
                                           std::uint16_t reference, base::Time now);

// What a deliver_sm or data_sm is: news of a message of ours, with the id as the carrier writes it, or a
// message from a handset.
using FromCarrier = std::variant<store::Receipt, store::Inbound>;
FromCarrier from_deliver(const Dialect& dialect, const smpp::ShortMessage& deliver, base::Time now);

// What to do about the status of a submit_sm_resp.
Meaning meaning_of(std::uint32_t command_status);

}  // namespace tidings::relay
