// SPDX-License-Identifier: Apache-2.0
// What is read as a date is written in one form, and that form is read as the same date.
#include "base/time.hpp"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace tidings::base;
    constexpr Time begin = std::chrono::sys_days(std::chrono::year(0) / 1 / 1);
    constexpr Time end = std::chrono::sys_days(std::chrono::year(10000) / 1 / 1);
    std::string_view text(reinterpret_cast<const char*>(data), size);
    // An offset may lead out of the years that have four digits.
    if (auto time = parse_iso(text); time && *time >= begin && *time < end) {
        auto again = parse_iso(to_iso(*time));
        if (!again || *again != *time) std::abort();
    }
    if (auto time = parse_http_date(text)) {
        auto again = parse_http_date(to_http_date(*time));
        if (!again || *again != *time) std::abort();
    }
    return 0;
}
