// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace tidings::store {

// Something that stands in a queue, in the order of seq.
template <class Item>
struct Queued {
    std::int64_t seq = 0;
    Item item;
    bool is_direct = false;  // its row is in no queue on disk: only memory knows that it is its turn
};

}  // namespace tidings::store
