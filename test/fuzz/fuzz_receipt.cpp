// SPDX-License-Identifier: Apache-2.0
// Whatever a carrier calls a receipt: its fields are pieces of it, and written in the order of the standard
// they are read again.
#include "message/carrier_id.hpp"
#include "message/receipt.hpp"
#include "message/receipt_words.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace tidings::message;

namespace {

std::string written(const ReceiptText& receipt)
{
    return "id:" + receipt.id + " sub:" + receipt.sub + " dlvrd:" + receipt.dlvrd +
           " submit date:" + receipt.submit_date + " done date:" + receipt.done_date +
           " stat:" + receipt.stat + " err:" + receipt.err + " text:" + receipt.text;
}

void check_fields(std::string_view text, const ReceiptText& receipt)
{
    for (const std::string* field : {&receipt.id, &receipt.sub, &receipt.dlvrd, &receipt.submit_date,
                                     &receipt.done_date, &receipt.stat, &receipt.err, &receipt.text})
        if (text.find(*field) == text.npos) std::abort();
    std::string again = written(receipt);
    if (written(parse_receipt(again)) != again) std::abort();
    bool is_whole = !receipt.id.empty() && !receipt.stat.empty();
    if (looks_like_receipt(again) != is_whole || (looks_like_receipt(text) && !is_whole)) std::abort();
}

void check_meaning(const ReceiptText& receipt)
{
    std::string louder = receipt.stat;
    std::ranges::transform(louder, louder.begin(), [](char c) { return c >= 'a' && c <= 'z' ? c - 32 : c; });
    if (outcome_of(receipt.stat) != outcome_of(louder)) std::abort();
    receipt_time(receipt.submit_date);
    auto here = receipt_time(receipt.done_date);
    auto there = receipt_time(receipt.done_date, tidings::base::Zone(std::chrono::hours(10)));
    if (here && (!there || *here - *there != std::chrono::hours(10))) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    std::string_view text(reinterpret_cast<const char*>(data), size);
    ReceiptText receipt = parse_receipt(text);
    check_fields(text, receipt);
    check_meaning(receipt);
    std::string canonical = canonical_id(receipt.id);
    if (canonical_id(canonical) != canonical) std::abort();
    for (IdForm form : {IdForm::same, IdForm::hex, IdForm::decimal}) {
        for (const std::string& id : response_ids(receipt.id, form))
            if (canonical_id(id) != id) std::abort();
    }
    return 0;
}
