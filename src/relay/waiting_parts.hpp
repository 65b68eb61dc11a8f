// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/time.hpp"

#include <algorithm>
#include <cstdint>
#include <deque>
#include <map>

namespace tidings::relay {

// The parts that a link is still to submit, by their tokens, which grow in the order of taking.
class WaitingParts {
public:
    void add(std::uint64_t token) { parts_.push_back(token); }
    // Where it was: before what was taken after it.
    void add_again(std::uint64_t token)
    {
        auto later = [token](std::uint64_t other) { return other > token; };
        parts_.insert(std::find_if(parts_.begin(), parts_.end(), later), token);
    }
    void add_alone(std::uint64_t token) { alone_.push_back(token); }  // to go with nothing else in flight
    void add_later(std::uint64_t token, base::Moment at) { later_.emplace(at, token); }

    // Those whose time has come join the others. True: there were some.
    bool ripen(base::Moment now)
    {
        auto end = later_.upper_bound(now);
        bool any = end != later_.begin();
        for (auto each = later_.begin(); each != end; ++each) parts_.push_back(each->second);
        later_.erase(later_.begin(), end);
        return any;
    }

    bool any() const { return !parts_.empty(); }
    bool any_alone() const { return !alone_.empty(); }
    std::uint64_t take() { return take_from(parts_); }
    std::uint64_t take_alone() { return take_from(alone_); }

    template <class Act>
    void for_each(Act act) const
    {
        for (std::uint64_t token : parts_) act(token);
        for (std::uint64_t token : alone_) act(token);
        for (const auto& [_, token] : later_) act(token);
    }
    template <class Gone>
    std::size_t erase_if(Gone gone)
    {
        return std::erase_if(parts_, gone) + std::erase_if(alone_, gone) +
               std::erase_if(later_, [&gone](const auto& each) { return gone(each.second); });
    }

private:
    static std::uint64_t take_from(std::deque<std::uint64_t>& parts)
    {
        std::uint64_t token = parts.front();
        parts.pop_front();
        return token;
    }

    std::deque<std::uint64_t> parts_;
    std::deque<std::uint64_t> alone_;
    std::multimap<base::Moment, std::uint64_t> later_;
};

}  // namespace tidings::relay
