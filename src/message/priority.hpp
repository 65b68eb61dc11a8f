// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tidings::message {

// How urgent a message is beside others that wait for the same link: one-time codes overtake campaigns. The
// values are stored.
enum class Priority : std::uint8_t { normal = 0, high = 1, low = 2 };

std::string_view name(Priority priority);  // "normal"
std::optional<Priority> priority_named(std::string_view name);

// Whose turn it is while messages of several priorities wait: of 20 turns the high ones have 16, the normal
// ones 3 and the low ones 1, so that none waits for ever. A turn that nobody wants goes to the most urgent.
class Turns {
public:
    // `waits(priority)` must hold for one of them.
    template <class Waits>
    Priority next(Waits waits)
    {
        Priority preferred = order[step_++ % order.size()];
        if (waits(preferred)) return preferred;
        for (Priority priority : {Priority::high, Priority::normal})
            if (waits(priority)) return priority;
        return Priority::low;
    }

private:
    static constexpr Priority H = Priority::high, N = Priority::normal, L = Priority::low;
    static constexpr std::array<Priority, 20> order{H, H, H, H, N, H, H, H, H, L,
                                                    H, H, H, H, N, H, H, H, H, N};
    std::size_t step_ = 0;
};

}  // namespace tidings::message
