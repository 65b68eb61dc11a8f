// SPDX-License-Identifier: Apache-2.0
#include "store/rules/facts.hpp"

#include <cassert>

namespace tidings::store::rules {

void MessageFacts::learn(const MessageKey& key, std::optional<MessageRow> row)
{
    auto [place, is_new] = places_.try_emplace(key, nullptr);
    if (is_new && row) place->second = &rows_.emplace_back(std::move(*row));
}

const MessageRow* MessageFacts::find(const MessageKey& key) const
{
    auto place = places_.find(key);
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
    if (!places_.empty()) places_.clear();
    rows_.clear();
}

}  // namespace tidings::store::rules
