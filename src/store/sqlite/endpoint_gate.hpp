// SPDX-License-Identifier: Apache-2.0
// How many callbacks of an endpoint may be out at once, that is taken and not yet recorded. What is beyond
// stays on disk: an endpoint that is slow or dead neither fills memory nor is it asked for again and again.
#pragma once

#include "store/records.hpp"

#include <unordered_map>

namespace tidings::store {

// Callbacks to an endpoint stand together, those of each account in a lane of its own.
struct CallbackLane {
    static constexpr message::Priority priority = message::Priority::normal;
    EndpointKey endpoint{};
    AccountKey account{};
    auto operator<=>(const CallbackLane&) const = default;
};

class EndpointGate {
public:
    std::size_t limit(const CallbackLane& lane) const { return entry(lane).limit; }
    bool has_room(const CallbackLane& lane) const { return entry(lane).out < entry(lane).limit; }
    bool is_idle(const CallbackLane& lane) const { return entry(lane).out == 0; }
    void took(const CallbackLane& lane) { ++entries_[lane.endpoint].out; }

    void gave_back(EndpointKey endpoint, std::size_t count)
    {
        Entry& entry = entries_[endpoint];
        entry.out -= std::min(entry.out, count);
        forget_if_usual(endpoint);
    }
    void set_limit(EndpointKey endpoint, std::size_t limit)
    {
        entries_[endpoint].limit = limit;
        forget_if_usual(endpoint);
    }

    static bool are_together(const CallbackLane& a, const CallbackLane& b)
    {
        return a.endpoint == b.endpoint;
    }

private:
    struct Entry {
        std::size_t limit = callbacks_out_first;
        std::size_t out = 0;
    };

    Entry entry(const CallbackLane& lane) const
    {
        auto found = entries_.find(lane.endpoint);
        return found == entries_.end() ? Entry{} : found->second;
    }
    void forget_if_usual(EndpointKey endpoint)
    {
        const Entry& entry = entries_[endpoint];
        if (entry.out == 0 && entry.limit == callbacks_out_first) entries_.erase(endpoint);
    }

    std::unordered_map<EndpointKey, Entry> entries_;
};

}  // namespace tidings::store
