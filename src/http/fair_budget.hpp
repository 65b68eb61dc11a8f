// SPDX-License-Identifier: Apache-2.0
// Something of which all requests together may have so much: memory for their bodies, turns on the side
// threads.
//
// Who sends must not be able to take it all: base/fair_share.hpp says how much one payer gets beside others.
#pragma once

#include "base/fair_share.hpp"
#include "http/request.hpp"

#include <cstddef>
#include <mutex>

namespace tidings::http {

// Safe to use from every thread.
class FairBudget {
public:
    explicit FairBudget(std::size_t max) : shared_(max) {}

    // What one request holds, for as long as this lives.
    class Share {
    public:
        Share(FairBudget& budget, Payer payer) : budget_(budget), payer_(payer) {}
        ~Share();
        Share(const Share&) = delete;
        Share& operator=(const Share&) = delete;

        bool grow_to(std::size_t amount);  // false: there is no room, and nothing has changed

    private:
        FairBudget& budget_;
        const Payer payer_;
        std::size_t held_ = 0;
    };

    // Whether somebody new, or that much more of the same payer, would have room now.
    bool has_room(Payer payer, std::size_t amount) const;

private:
    mutable std::mutex mutex_;
    base::FairShare<Payer> shared_;  // under mutex_
};

// What the listeners of a process have to share out among all requests.
struct Budgets {
    Budgets(std::size_t body_bytes, std::size_t large_requests_at_once)
        : bodies(body_bytes), large_requests(large_requests_at_once)
    {
    }

    // Bytes, from the first of a body until it is answered. As they come: what was only announced costs
    // nothing.
    FairBudget bodies;
    FairBudget large_requests;  // that are answered on side threads, or wait for one
};

}  // namespace tidings::http
