// SPDX-License-Identifier: Apache-2.0
// How much an endpoint is trusted with. It begins with little, gets more as it answers well and quickly, and
// little again when it is slow. After several failures in a row it is left alone for a while, longer each
// time, and then gets a single request: when that goes well, all goes on.
#pragma once

#include "base/time.hpp"

#include <chrono>
#include <cstddef>
#include <optional>

namespace tidings::relay {

class EndpointHealth {
public:
    static constexpr std::size_t out_first = 8, out_most = 10'000;        // callbacks in memory, 2 KiB each
    static constexpr std::size_t requests_slow = 4, requests_quick = 32;  // at a time
    static constexpr std::chrono::milliseconds quick{1'000};              // an answer within this is
    static constexpr int failures_max = 5;                                // in a row, then it is left alone
    static constexpr std::chrono::milliseconds pause_first{5'000}, pause_longest{60'000};

    // How many of its callbacks may be taken from the store: none while it is left alone.
    std::size_t out_max() const;
    std::size_t requests_max() const;
    // A slow one may hold a connection for long. One that never answered is taken for slow.
    bool is_slow() const { return is_slow_; }
    std::optional<base::Time> left_alone_until() const;
    bool is_usual() const { return !pause_end_ && !is_trying_ && failures_ == 0; }

    void answered(std::chrono::milliseconds took);
    // No answer, or one that tells of trouble; with the time until which it asks to be left alone.
    void failed(std::chrono::milliseconds took, base::Time now, std::optional<base::Time> asked);
    void pause_ended();  // the next request is the one that tells

private:
    void leave_alone(base::Time until);

    std::size_t out_ = out_first;
    std::size_t well_ = 0;  // answers since out_ grew
    bool is_slow_ = true;
    int failures_ = 0;
    std::chrono::milliseconds next_pause_ = pause_first;
    std::optional<base::Time> pause_end_;
    bool is_trying_ = false;
};

}  // namespace tidings::relay
