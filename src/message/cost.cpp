// SPDX-License-Identifier: Apache-2.0
#include "message/cost.hpp"

#include "text/segments.hpp"

namespace tidings::message {

std::int64_t credits_for(Format format, std::string_view text)
{
    if (format != Format::sms) return 1;
    return static_cast<std::int64_t>(text::count_segments(text));
}

}  // namespace tidings::message
