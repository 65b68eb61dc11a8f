// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "message/priority.hpp"
#include "store/settings.hpp"

#include <cstdint>

namespace tidings::store::rules {

// Which queue a message or callback stands in. Those from `due` on have lanes: their numbers here are for
// normal priority, on disk that of the priority is added. `due` itself is followed by the queues of links.
// The values are stored.
enum class Queue : std::int64_t {
    due = 0,     // seq, here and in those of links: a number that ascends with every entry
    timed = -1,  // scheduled messages, and callbacks to be tried again; seq: the time at which it becomes due
    verdict = -2,  // until receipts tell more; seq: the time at which their verdict is final; messages only
    retry = -3,    // as timed, for messages that were put back
    held = -4,     // until the operator decides; seq: the time since when
    // Callbacks only, which stay as the log; seq: the time since when.
    dead = -5,  // given up
    told = -6,  // delivered
    // Callbacks only; seq: as for due. It is due, and memory has it: see memory/direct_callbacks.hpp.
    direct = -7,
};

// Of a callback.
constexpr bool is_due(Queue queue) { return queue == Queue::due || queue == Queue::direct; }
constexpr bool is_pending(Queue queue) { return queue >= Queue::timed || queue == Queue::direct; }

constexpr std::int64_t lanes_per_queue = 4;  // one for each priority, and one to spare

constexpr Queue queue_of(LinkKey link)
{
    return static_cast<Queue>(static_cast<std::int64_t>(link) * lanes_per_queue);
}
constexpr LinkKey link_of(Queue queue)
{
    return static_cast<LinkKey>(static_cast<std::int64_t>(queue) / lanes_per_queue);
}

constexpr Queue lane_in(Queue queue, message::Priority priority)
{
    return static_cast<Queue>(static_cast<std::int64_t>(queue) + static_cast<std::int64_t>(priority));
}
constexpr bool has_lanes(Queue lane) { return lane >= Queue::due; }
constexpr Queue queue_with(Queue lane) { return queue_of(link_of(lane)); }
constexpr message::Priority priority_in(Queue lane)
{
    return static_cast<message::Priority>(static_cast<std::int64_t>(lane) % lanes_per_queue);
}

}  // namespace tidings::store::rules
