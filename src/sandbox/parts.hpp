// SPDX-License-Identifier: Apache-2.0
// A handset shows a long message once all its parts are there. Parts say what they belong to in a user data
// header or in SAR parameters.
#pragma once

#include "base/time.hpp"
#include "smpp/pdu.hpp"
#include "text/segments.hpp"

#include <compare>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tidings::sandbox {

constexpr std::size_t incomplete_max = 5'000;      // messages of all handsets: 5 MB, unless they are huge
constexpr auto part_life = std::chrono::hours(1);  // after this the missing parts do not come any more

// What one submit_sm carries.
struct Piece {
    std::uint8_t data_coding = 0;
    std::optional<text::PartOf> part{};     // nothing: the message stands alone
    std::string octets{};                   // without user data header
    text::TextHeader header{};              // what that said
};

Piece piece_of(const smpp::ShortMessage& message);

// Octets that are no text are given in hexadecimal.
std::string text_of(std::uint8_t data_coding, std::string_view octets, text::TextHeader header = {});

// Who wrote to whom, as the numbers stood in the PDU.
struct Pair {
    std::string source{};
    std::string destination{};

    auto operator<=>(const Pair&) const = default;
};

class Joiner {
public:
    // `piece` has a part. The whole text if it was the last one missing. A part that is there already is
    // replaced.
    std::optional<std::string> add(const Pair& pair, const Piece& piece, base::Time now);

    std::size_t size() const { return groups_.size(); }  // incomplete messages
    // Calls visit(pair, piece, time of the first part) for every part that waits.
    template <class Visit>
    void for_each(Visit visit) const
    {
        for (const auto& [key, group] : groups_)
            for (const auto& [sequence, piece] : group.pieces) visit(key.pair, piece, group.since);
    }

private:
    struct Key {
        Pair pair;
        std::uint16_t reference = 0;
        bool is_wide = false;  // as PartOf's
        std::uint8_t total = 0;

        auto operator<=>(const Key&) const = default;
    };
    struct Group {
        base::Time since{};
        std::uint64_t number = 0;  // tells it from an earlier one with the same key
        std::map<std::uint8_t, Piece> pieces{};
    };

    void forget_old(base::Time now);

    std::map<Key, Group> groups_;
    std::deque<std::pair<std::uint64_t, Key>> order_;  // by age; those that were completed are still in it
    std::uint64_t last_number_ = 0;
};

}  // namespace tidings::sandbox
