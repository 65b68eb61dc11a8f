// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.hpp"
#include "base/uuid.hpp"

#include <atomic>

namespace tidings::base {

// Makes UUIDs of version 7 (RFC 9562, 5.7) that ascend within the process: keys for which a B-tree grows at
// its right edge. The 12 bits after the milliseconds count; when more than 4,096 are wanted in one
// millisecond they run ahead of the clock.
class UuidSource {
public:
    explicit UuidSource(Clock& clock) : clock_(clock) {}
    Uuid next();  // safe from every thread

private:
    Clock& clock_;
    std::atomic<std::uint64_t> last_{0};  // milliseconds << 12 | counter
};

}  // namespace tidings::base
