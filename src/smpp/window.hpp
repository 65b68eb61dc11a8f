// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/time.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace tidings::smpp {

constexpr std::uint32_t sequence_max = 0x7FFFFFFF;  // SMPP 3.4, 3.2: from 1, then around

// Requests sent and not yet answered, by sequence number. Answers come in any order.
//
// A table of at least twice the limit, indexed by the low bits of the sequence number. A number whose place
// is still taken by an older request is skipped, which costs nothing: numbers need not be dense.
class Window {
public:
    explicit Window(std::size_t limit) : limit_(limit), slots_(std::bit_ceil(2 * limit))
    {
        assert(limit > 0);
    }

    bool has_room() const { return in_flight_ < limit_; }
    std::size_t in_flight() const { return in_flight_; }

    // A number that no request in flight has; also for requests that are not counted here.
    std::uint32_t next_sequence()
    {
        do {
            last_sequence_ = last_sequence_ == sequence_max ? 1 : last_sequence_ + 1;
        } while (slot(last_sequence_).sequence != 0);
        return last_sequence_;
    }

    // The token is the caller's; it comes back with the answer. Only while has_room().
    std::uint32_t add(std::uint64_t token, base::Moment now)
    {
        assert(has_room());
        std::uint32_t sequence = next_sequence();
        slot(sequence) = {sequence, token, now};
        ++in_flight_;
        return sequence;
    }

    struct Request {
        std::uint64_t token = 0;
        base::Moment sent{};
    };
    // Nothing: the peer answered twice, or answered what was never asked.
    std::optional<Request> take(std::uint32_t sequence)
    {
        Slot& found = slot(sequence);
        if (sequence == 0 || found.sequence != sequence) return std::nullopt;
        --in_flight_;
        Slot taken = std::exchange(found, Slot{});
        newest_answered_ = std::max(newest_answered_, taken.sent);
        return Request{taken.token, taken.sent};
    }

    // When the request was sent that has waited longest. Looks at every slot: for once per tick.
    std::optional<base::Moment> oldest() const
    {
        std::optional<base::Moment> oldest;
        for (const Slot& each : slots_)
            if (each.sequence != 0 && (!oldest || each.sent < *oldest)) oldest = each.sent;
        return oldest;
    }

    // The same of those that no later request has overtaken: while answers come, others are only slow.
    std::optional<base::Moment> stalled_since() const
    {
        std::optional<base::Moment> oldest;
        for (const Slot& each : slots_)
            if (each.sequence != 0 && !is_overtaken(each) && (!oldest || each.sent < *oldest))
                oldest = each.sent;
        return oldest;
    }

    // The tokens of those that were sent until then and overtaken; they are in flight no more.
    std::vector<std::uint64_t> take_overtaken(base::Moment until)
    {
        std::vector<std::uint64_t> tokens;
        for (Slot& each : slots_) {
            if (each.sequence == 0 || each.sent > until || !is_overtaken(each)) continue;
            tokens.push_back(each.token);
            each = Slot{};
            --in_flight_;
        }
        return tokens;
    }

    // The tokens of all that is in flight, in the order of sending; the window is empty afterwards.
    std::vector<std::uint64_t> take_all()
    {
        auto age = [this](const Slot& s) { return (last_sequence_ - s.sequence) & sequence_max; };
        std::erase_if(slots_, [](const Slot& each) { return each.sequence == 0; });
        std::sort(slots_.begin(), slots_.end(),
                  [&](const Slot& a, const Slot& b) { return age(a) > age(b); });
        std::vector<std::uint64_t> tokens;
        for (const Slot& each : slots_) tokens.push_back(each.token);
        slots_.assign(std::bit_ceil(2 * limit_), Slot{});
        in_flight_ = 0;
        return tokens;
    }

private:
    struct Slot {
        std::uint32_t sequence = 0;  // 0: free
        std::uint64_t token = 0;
        base::Moment sent{};
    };

    bool is_overtaken(const Slot& slot) const { return slot.sent < newest_answered_; }
    Slot& slot(std::uint32_t sequence) { return slots_[sequence & (slots_.size() - 1)]; }

    std::size_t limit_;
    std::vector<Slot> slots_;  // a power of two
    std::size_t in_flight_ = 0;
    std::uint32_t last_sequence_ = 0;
    base::Moment newest_answered_{};  // when that request was sent
};

}  // namespace tidings::smpp
