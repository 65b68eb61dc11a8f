// SPDX-License-Identifier: Apache-2.0
#include "store/rules/opt_outs.hpp"

#include "message/cost.hpp"
#include "store/rules/life.hpp"

namespace tidings::store::rules {

void confirm_opt_out(Batch& batch, const Account& account, const Inbound& inbound)
{
    if (account.opt_out_confirmation.empty()) return;
    NewMessage message;
    message.id = batch.ids.next();
    message.priority = account.priority;
    message.submission.content = account.opt_out_confirmation;
    message.submission.destination = "+" + inbound.source;
    message.submission.source = inbound.destination;
    message.converted = text::convert(account.opt_out_confirmation, account.converter);
    message.cost = message::credits_for(message.submission.format,
                                        message.converted.value_or(account.opt_out_confirmation));
    MessageRow row = row_of(account.key, message);
    if (!debit(batch, row, message.cost)) return;
    row.sender = inbound.destination;
    row.sender_type = message::infer_source_type(row.sender);
    make_due(batch, row);
    advance(batch, row, {batch.now, message::Code::processing, "confirms an opt-out"});
    batch.facts.messages.add(std::move(row));
}

}  // namespace tidings::store::rules
