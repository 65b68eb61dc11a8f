// SPDX-License-Identifier: Apache-2.0
// Tells applications what became of their messages. callback_schedule.hpp says which callback is next, here
// it is made and sent, and what became of it is recorded. What fails goes back to the store with a time for
// the next attempt; what waits for a receiver that fails waits in the store. A slow or dead one holds up
// nobody else.
#pragma once

#include "base/clock.hpp"
#include "base/wakeup.hpp"
#include "http/client.hpp"
#include "message/retry.hpp"
#include "relay/callback_requests.hpp"
#include "relay/callback_schedule.hpp"
#include "store/store.hpp"

namespace tidings::relay {

namespace asio = boost::asio;

class Callbacks {
public:
    Callbacks(asio::any_io_executor executor, store::Store& store, http::Client& client, base::Clock& clock,
              DefaultBodies bodies);

    // Three loops, all on the executor's one thread.
    asio::awaitable<void> run_taking();
    asio::awaitable<void> run_recording();
    asio::awaitable<void> run_trying_again();
    void stop();  // takes no more and begins no more
    bool idle() const { return schedule_.on_their_way() == 0 && outcomes_.empty() && !recording_; }

private:
    using Request = CallbackSchedule::Request;
    struct Attempted {
        store::CallbackOutcome outcome;
        RequestEnd end;
    };
    // Of an attempt, by both clocks.
    struct Begun {
        base::Time at;
        base::Moment moment;
        std::string url{};  // that was asked
    };

    void go_on();
    asio::awaitable<void> deliver(Request& request);
    asio::awaitable<Attempted> attempt(const store::Callback& callback);
    asio::awaitable<store::Callback> with_attachments(store::Callback callback);
    Attempted judge(const store::Callback& callback, const http::ClientResult& answer, const Begun& begun);
    RequestEnd end_of(const http::ClientResult& answer, const message::FailedAttempt& failed) const;
    void plan_next(store::CallbackOutcome& outcome, const store::Callback& callback,
                   const message::FailedAttempt& failed);
    asio::awaitable<void> disable(store::CallbackKey key);
    void finish(store::CallbackOutcome outcome);

    asio::any_io_executor executor_;
    store::Store& store_;
    http::Client& client_;
    base::Clock& clock_;
    CallbackRequests requests_;
    CallbackSchedule schedule_;
    base::Wakeup time_matters_;  // from now on
    std::vector<store::CallbackOutcome> outcomes_;
    bool recording_ = false;
    base::Wakeup finished_;
    bool stopping_ = false;
};

}  // namespace tidings::relay
