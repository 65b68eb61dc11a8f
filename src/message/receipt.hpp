// SPDX-License-Identifier: Apache-2.0
// Delivery receipts arrive as text inside deliver_sm, and no two carriers agree on the text.
// Fields are read by name, in any order and letter case; a missing field stays empty; of a repeated one the
// first counts, and after `text:` nothing does. Layout: SMPP 3.4, appendix B. Dialects:
// test/vectors/receipts.csv.
#pragma once

#include "base/time.hpp"
#include "base/zone.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace tidings::message {

// As written, without the blanks around; see receipt_time() and receipt_words.hpp for their meaning.
struct ReceiptText {
    std::string id;
    std::string sub;    // parts submitted
    std::string dlvrd;  // parts delivered
    std::string submit_date;
    std::string done_date;
    std::string stat;
    std::string err;   // network error, decimal, hex or letters
    std::string text;  // the first characters of the message, in whatever charset
};

ReceiptText parse_receipt(std::string_view text);

// Whether the text, of a deliver_sm that is not marked as a receipt, is one all the same: it begins with
// `id:` and has a `stat:`.
bool looks_like_receipt(std::string_view text);

// YYMMDDhhmm, YYMMDDhhmmss or YYYYMMDDhhmmss of a clock of that zone. Nothing: no such date.
std::optional<base::Time> receipt_time(std::string_view digits, const base::Zone& zone = {});

}  // namespace tidings::message
