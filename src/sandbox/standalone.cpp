// SPDX-License-Identifier: Apache-2.0
#include "sandbox/standalone.hpp"

#include "sandbox/routes.hpp"

#include <vector>

namespace tidings::sandbox {

namespace {

constexpr std::chrono::seconds drain_max{1};  // requests here take milliseconds

}  // namespace

Standalone::Standalone(asio::io_context& context, base::Clock& clock, StandaloneOptions options)
    : clock_(clock), smsc_(context.get_executor(), clock, options.smsc)
{
    if (!options.http) return;
    http::Router router;
    add_operations(router, smsc_, nullptr);
    std::vector<asio::io_context*> contexts{&context};
    http_.emplace(std::move(contexts), clock, std::move(router), *std::move(options.http));
}

std::optional<std::uint16_t> Standalone::http_port() const
{
    if (!http_) return std::nullopt;
    return http_->port();
}

asio::awaitable<void> Standalone::run()
{
    if (http_) http_->start();
    co_await smsc_.run();
    if (http_) co_await http_->drain(clock_.steady() + drain_max);
}

}  // namespace tidings::sandbox
