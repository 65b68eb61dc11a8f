// SPDX-License-Identifier: Apache-2.0
// What the carrier sends: receipts and messages of handsets, each one deliver_sm.
#pragma once

#include "base/time.hpp"
#include "sandbox/behaviour.hpp"
#include "smpp/pdu.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tidings::sandbox {

// A deliver_sm that is owed until the ESME answers it with OK.
struct Delivery {
    std::uint64_t token = 0;  // never used twice
    base::Time due{};
    smpp::Address source{};
    smpp::Address destination{};
    std::uint8_t esm_class = 0;
    std::uint8_t data_coding = 0;
    std::string octets{};        // of short_message
    std::string receipted_id{};  // of a receipt; empty in other messages
    std::uint8_t state = 0;      // message_state of a receipt
    std::string esme{};          // the system_id to which it goes; empty: to any

    bool operator==(const Delivery&) const = default;
};

// The submit_sm that a receipt tells of.
struct Receipted {
    std::string id;
    base::Time submitted{};
    base::Time done{};
    State state{};
    std::string err;
    std::string text;  // what the message said, UTF-8
};

// "id:… sub:001 dlvrd:001 submit date:YYMMDDhhmm done date:YYMMDDhhmm stat:DELIVRD err:000 text:…" with
// times in UTC and the first 20 characters of the text (SMPP 3.4, appendix B). Characters whose code differs
// between ASCII and the GSM alphabet are written as question marks: receipts come with data_coding 0, which
// carriers understand differently.
std::string receipt_text(const Receipted& receipted);

// From the handset to whoever sent the message; token 0, due when it was done.
Delivery receipt_for(const Receipted& receipted, const smpp::ShortMessage& submitted);

// The same of a state that is not the last: as an intermediate notification to those who asked for them
// (SMPP 3.4, 5.2.17); to the others, who should get none, as an ordinary receipt.
Delivery intermediate_for(const Receipted& receipted, const smpp::ShortMessage& submitted);

// One deliver_sm, or several with user data headers when the text is long. Tokens are 0. `reference` tells
// this message from others of the same handset.
std::vector<Delivery> deliveries_of(const smpp::Address& from, const smpp::Address& to,
                                    std::string_view content, std::uint8_t reference);

smpp::ShortMessage pdu_of(const Delivery& delivery);

}  // namespace tidings::sandbox
