// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "message/carrier_id.hpp"
#include "store/records.hpp"

#include <deque>
#include <unordered_map>

namespace tidings::relay {

// Brings the ids of one link to one form, that of its submit_sm_resp, because the store finds messages by
// exactly what it was given. The newest ids of responses are remembered with their handsets. If the
// configuration does not say how receipts write ids, that is learnt: a receipt is tried in every form against
// them. They also tell which of two is meant where one form leaves a choice, and where the parameter and the
// text of a receipt name different ids.
class ReceiptIds {
public:
    explicit ReceiptIds(std::optional<message::IdForm> form = {}) : form_(form) {}

    // For the store, in both cases. `destination` is the handset's number in digits. An empty id names no
    // message, and stays empty.
    std::string of_response(std::string_view id, std::string_view destination);
    std::string of_receipt(std::string_view id, std::string_view destination);
    // Both ids of a receipt. If a response gave the other one and not the first, the other one is the first.
    void translate(store::Receipt& receipt);

    std::optional<message::IdForm> form() const { return form_; }

private:
    // A carrier answers within seconds, so this is some seconds of a busy link; 100 bytes each.
    static constexpr std::size_t remembered_max = 10'000;
    // Receipts in a row that one form explains and no other: small numbers may look alike by chance.
    static constexpr int evidence_needed = 5;

    bool remembers(const std::string& id, std::string_view destination) const;
    std::string in_known_form(std::string_view id, std::string_view destination) const;
    void learn(message::IdForm form);

    std::optional<message::IdForm> form_;
    std::unordered_map<std::string, std::string> destinations_;  // by id
    std::deque<std::string> order_;                              // of those ids, the oldest first
    message::IdForm candidate_ = message::IdForm::same;
    int evidence_ = 0;
};

}  // namespace tidings::relay
