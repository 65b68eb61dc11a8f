// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sandbox/delivery.hpp"

#include <cassert>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

namespace tidings::sandbox {

// Deliveries, from their making until the ESME answered OK. Those for one ESME that are due go out in the
// order of due time and token; the empty name stands for those that go to any.
class Owed {
public:
    void add(Delivery delivery)
    {
        Key key{delivery.due, delivery.token};
        waiting_[delivery.esme].emplace(key, std::move(delivery));
    }

    // When the first of those not under way is due.
    std::optional<base::Time> next_due(const std::string& esme = {}) const
    {
        auto found = waiting_.find(esme);
        if (found == waiting_.end()) return std::nullopt;
        return found->second.begin()->first.first;
    }

    // The first one, which is under way then. Only while next_due() says something. Valid until paid or
    // put back.
    const Delivery& take(const std::string& esme = {})
    {
        auto queue = waiting_.find(esme);
        assert(queue != waiting_.end());
        auto node = queue->second.extract(queue->second.begin());
        if (queue->second.empty()) waiting_.erase(queue);
        std::uint64_t token = node.key().second;
        return under_way_[token] = std::move(node.mapped());
    }

    // Answered for good. False: nothing with that token is under way.
    bool pay(std::uint64_t token) { return under_way_.erase(token) > 0; }

    // Refused or not answered: again at `due`.
    void put_back(std::uint64_t token, base::Time due)
    {
        auto node = under_way_.extract(token);
        if (!node) return;
        node.mapped().due = due;
        add(std::move(node.mapped()));
    }

    // For reading a journal, where what was paid comes after what was owed: first each of these, and
    // pay(), then once put_all_back().
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

    std::size_t size() const
    {
        std::size_t sum = under_way_.size();
        for (const auto& [esme, queue] : waiting_) sum += queue.size();
        return sum;
    }

    template <class Visit>
    void for_each(Visit visit) const
    {
        for (const auto& [token, delivery] : under_way_) visit(delivery);
        for (const auto& [esme, queue] : waiting_)
            for (const auto& [key, delivery] : queue) visit(delivery);
    }

private:
    using Key = std::pair<base::Time, std::uint64_t>;

    std::map<std::string, std::map<Key, Delivery>> waiting_;  // by ESME; no queue is empty
    std::unordered_map<std::uint64_t, Delivery> under_way_;
};

}  // namespace tidings::sandbox
