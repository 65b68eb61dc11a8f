// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/time.hpp"

#include <cstdint>
#include <deque>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace tidings::sandbox {

// A message that arrived on a handset.
struct Arrival {
    std::string from{};  // as a handset shows it
    std::string to{};    // digits of the handset
    std::string content{};
    base::Time received_at{};

    bool operator==(const Arrival&) const = default;
};

// What the handsets received last. Older messages make room: a sandbox runs for weeks under load tests.
class Inbox {
public:
    static constexpr std::size_t per_handset_max = 1'000;  // an answer of GET stays under a megabyte
    static constexpr std::size_t messages_max = 20'000;    // on all handsets: 5 MB, 20 ms to write again

    void add(Arrival arrival);
    std::vector<Arrival> messages(const std::string& handset) const;  // oldest first
    std::size_t size() const { return size_; }

    // In the order of arrival on each handset.
    template <class Visit>
    void for_each(Visit visit) const
    {
        for (const auto& [handset, kept] : handsets_)
            for (const auto& [number, arrival] : kept) visit(arrival);
    }

private:
    using Kept = std::deque<std::pair<std::uint64_t, Arrival>>;  // by number

    void drop_front(std::unordered_map<std::string, Kept>::iterator handset);

    std::unordered_map<std::string, Kept> handsets_;
    std::deque<std::pair<std::uint64_t, std::string>> order_;  // number and handset of each arrival
    std::uint64_t last_number_ = 0;
    std::size_t size_ = 0;
};

}  // namespace tidings::sandbox
