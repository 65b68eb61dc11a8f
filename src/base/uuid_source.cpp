// SPDX-License-Identifier: Apache-2.0
#include "base/uuid_source.hpp"

#include <algorithm>

namespace tidings::base {

Uuid UuidSource::next()
{
    auto now = static_cast<std::uint64_t>(clock_.now().time_since_epoch().count()) << 12;
    std::uint64_t last = last_.load(std::memory_order_relaxed);
    std::uint64_t stamp;
    do {
        stamp = std::max(now, last + 1);
    } while (!last_.compare_exchange_weak(last, stamp, std::memory_order_relaxed));

    std::uint64_t high = (stamp >> 12) << 16 | 0x7000 | (stamp & 0xFFF);
    std::uint64_t low = (clock_.random() >> 2) | 0x8000'0000'0000'0000u;
    Uuid id;
    for (std::size_t i = 0; i < 8; ++i) {
        id.bytes[i] = static_cast<std::uint8_t>(high >> (56 - 8 * i));
        id.bytes[8 + i] = static_cast<std::uint8_t>(low >> (56 - 8 * i));
    }
    return id;
}

}  // namespace tidings::base
