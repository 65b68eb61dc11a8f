// SPDX-License-Identifier: Apache-2.0
#include "store/rules/held.hpp"

#include "store/rules/life.hpp"

namespace tidings::store::rules {

using message::Code;

void DecideHeld::first(const Surroundings&, Wants& wants) { wants.messages.push_back(message_.key); }

void DecideHeld::second(const Surroundings& surroundings, const Facts& facts, Wants& wants)
{
    want_admission(surroundings, facts, message_, wants);
}

void DecideHeld::decide(Batch& batch)
{
    MessageRow* row = batch.facts.messages.find(message_.key);
    if (!row)
        result = base::errc::not_found;
    else if (row->queue != Queue::held)
        result = base::errc::not_held;
    else if (decision_ == Decision::drop)
        advance(batch, *row, {batch.now, Code::dropped, "dropped by the operator"});
    else
        release(batch, *row);
}

// A message that a link has in doubt met the rules before it left, and would be refused as the duplicate of
// itself. It just becomes due again, for any link. One that a pattern held meets all rules but that pattern.
void DecideHeld::release(Batch& batch, MessageRow& row)
{
    add_step(row, {batch.now, Code::none, "released by the operator"});
    if (row.link == LinkKey{}) return meet_rules(batch, row, message_, Screening::done);
    row.link = {};
    make_due(batch, row);
}

}  // namespace tidings::store::rules
