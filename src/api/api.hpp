// SPDX-License-Identifier: Apache-2.0
// The REST face: the Messages API for applications, /admin/v1 for the operator, and what monitors ask.
#pragma once

#include "api/auth.hpp"
#include "api/in_flight.hpp"
#include "api/key_maker.hpp"
#include "api/rate_limit.hpp"
#include "base/clock.hpp"
#include "base/uuid_source.hpp"
#include "http/router.hpp"
#include "store/store.hpp"
#include "wire/submission.hpp"

#include <string>

namespace tidings::api {

struct ApiOptions {
    std::string vendor_id = "MessageMedia";  // in vendor_account_id of reports and replies
    // The Python SDK fails on dates in the answer to a send, after the message was accepted: it gets none.
    bool spare_python = true;
    wire::Leniency leniency;
    AuthOptions auth;
    base::Sha256 admin_token{};  // the SHA-256 of it
    bool open_metrics = false;   // to everybody who reaches the listener
};

// What the operations work on. All of it outlives the server.
struct Api {
    store::Store& store;
    base::Clock& clock;
    base::UuidSource& ids;
    ApiOptions options;
    InFlight in_flight{};
    RateLimiter rate_limiter{};
    KeyMaker key_maker{};
};

enum class Served {
    everything,      // on a listener that only this machine reaches
    applications,    // the Messages API and health, on a listener for the world
    administration,  // /admin/v1, /metrics and health, on a listener of its own
};

// Throws std::invalid_argument if the router has one of the paths already. `api` must outlive the router.
void add_operations(http::Router& router, Api& api, Served served);

}  // namespace tidings::api
