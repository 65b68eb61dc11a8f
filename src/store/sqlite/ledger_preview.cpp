// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/ledger.hpp"

#include <fmt/format.h>

namespace tidings::store::sqlite {

using message::Code;

Preview Ledger::preview(Connection& database, AccountKey account, const NewMessage& message)
{
    base::Time now = clock_.now();
    MessageRow row = row_of(account, message);
    Preview preview;
    preview.leaves_at = first_allowed(row, std::max(now, message.submission.scheduled.value_or(now)));
    auto ends = [&preview](Code code, std::string why) {
        preview.code = code;
        preview.why = std::move(why);
    };
    Candidate it = candidate(row, message.submission, preview.leaves_at);
    if (auto refusal = refusal_of(database, it))
        ends(refusal->code, std::move(refusal->why));
    else if (!can_pay(database, account, message.cost))
        ends(Code::usage_threshold, fmt::format("costs {} credits", message.cost));
    else if (row.expiry && *row.expiry <= preview.leaves_at)
        ends(Code::expired_before_submission, "expires before it may leave");
    preview.sender = row.sender;
    return preview;
}

bool Ledger::can_pay(Connection& database, AccountKey account, std::int64_t cost) const
{
    if (!settings_->accounts.at(account).prepaid) return true;
    Rows rows = database.query("SELECT 1 FROM accounts WHERE key = ? AND credits >= ?", account, cost);
    return rows.next();
}

}  // namespace tidings::store::sqlite
