// SPDX-License-Identifier: Apache-2.0
// How much a receiver of callbacks is trusted with.
//
// Two things are judged apart, each for one account, so that nobody suffers from what others do to a host:
//
//     an origin    whether it can be connected to
//     a path       what it answers, and whether it does: 5xx, 429, nothing in time
//
// Both are left alone after failures_max in a row, longer each time, and then get some requests, of different
// paths where there are: one request may fail for reasons of its own, and says little of the others. The
// first that goes well ends it; when all have failed, the next pause begins.
#pragma once

#include "base/time.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace tidings::relay {

// Counts failures in a row, and says when to try again.
class Recovery {
public:
    static constexpr int failures_max = 5;        // in a row, then it is left alone
    static constexpr std::size_t probes_max = 4;  // at a time, after a pause
    static constexpr std::chrono::milliseconds pause_first{5'000}, pause_longest{60'000};

    // Which pause a request came after: what was on its way when a pause began says nothing about its end.
    using Round = std::uint32_t;

    std::optional<base::Moment> left_alone_until() const { return pause_end_; }
    bool is_trying() const { return is_trying_; }
    bool is_usual() const { return !pause_end_ && !is_trying_ && failures_ == 0; }
    // Whether one more request may be made.
    bool has_room() const { return !pause_end_ && (!is_trying_ || probes_ < probes_max); }

    Round begun();
    void went_well();
    // With the time until which it asks to be left alone.
    void failed(Round round, base::Moment now, std::optional<base::Moment> asked);
    void told_nothing(Round round);  // the request ended without saying anything about it
    void pause_ended();

private:
    void leave_alone(base::Moment until);

    int failures_ = 0;
    std::chrono::milliseconds next_pause_ = pause_first;
    std::optional<base::Moment> pause_end_;
    bool is_trying_ = false;
    std::size_t probes_ = 0;  // on their way since the pause
    Round round_ = 0;
};

// A path of an origin. It begins with little, gets more as it answers well and quickly, and little again when
// it is slow.
class EndpointHealth {
public:
    static constexpr std::size_t out_first = 8, out_most = 10'000;        // callbacks in memory, 2 KiB each
    static constexpr std::size_t requests_slow = 4, requests_quick = 32;  // at a time
    static constexpr std::chrono::milliseconds quick{1'000};              // an answer within this is

    // How many of its callbacks may be taken from the store: none while it is left alone.
    std::size_t out_max() const;
    // At a time. A new one gets a single request until that has ended.
    std::size_t requests_max() const;
    bool is_new() const { return is_new_; }  // nothing is known of it
    // Whether the next request may well be answered: it is new, or its last one was.
    bool is_hopeful() const { return is_new_ || has_answered_; }
    // A slow one may hold a connection for long. A new one is taken for slow.
    bool is_slow() const { return is_slow_; }
    const Recovery& recovery() const { return recovery_; }

    Recovery::Round begun() { return recovery_.begun(); }
    void answered(std::chrono::milliseconds took);
    // An answer that tells of trouble, or none although it was connected to.
    void failed(Recovery::Round round, std::chrono::milliseconds took, base::Moment now,
                std::optional<base::Moment> asked);
    // It could not be connected to, which is not the fault of the path.
    void not_reached(Recovery::Round round, std::chrono::milliseconds took);
    void told_nothing(Recovery::Round round) { recovery_.told_nothing(round); }
    void pause_ended() { recovery_.pause_ended(); }

private:
    void note(std::chrono::milliseconds took);
    void begin_with_little();

    Recovery recovery_;
    std::size_t out_ = out_first;
    std::size_t well_ = 0;  // answers since out_ grew
    bool is_new_ = true;
    bool has_answered_ = false;  // the last request
    bool is_slow_ = true;
};

}  // namespace tidings::relay
