// SPDX-License-Identifier: Apache-2.0
// Some message may make its carrier close the connection, and then takes along what is in flight beside it.
// All of that is in doubt and goes again: once among others and, after a second loss, alone, so that nobody
// is lost for somebody else any more. Only a message that was alone in flight when the carrier closed the
// connection, and that so many times, is to blame.
//
// A line that merely flaps loses now this one and now that one, so it blames nobody. And one that loses
// whatever is sent does not either: what was lost alone counts only when the carrier had answered something
// since the loss before, or did so before the next loss of another one; or when there is nothing else at all.
//
// No socket, no clock: what happened goes in, decisions come out. Messages are numbers here, of one link.
#pragma once

#include "relay/loss_cause.hpp"

#include <cstddef>
#include <cstdint>
#include <set>
#include <span>
#include <unordered_map>

namespace tidings::relay {

class Suspects {
public:
    // Losses in any company, after which a message goes alone. One is the ordinary fate of a lost line.
    static constexpr int losses_max = 2;
    // Losses alone, after which it is to blame. Two may still be the line's.
    static constexpr int alone_max = 3;

    // `others_between`: submits that go between two that go alone, if others wait.
    explicit Suspects(std::size_t others_between) : others_between_(others_between), others_(others_between)
    {
    }

    using Cause = LossCause;
    // All that was in flight on one connection, each message once; or the one that was not answered.
    void lost(std::span<const std::uint64_t> messages, Cause cause);
    void answered(std::uint64_t message);
    void forget(std::uint64_t message);

    bool goes_alone(std::uint64_t message) const;
    bool is_to_blame(std::uint64_t message) const;

    // Whether it is the turn of one that goes alone.
    bool turn_of_alone(bool others_wait) const { return !others_wait || others_ >= others_between_; }
    void sent_alone() { others_ = 0; }
    void sent() { ++others_; }

private:
    struct Losses {
        int all = 0;
        int alone = 0;
        // Alone, since the carrier answered anything; and of these, those for which it closed the connection.
        int unproven = 0;
        int closed = 0;
    };

    const std::size_t others_between_;
    std::size_t others_;                                // sent since one that went alone
    std::unordered_map<std::uint64_t, Losses> losses_;  // of what is in doubt: as much as was in flight
    std::set<std::uint64_t> unproven_;
    bool is_alive_ = false;  // the carrier answered something since the last loss
};

}  // namespace tidings::relay
