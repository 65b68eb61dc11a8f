// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/server.hpp"
#include "sandbox/smsc.hpp"

#include <boost/asio/io_context.hpp>

#include <optional>

namespace tidings::sandbox {

struct StandaloneOptions {
    SmscOptions smsc{};
    // Nothing: SMPP only. Whoever reaches this listener may use it.
    std::optional<http::ServerOptions> http{};
};

// The carrier without a gateway, for any ESME. `context` is run by one thread.
class Standalone {
public:
    // Listens at once. Throws std::runtime_error.
    Standalone(asio::io_context& context, base::Clock& clock, StandaloneOptions options);

    std::uint16_t smpp_port() const { return smsc_.port(); }
    std::optional<std::uint16_t> http_port() const;

    asio::awaitable<void> run();  // until stop(); the object must live until it returned
    void stop() { smsc_.stop(); }

private:
    base::Clock& clock_;
    Smsc smsc_;
    std::optional<http::Server> http_;
};

}  // namespace tidings::sandbox
