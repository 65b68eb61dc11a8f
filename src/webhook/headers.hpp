// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "message/webhook.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace tidings::webhook {

constexpr std::size_t header_name_max = 200;
constexpr std::size_t header_value_max = 1000;
constexpr std::size_t headers_max = 50;  // far below what any receiver takes

// Why an account may not have its webhooks send this header: it would break the request, or pass for
// something that only we say. Nothing: it may.
std::optional<std::string> header_fault(std::string_view name, std::string_view value);

}  // namespace tidings::webhook
