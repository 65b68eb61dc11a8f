// SPDX-License-Identifier: Apache-2.0
#include "call.hpp"

namespace tidings::detail {

template asio::awaitable<Result<void>> call<void>(Engine&, Result<Request>, Parse<void>);
template asio::awaitable<Result<std::vector<Message>>> call<std::vector<Message>>(
    Engine&, Result<Request>, Parse<std::vector<Message>>);
template asio::awaitable<Result<void>> run_on<void>(std::shared_ptr<Engine>, asio::awaitable<Result<void>>);

}  // namespace tidings::detail
