// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sandbox/delivery.hpp"

#include <cassert>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>

namespace tidings::sandbox {

// Deliveries, from their making until the ESME answered OK. Those that are due go out in the order of due
// time and token.
class Owed {
public:
    void add(Delivery delivery)
    {
        Key key{delivery.due, delivery.token};
        waiting_.emplace(key, std::move(delivery));
    }

    // When the first of those not under way is due.
    std::optional<base::Time> next_due() const
    {
        if (waiting_.empty()) return std::nullopt;
        return waiting_.begin()->first.first;
    }

    // The first one, which is under way then. Only while next_due() says something. Valid until settled or
    // put back.
    const Delivery& take()
    {
        assert(!waiting_.empty());
        auto first = waiting_.begin();
        std::uint64_t token = first->first.second;
        Delivery& out = under_way_[token] = std::move(first->second);
        waiting_.erase(first);
        return out;
    }

    // Answered for good. False: nothing with that token is under way.
    bool settle(std::uint64_t token) { return under_way_.erase(token) > 0; }

    // Refused or not answered: again at `due`.
    void put_back(std::uint64_t token, base::Time due)
    {
        auto node = under_way_.extract(token);
        if (!node) return;
        node.mapped().due = due;
        add(std::move(node.mapped()));
    }

    // For reading a journal, where what was settled comes after what was owed: first each of these, and
    // settle(), then once put_all_back().
    void add_under_way(Delivery delivery)
    {
        std::uint64_t token = delivery.token;
        under_way_[token] = std::move(delivery);
    }
    void put_all_back()
    {
        for (auto& [token, delivery] : under_way_) add(std::move(delivery));
        under_way_.clear();
    }

    std::size_t size() const { return waiting_.size() + under_way_.size(); }

    template <class Visit>
    void for_each(Visit visit) const
    {
        for (const auto& [token, delivery] : under_way_) visit(delivery);
        for (const auto& [key, delivery] : waiting_) visit(delivery);
    }

private:
    using Key = std::pair<base::Time, std::uint64_t>;

    std::map<Key, Delivery> waiting_;
    std::unordered_map<std::uint64_t, Delivery> under_way_;
};

}  // namespace tidings::sandbox
