// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

namespace tidings::store::rules {

// What a carrier can make the store keep, rows for each link: beyond that the oldest is dropped, and counted.
struct LinkLimits {
    // Those that wait ten minutes for a response that is under way, or lost: 160 a second.
    std::size_t parked_receipts = 100'000;
    std::size_t parked_with_one_id = 16;    // a part has two or three receipts
    std::size_t parked_without_id = 1'000;  // of different messages; each record of submits looks at them
    // For the operator, who needs no more of them to see what is wrong.
    std::size_t unmatched_receipts = 10'000;
    std::size_t unmatched_replies = 10'000;
    std::size_t reply_parts = 10'000;    // that wait ten minutes for the others of their reply
    std::size_t seen_inbound = 100'000;  // not yet answered; usually a window of them

    std::size_t parked_with(const std::string& id) const
    {
        return id.empty() ? parked_without_id : parked_with_one_id;
    }
};

}  // namespace tidings::store::rules
