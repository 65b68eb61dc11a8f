// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/settings.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>

#include <deque>
#include <functional>
#include <map>
#include <mutex>

namespace tidings::relay {

// Makes RSA signatures, a quarter of a millisecond each, on threads of their own. Accounts take turns, so
// that nobody waits behind all that another account wants to be signed.
class Signers {
public:
    using Work = std::function<message::HeaderList()>;

    explicit Signers(std::size_t threads) : pool_(threads) {}
    ~Signers();  // what is begun is finished, the rest is dropped

    // Completes on the caller's executor.
    boost::asio::awaitable<message::HeaderList> sign(store::AccountKey account, Work work);

private:
    void add(store::AccountKey account, std::function<void()> job);
    void run_next();

    std::mutex mutex_;
    std::map<store::AccountKey, std::deque<std::function<void()>>> jobs_;  // under mutex_
    std::deque<store::AccountKey> turns_;                                  // under mutex_
    boost::asio::thread_pool pool_;
};

}  // namespace tidings::relay
