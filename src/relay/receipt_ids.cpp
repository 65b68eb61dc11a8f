// SPDX-License-Identifier: Apache-2.0
#include "relay/receipt_ids.hpp"

#include "message/same_number.hpp"

namespace tidings::relay {

using message::IdForm;

// Of an id that is given again the newest handset counts, and it stays as long as it was to stay before: a
// carrier that gives every message the same id makes nothing grow.
std::string ReceiptIds::of_response(std::string_view id, std::string_view destination)
{
    std::string canonical = message::canonical_id(id);
    if (canonical.empty()) return canonical;
    auto [place, is_new] = destinations_.insert_or_assign(canonical, destination);
    if (is_new) order_.push_back(canonical);
    if (order_.size() > remembered_max) {
        destinations_.erase(order_.front());
        order_.pop_front();
    }
    return canonical;
}

std::string ReceiptIds::of_receipt(std::string_view id, std::string_view destination)
{
    if (id.empty()) return {};
    if (form_) return in_known_form(id, destination);
    std::optional<std::string> found;
    IdForm form{};
    int forms = 0;
    // An id of digits alone may be meant in any of these forms. One that, read in exactly one form, is the id
    // of a message to the same handset is evidence for it; where several fit, this receipt tells nothing
    // about the form.
    for (IdForm candidate : {IdForm::decimal, IdForm::hex, IdForm::same}) {
        auto written = message::response_ids(id, candidate);
        auto match =
            std::ranges::find_if(written, [&](const std::string& it) { return remembers(it, destination); });
        if (match == written.end()) continue;
        found = std::move(*match);
        form = candidate;
        ++forms;
    }
    if (forms == 1) learn(form);
    return found ? *std::move(found) : message::canonical_id(id);
}

// An id that is no number of the known form, or stands for several that nobody remembers.
std::string ReceiptIds::in_known_form(std::string_view id, std::string_view destination) const
{
    std::vector<std::string> written = message::response_ids(id, *form_);
    if (written.empty()) return message::canonical_id(id);
    if (written.size() > 1)
        for (std::string& it : written)
            if (remembers(it, destination)) return std::move(it);
    return std::move(written.front());
}

void ReceiptIds::translate(store::Receipt& receipt)
{
    receipt.carrier_id = of_receipt(receipt.carrier_id, receipt.destination);
    if (receipt.other_id.empty()) return;
    receipt.other_id = of_receipt(receipt.other_id, receipt.destination);
    if (receipt.other_id == receipt.carrier_id) return receipt.other_id.clear();
    if (!destinations_.contains(receipt.carrier_id) && destinations_.contains(receipt.other_id))
        std::swap(receipt.carrier_id, receipt.other_id);
}

bool ReceiptIds::remembers(const std::string& id, std::string_view destination) const
{
    auto found = destinations_.find(id);
    return found != destinations_.end() && message::may_be_same_number(found->second, destination);
}

void ReceiptIds::learn(IdForm form)
{
    // In a row: one receipt that fits by chance must not decide for all later ones.
    evidence_ = form == candidate_ ? evidence_ + 1 : 1;
    candidate_ = form;
    if (evidence_ >= evidence_needed) form_ = form;
}

}  // namespace tidings::relay
