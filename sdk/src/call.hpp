// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core.hpp"
#include "spawn.hpp"
#include "tidings/message.hpp"

#include <vector>

namespace tidings::detail {

template <class T>
using Parse = Result<T> (*)(const Answer& answer);

// One request, and what its answer means.
template <class T>
asio::awaitable<Result<T>> call(Engine& engine, Result<Request> request, Parse<T> parse)
{
    if (!request) co_return request.error();
    Result<Answer> answer = co_await engine.exchange(std::move(*request));
    if (!answer) co_return answer.error();
    co_return parse(*answer);
}

// Made once, in call.cpp, for what several files await: g++ 12 lays out a coroutine's frame anew in each
// file, and link-time optimisation complains of the difference.
extern template asio::awaitable<Result<void>> call<void>(Engine&, Result<Request>, Parse<void>);
extern template asio::awaitable<Result<std::vector<Message>>> call<std::vector<Message>>(
    Engine&, Result<Request>, Parse<std::vector<Message>>);
extern template asio::awaitable<Result<void>> run_on<void>(std::shared_ptr<Engine>,
                                                           asio::awaitable<Result<void>>);

// A request that makes no sense fails when it is started.
template <class T>
Operation<T> operation(std::shared_ptr<Core> core, Result<Request> request, Parse<T> parse)
{
    auto start = [request = std::move(request), parse](const std::shared_ptr<Engine>& engine,
                                                       std::unique_ptr<Receiver<T>> receiver) mutable {
        spawn<T>(engine, call<T>(*engine, std::move(request), parse), std::move(receiver));
    };
    return {std::move(core), std::move(start)};
}

inline Request reading(std::string target)
{
    return {.method = http::verb::get, .target = std::move(target), .is_repeatable = true};
}

inline Error bad_argument(std::string sentence) { return Error(errc::bad_argument, std::move(sentence)); }

}  // namespace tidings::detail
