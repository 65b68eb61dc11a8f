// SPDX-License-Identifier: Apache-2.0
#include "store/rules/carrier_facts.hpp"

#include <algorithm>
#include <cassert>

namespace tidings::store::rules {

namespace {

bool waits(const ParkedReceipt* parked) { return parked->state == ParkedReceipt::State::waits; }

LinkThread thread_of(const ParkedReceipt& parked)
{
    return {parked.link, {parked.receipt.source, parked.receipt.destination}};
}

}  // namespace

// An id that is known is not learnt a second time: a rule may have changed what waits under it, and the disk,
// of which a load speaks, does not have that change yet.
void ParkedReceipts::learn(const CarrierId& id, std::vector<ParkedReceipt> found)
{
    auto [place, is_new] = by_id_.try_emplace(id);
    if (!is_new) return;
    for (ParkedReceipt& parked : found) place->second.push_back(&learn(std::move(parked)));
}

void ParkedReceipts::learn(const LinkThread& numbers, std::vector<std::string> ids)
{
    ids_.try_emplace(numbers, std::move(ids));
}

// The same row may be found by its id, by its numbers and by a scan. By its key all of them come to the one
// object whose state counts, so that a receipt which one rule has matched is not given up by another.
ParkedReceipt& ParkedReceipts::learn(ParkedReceipt found)
{
    assert(found.key != 0);
    ParkedReceipt*& row = by_key_[found.key];
    if (!row) row = &rows_.emplace_back(std::move(found));
    return *row;
}

// A new receipt joins what was found by its numbers only if everything that waits under its id is loaded.
// With less than that ids_waiting() could not tell whether the id still waits for anything.
ParkedReceipt& ParkedReceipts::add(ParkedReceipt parked)
{
    assert(parked.key == 0);
    ParkedReceipt& row = rows_.emplace_back(std::move(parked));
    const std::string& id = row.receipt.carrier_id;
    auto with_id = by_id_.find({row.link, id});
    if (with_id == by_id_.end()) return row;
    with_id->second.push_back(&row);
    if (ids_.empty()) return row;
    auto with_numbers = ids_.find(thread_of(row));
    if (with_numbers == ids_.end()) return row;
    if (std::ranges::find(with_numbers->second, id) == with_numbers->second.end())
        with_numbers->second.push_back(id);
    return row;
}

std::vector<ParkedReceipt*> ParkedReceipts::waiting(const CarrierId& id) const
{
    std::vector<ParkedReceipt*> found;
    auto with_id = by_id_.find(id);
    if (with_id == by_id_.end()) return found;
    std::ranges::copy_if(with_id->second, std::back_inserter(found), waits);
    return found;
}

std::vector<std::string> ParkedReceipts::ids_waiting(const LinkThread& numbers) const
{
    auto known = ids_.find(numbers);
    if (known == ids_.end()) return {};
    std::vector<std::string> ids = known->second;
    std::erase_if(ids, [&](const std::string& id) {
        auto with_id = by_id_.find({numbers.link, id});
        if (with_id == by_id_.end()) return false;
        return std::ranges::none_of(with_id->second, [&](const ParkedReceipt* parked) {
            return waits(parked) && thread_of(*parked) == numbers;
        });
    });
    return ids;
}

void ParkedReceipts::clear()
{
    if (rows_.empty() && by_id_.empty() && ids_.empty()) return;
    by_key_.clear();
    by_id_.clear();
    ids_.clear();
    rows_.clear();
}

}  // namespace tidings::store::rules
