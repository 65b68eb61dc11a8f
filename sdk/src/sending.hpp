// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine.hpp"
#include "tidings/messages.hpp"

#include <span>

namespace tidings::detail {

Result<Request> send_request(std::span<const Message> messages, std::string idempotency_key);

// On the engine's strand.
asio::awaitable<Result<std::vector<Part>>> send_in_parts(std::shared_ptr<Engine> engine,
                                                         std::vector<Message> messages, BulkOptions options);

}  // namespace tidings::detail
