// SPDX-License-Identifier: Apache-2.0
#include "message/carrier_id.hpp"
#include "message/receipt.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace tidings::message;
    std::string_view text(reinterpret_cast<const char*>(data), size);
    ReceiptText receipt = parse_receipt(text);
    if (looks_like_receipt(text) && (receipt.id.empty() || receipt.stat.empty())) std::abort();
    outcome_of(receipt.stat);
    receipt_time(receipt.submit_date);
    receipt_time(receipt.done_date, tidings::base::Zone(std::chrono::hours(10)));
    for (IdForm form : {IdForm::same, IdForm::hex, IdForm::decimal}) {
        auto id = response_id(receipt.id, form);
        if (id && canonical_id(*id) != *id) std::abort();
    }
    return 0;
}
