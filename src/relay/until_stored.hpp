// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.hpp"
#include "base/log.hpp"
#include "store/store.hpp"

namespace tidings::relay {

constexpr auto store_pause = std::chrono::seconds(1);  // before asking a store again that was unavailable

// Repeats `operation`, which makes a store's verb, for as long as the store is unavailable. For what must not
// be dropped because a disk is full.
template <class Operation>
auto until_stored(base::Clock& clock, Operation operation) -> std::invoke_result_t<Operation&>
{
    for (;;) {
        try {
            auto attempt = operation();
            co_return co_await std::move(attempt);
        } catch (const store::Unavailable& error) {
            base::log_warning("waiting for the store: {}", error.what());
        }
        co_await clock.wait_until(clock.steady() + store_pause);
    }
}

}  // namespace tidings::relay
