// SPDX-License-Identifier: Apache-2.0
#include "base/utf8.hpp"
#include "wire/message_json.hpp"
#include "wire/submission.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace tidings::message;
    using namespace tidings::wire;
    std::string_view body(reinterpret_cast<const char*>(data), size);
    constexpr tidings::base::Time now{std::chrono::milliseconds(1'800'000'000'000)};
    constexpr Leniency strict{.format_list = false,
                              .format_case = false,
                              .null_fields = false,
                              .empty_fields = false,
                              .cancel_case = false,
                              .boolean_text = false,
                              .metadata_values = false,
                              .unix_times = false};
    if (parse_cancel(body, strict) && !parse_cancel(body)) std::abort();
    for (std::string_view list : {"reply_ids", "delivery_report_ids"})
        if (auto ids = parse_confirmation(body, list); ids && ids->size() > confirmations_max) std::abort();
    auto first = parse_submissions(body, now);
    if (parse_submissions(body, now, strict) && !first) std::abort();
    if (!first) return 0;
    std::string echo = "{\"messages\":[";
    for (const Submission& message : *first) {
        if (echo.back() == '}') echo += ',';
        append_echo(echo, message, {}, EchoDates::with);
    }
    auto second = parse_submissions(echo + "]}", now);
    if (!second || second->size() != first->size() || !tidings::base::is_utf8(echo)) std::abort();
    return 0;
}
