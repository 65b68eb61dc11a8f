// SPDX-License-Identifier: Apache-2.0
#include "relay/receipt_ids.hpp"

#include <algorithm>

namespace tidings::relay {

using message::IdForm;

namespace {

// Carriers write the same number with and without country code.
bool same_handset(std::string_view a, std::string_view b)
{
    auto tail = [](std::string_view number) {
        constexpr std::size_t digits = 7;
        return number.substr(number.size() - std::min(number.size(), digits));
    };
    return tail(a) == tail(b);
}

}  // namespace

std::string ReceiptIds::of_response(std::string_view id, std::string_view destination)
{
    std::string canonical = message::canonical_id(id);
    if (form_) return canonical;
    destinations_.insert_or_assign(canonical, destination);
    order_.push_back(canonical);
    if (order_.size() > remembered_max) {
        destinations_.erase(order_.front());
        order_.pop_front();
    }
    return canonical;
}

std::string ReceiptIds::of_receipt(std::string_view id, std::string_view destination)
{
    if (form_) return message::response_id(id, *form_).value_or(message::canonical_id(id));
    std::optional<std::string> found;
    IdForm form{};
    int forms = 0;
    // An id of digits alone may be meant in any of these forms. One that, read in exactly one form, is the id
    // of a message to the same handset is evidence for it; where several fit, this receipt tells nothing
    // about the form.
    for (IdForm candidate : {IdForm::decimal, IdForm::hex, IdForm::same}) {
        auto written = message::response_id(id, candidate);
        if (!written || !remembers(*written, destination)) continue;
        found = std::move(written);
        form = candidate;
        ++forms;
    }
    if (forms == 1) learn(form);
    return found ? *std::move(found) : message::canonical_id(id);
}

bool ReceiptIds::remembers(const std::string& id, std::string_view destination) const
{
    auto found = destinations_.find(id);
    return found != destinations_.end() && same_handset(found->second, destination);
}

void ReceiptIds::learn(IdForm form)
{
    // In a row: one receipt that fits by chance must not decide for all later ones.
    evidence_ = form == candidate_ ? evidence_ + 1 : 1;
    candidate_ = form;
    if (evidence_ < evidence_needed) return;
    form_ = form;
    destinations_.clear();
    order_.clear();
}

}  // namespace tidings::relay
