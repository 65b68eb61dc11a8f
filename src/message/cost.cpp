// SPDX-License-Identifier: Apache-2.0
#include "message/cost.hpp"

#include "message/segments.hpp"

namespace tidings::message {

std::int64_t credits_for(const Submission& message)
{
    if (message.format != Format::sms) return 1;
    return static_cast<std::int64_t>(count_segments(message.content));
}

}  // namespace tidings::message
