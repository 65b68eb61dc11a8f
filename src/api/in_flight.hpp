// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/settings.hpp"

#include <mutex>
#include <set>
#include <string>
#include <utility>

namespace tidings::api {

// The idempotency keys of the requests that are being answered. From every thread.
class InFlight {
public:
    // Holds a key until it goes.
    class Hold {
    public:
        Hold(InFlight& keys, store::AccountKey account, std::string key);
        ~Hold();
        Hold(const Hold&) = delete;
        Hold& operator=(const Hold&) = delete;

        explicit operator bool() const { return held_; }  // false: another request holds it

    private:
        InFlight& keys_;
        const std::pair<store::AccountKey, std::string> key_;
        bool held_ = false;
    };

private:
    std::mutex mutex_;
    std::set<std::pair<store::AccountKey, std::string>> keys_;
};

}  // namespace tidings::api
