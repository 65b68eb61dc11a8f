// SPDX-License-Identifier: Apache-2.0
// What a carrier refuses for now, say because a handset's memory is full, concerns that message: it waits for
// its next turn while others go on. Its pauses double, and after so many attempts the link refuses it for
// good. While a carrier refuses different destinations one after another, it is the carrier that is in
// trouble, and no attempt counts. Times go in, decisions come out.
#pragma once

#include "base/time.hpp"
#include "store/records.hpp"

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace tidings::relay {

struct RetryPolicy {
    std::chrono::milliseconds pause_min{2'000};  // doubles: a busy moment is over soon, a full memory is not
    std::chrono::milliseconds pause_max{600'000};
    int attempts_max = 14;  // the last one about an hour after the first

    bool operator==(const RetryPolicy&) const = default;
};

// How often each message was refused for now.
class RetryTurns {
public:
    // Messages whose count is remembered; an older one begins anew. Some 100 bytes each, and 20,000 refused
    // ones wait longer than their pauses are at any rate that a carrier refuses at.
    static constexpr std::size_t remembered_max = 20'000;

    explicit RetryTurns(RetryPolicy policy) : policy_(policy) {}

    enum class Blame { message, carrier };
    // The pause before its next attempt; nothing: this was its last one, and it is forgotten.
    std::optional<std::chrono::milliseconds> refused(const store::MessageKey& key, Blame blame);
    void forget(const store::MessageKey& key);
    std::size_t remembered() const { return young_.size() + old_.size(); }

private:
    using Attempts = std::map<store::MessageKey, int>;

    int take(const store::MessageKey& key);

    const RetryPolicy policy_;
    Attempts young_, old_;  // when the young ones are half of all, they are the old ones
};

// Different destinations that were refused one after another, with nothing accepted between.
class RefusedInARow {
public:
    // So many handsets with a full memory side by side are less likely than a carrier with a full queue.
    static constexpr std::size_t several = 5;

    RetryTurns::Blame refused(const std::string& destination);
    void accepted() { destinations_.clear(); }

private:
    std::set<std::string> destinations_;  // several at most
};

}  // namespace tidings::relay
