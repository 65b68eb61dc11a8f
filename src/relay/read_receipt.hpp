// SPDX-License-Identifier: Apache-2.0
// What a carrier says of a message of ours, out of a deliver_sm or data_sm; pure.
//
// The standard has three places for it (SMPP 3.4, 5.2.12, 5.3.2.12 and 35, appendix B), and carriers use any
// of them: a mark in esm_class, the parameters receipted_message_id and message_state, and a text. They also
// declare what is not so. The text may stand in short_message or in message_payload, behind a header or not,
// in another alphabet than data_coding says. So the octets are read in every way that a carrier is known to
// write them, and the reading counts in which the words of a receipt are found.
#pragma once

#include "relay/dialect.hpp"
#include "smpp/pdu.hpp"
#include "store/records.hpp"

#include <optional>

namespace tidings::relay {

// Nothing: it is no receipt. Its numbers, as those of all that carriers deliver, are the caller's matter; the
// ids are as the carrier writes them.
std::optional<store::Receipt> read_receipt(const Dialect& dialect, const smpp::ShortMessage& deliver,
                                           base::Time now);

}  // namespace tidings::relay
