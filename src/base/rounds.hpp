// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <utility>

namespace tidings::base {

// Lines of several holders, who take turns: nobody waits behind all that another one has in line.
template <class Holder, class Item>
class Rounds {
public:
    bool empty() const { return turns_.empty(); }
    // Whether somebody is in line who may have a turn.
    template <class May>
    bool any(May may) const
    {
        return std::ranges::any_of(turns_, may);
    }

    void push(const Holder& holder, Item item)
    {
        std::deque<Item>& line = lines_[holder];
        if (line.empty()) turns_.push_back(holder);
        line.push_back(std::move(item));
    }

    // The first in line of the next one who may have a turn; nothing: nobody is in line who may.
    template <class May>
    std::optional<Item> take_if(May may)
    {
        for (std::size_t passed = 0; passed < turns_.size(); ++passed) {
            Holder holder = std::move(turns_.front());
            turns_.pop_front();
            if (may(std::as_const(holder))) return take_from(std::move(holder));
            turns_.push_back(std::move(holder));
        }
        return {};
    }
    std::optional<Item> take()
    {
        return take_if([](const Holder&) { return true; });
    }

private:
    static constexpr std::size_t lines_kept = 100;  // when empty, for those who come and go all the time

    Item take_from(Holder holder)
    {
        auto line = lines_.find(holder);
        Item item = std::move(line->second.front());
        line->second.pop_front();
        if (!line->second.empty())
            turns_.push_back(std::move(holder));
        else if (lines_.size() > lines_kept)
            lines_.erase(line);
        return item;
    }

    std::map<Holder, std::deque<Item>> lines_;
    std::deque<Holder> turns_;
};

}  // namespace tidings::base
