// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/side_threads.hpp"

#include <boost/asio/awaitable.hpp>

#include <atomic>
#include <optional>
#include <string>

namespace tidings::api {

struct KeyPair {
    std::string private_der, public_der;
};

// Makes RSA keys on a thread of its own: one takes a tenth of a second and more, for which no other request
// should wait.
class KeyMaker {
public:
    static constexpr int waiting_max = 10;  // whoever comes then would wait for seconds

    // Completes on the caller's executor. Nothing: too many wait.
    boost::asio::awaitable<std::optional<KeyPair>> make();

private:
    base::SideThreads thread_{1};
    std::atomic<int> waiting_{0};
};

}  // namespace tidings::api
