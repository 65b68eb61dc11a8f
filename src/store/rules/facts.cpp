// SPDX-License-Identifier: Apache-2.0
#include "store/rules/facts.hpp"

#include <cassert>

namespace tidings::store::rules {

void MessageFacts::learn(const MessageKey& key, std::optional<MessageRow> row)
{
    // A key that is known stays as it is: rules may have changed its row since the first load, and the disk
    // does not know of that yet. Without a row the place keeps nullptr, which says that there is none.
    auto [place, is_new] = places_.try_emplace(key, nullptr);
    if (is_new && row) place->second = &rows_.emplace_back(std::move(*row));
}

const MessageRow* MessageFacts::find(const MessageKey& key) const
{
    auto place = places_.find(key);
    // Not "there is none", but "nobody asked for it": the item forgot to want the message.
    assert(place != places_.end());
    return place->second;
}

MessageRow& MessageFacts::add(MessageRow row)
{
    MessageRow*& place = places_[row.key];
    assert(!place);
    place = &rows_.emplace_back(std::move(row));
    place->unsaved.row = true;
    return *place;
}

void MessageFacts::clear()
{
    // To clear an unordered_map costs its number of buckets even when it is empty, and most batches are
    // small.
    if (!places_.empty()) places_.clear();
    rows_.clear();
}

}  // namespace tidings::store::rules
