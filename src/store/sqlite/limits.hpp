// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/rules/link_limits.hpp"

#include <cstddef>

namespace tidings::store::sqlite {

using rules::LinkLimits;

// What the store keeps in memory beside SQLite's own cache, however much waits on disk.
struct Limits {
    std::size_t queued = 10'000;     // messages in each queue, 1 KiB each
    std::size_t callbacks = 40'000;  // likewise; a message has three
    std::size_t recent = 200'000;    // messages that receipts and replies find without the disk, about 50 MiB
    std::size_t sent = 500'000;      // keys by which duplicates are found without the disk, about 30 MiB
    std::size_t familiar = 500'000;  // handsets whose familiar senders are, as much again
    std::size_t opt_outs = 500'000;  // numbers of lists that are known to hold no others, about 20 MiB
    LinkLimits of_link{};            // on disk
};

}  // namespace tidings::store::sqlite
