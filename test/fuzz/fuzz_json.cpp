// SPDX-License-Identifier: Apache-2.0
#include "message/message_json.hpp"
#include "message/submission.hpp"
#include "message/unicode.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace tidings::message;
    std::string_view body(reinterpret_cast<const char*>(data), size);
    constexpr tidings::base::Time now{std::chrono::milliseconds(1'800'000'000'000)};
    parse_cancel(body);
    if (auto ids = parse_confirmation(body, "reply_ids"); ids && ids->size() > confirmations_max)
        std::abort();
    auto first = parse_submissions(body, now);
    if (!first) return 0;
    std::string echo = "{\"messages\":[";
    for (const Submission& message : *first) {
        if (echo.back() == '}') echo += ',';
        append_echo(echo, message, {}, EchoDates::with);
    }
    auto second = parse_submissions(echo + "]}", now);
    if (!second || second->size() != first->size() || !is_utf8(echo)) std::abort();
    return 0;
}
