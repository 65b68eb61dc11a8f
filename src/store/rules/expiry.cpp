// SPDX-License-Identifier: Apache-2.0
#include "store/rules/expiry.hpp"

#include "store/rules/life.hpp"

namespace tidings::store::rules {

using message::Code;
using message::Status;

namespace {

// A message that a carrier has, or perhaps has, ends with 401, for which nothing is given back; one that
// never left ends with 320 and gets its credits back.
Step end_of(const MessageRow& row, base::Time now)
{
    if (row.progress.status == Status::submitted) return {now, Code::expired_at_carrier, "no receipt came"};
    // A held message with a link is one that the link may have sent. One without a link was held by a pattern
    // and never left.
    bool in_doubt = row.queue == Queue::held && row.link != LinkKey{};
    return {now, in_doubt ? Code::expired_at_carrier : Code::expired_before_submission, {}};
}

}  // namespace

void Expire::first(const Surroundings&, Wants& wants) { wants.add(keys_); }

void Expire::decide(Batch& batch)
{
    for (const MessageKey& key : keys_) {
        MessageRow& row = *batch.facts.messages.find(key);
        advance(batch, row, end_of(row, batch.now));
    }
}

}  // namespace tidings::store::rules
