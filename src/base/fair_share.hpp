// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cassert>
#include <cstddef>
#include <map>

namespace tidings::base {

// Shares places among holders of whom nobody knows who comes next, or how long each keeps what it has. A
// holder may take some as long as it then has no more than are left free, or one more where they do not come
// out even. One alone thus gets half of them, two a third each, and so on; who comes to the others finds a
// place free at once, and they get none until it has as many.
template <class Holder>
class FairShare {
public:
    explicit FairShare(std::size_t places) : free_(places) {}

    std::size_t free() const { return free_; }
    std::size_t held(const Holder& holder) const
    {
        auto found = held_.find(holder);
        return found == held_.end() ? 0 : found->second;
    }
    bool has_room(const Holder& holder, std::size_t count = 1) const
    {
        return held(holder) + 2 * count <= free_ + 1;
    }

    void take(const Holder& holder, std::size_t count = 1)
    {
        assert(free_ >= count);
        free_ -= count;
        held_[holder] += count;
    }
    void give_back(const Holder& holder, std::size_t count = 1)
    {
        auto found = held_.find(holder);
        assert(found != held_.end() && found->second >= count);
        free_ += count;
        if ((found->second -= count) == 0) held_.erase(found);
    }

private:
    std::size_t free_;
    std::map<Holder, std::size_t> held_;
};

}  // namespace tidings::base
