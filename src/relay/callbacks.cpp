// SPDX-License-Identifier: Apache-2.0
#include "relay/callbacks.hpp"

#include "base/spawn.hpp"
#include "relay/until_stored.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace tidings::relay {

using namespace std::chrono_literals;
using Then = store::CallbackOutcome::Then;

namespace {

constexpr std::size_t batch_max = 256;
constexpr auto time_step = 100ms;  // how late a receiver that was left alone may be tried again

// The client was stopped. That says nothing about the receiver, and counts as no attempt.
bool is_untried(const http::ClientResult& answer)
{
    return !answer && answer.error().code == asio::error::operation_aborted;
}

// The request itself cannot be sent, because of its URL or a header. To try again would fail in the same way.
bool is_impossible(const http::ClientResult& answer)
{
    return !answer && (answer.error().code == base::errc::bad_url ||
                       answer.error().code == boost::system::errc::invalid_argument);
}

store::CallbackOutcome outcome_of(const store::Callback& callback)
{
    store::CallbackOutcome outcome;
    outcome.key = callback.key;
    outcome.endpoint = callback.endpoint;
    outcome.attempts = callback.attempts;
    return outcome;
}

// What cannot be sent ends with an attempt that says why.
store::CallbackOutcome impossible(const store::Callback& callback, store::CallbackAttempt attempt)
{
    store::CallbackOutcome outcome = outcome_of(callback);
    attempt.number = ++outcome.attempts;
    outcome.attempt = std::move(attempt);
    // A test that failed is done: there is nothing to replay, and the log shows why.
    if (!callback.is_test) outcome.then = Then::dead;
    return outcome;
}

}  // namespace

Callbacks::Callbacks(asio::any_io_executor executor, store::Store& store, http::Client& client,
                     base::Clock& clock, DefaultBodies bodies)
    : executor_(std::move(executor)),
      store_(store),
      client_(client),
      clock_(clock),
      requests_(std::move(bodies))
{
}

void Callbacks::stop()
{
    stopping_ = true;
    time_matters_.close();
}

// The store gives no more than callbacks_out_max at a time.
asio::awaitable<void> Callbacks::run_taking()
{
    while (!stopping_) {
        auto take = [this] { return store_.take_callbacks(batch_max); };
        std::vector<store::Callback> batch = co_await until_stored(clock_, take);
        for (store::Callback& callback : batch) schedule_.add(std::move(callback), clock_.steady());
        go_on();
    }
}

// Begins what may begin, and does what else the schedule wants.
void Callbacks::go_on()
{
    while (Request* request = stopping_ ? nullptr : schedule_.next(clock_.steady()))
        base::spawn(executor_, deliver(*request));
    for (const auto& [lane, out_max, until] : schedule_.limits()) {
        std::optional<base::Time> until_at;  // on the clock that operators see
        if (until) until_at = clock_.now() + (*until - clock_.steady());
        store_.limit_callbacks(lane, out_max, until_at);
    }
    for (const store::Callback& callback : schedule_.given_back()) {
        store::CallbackOutcome outcome = outcome_of(callback);
        outcome.then = Then::untried;
        finish(std::move(outcome));
    }
    // Only then does a timer run: a gateway without receivers in trouble is not woken ten times a second.
    if (schedule_.waits_for_time()) time_matters_.notify();
}

asio::awaitable<void> Callbacks::deliver(Request& request)
{
    Attempted attempted = co_await attempt(request.callback);
    // Queued for recording before the schedule lets go of it, so that for idle() it is at each moment either
    // on its way or to be recorded.
    finish(std::move(attempted.outcome));
    schedule_.ended(request, attempted.end, clock_.steady());
    go_on();
}

// With the settings as they are now: a webhook that was removed is told nothing more, and what waits for one
// that was disabled is kept as a dead letter, for whoever replays it.
asio::awaitable<Callbacks::Attempted> Callbacks::attempt(const store::Callback& callback)
{
    Begun begun{clock_.now(), clock_.steady()};
    RequestEnd untold{RequestEnd::Kind::untold};
    auto settings = store_.settings();
    const store::Webhook* webhook = settings->find_webhook(callback.key.account, callback.key.webhook);
    bool is_removed = !webhook && callback.key.webhook != base::Uuid{};
    bool is_disabled = webhook && webhook->disabled && !callback.is_test;
    if (is_removed || is_disabled) {
        co_await asio::post(executor_, asio::use_awaitable);  // not within what began it
        store::CallbackOutcome outcome = outcome_of(callback);
        if (is_disabled) outcome.then = Then::dead;
        co_return Attempted{std::move(outcome), untold};
    }
    bool has_attachments = callback.reply && callback.reply->format == message::Format::mms;
    std::optional<store::Callback> whole;
    if (has_attachments) whole = co_await with_attachments(callback);
    const store::Callback& told = whole ? *whole : callback;
    std::optional<CallbackRequests::Made> made_request = requests_.make_at_once(told, webhook);
    if (!made_request) made_request = co_await requests_.make_by_workers(told, webhook);
    CallbackRequests::Made& request = *made_request;
    if (!request) {
        co_await asio::post(executor_, asio::use_awaitable);
        store::CallbackAttempt made;
        made.at = begun.at;
        made.error = request.error().why;
        co_return Attempted{impossible(callback, std::move(made)), untold};
    }
    // Last, since signatures cover everything else of the request. They bear the time of this attempt:
    // receivers refuse old ones as replays.
    requests_.add_id(*request, callback.key, *settings, begun.at);
    if (const store::SignatureKey* key = settings->enabled_signature_key(callback.key.account))
        co_await requests_.sign(*request, *key, begun.at);
    // The log has the message, and with it the callback_url as it stands.
    if (request->url != callback.url) begun.url = request->url;
    http::ClientResult answer = co_await client_.send(std::move(*request));
    co_return judge(callback, answer, begun);
}

// Attachments may have megabytes. They are read for each attempt and dropped after it, instead of waiting in
// memory with their callback.
asio::awaitable<store::Callback> Callbacks::with_attachments(store::Callback callback)
{
    auto load = [this, key = callback.key] { return store_.attachments(key.account, key.id); };
    callback.reply->attachments = co_await until_stored(clock_, load);
    co_return callback;
}

// What came of a request, for the store and for the health of its lane. A request that was not made says
// nothing about the receiver; one that cannot be made says nothing either, and ends at once. Tests of
// webhooks are made once.
Callbacks::Attempted Callbacks::judge(const store::Callback& callback, const http::ClientResult& answer,
                                      const Begun& begun)
{
    RequestEnd untold{RequestEnd::Kind::untold};
    store::CallbackOutcome outcome = outcome_of(callback);
    if (is_untried(answer)) {
        outcome.then = Then::untried;
        return {std::move(outcome), untold};
    }
    store::CallbackAttempt attempt;
    attempt.at = begun.at;
    attempt.url = begun.url.substr(0, store::sent_url_kept);
    if (is_impossible(answer)) {
        attempt.error = answer.error().text;
        return {impossible(callback, std::move(attempt)), untold};
    }
    attempt.number = ++outcome.attempts;
    // By the steady clock: `at` is for people, and the wall clock may be set while the request is on its way.
    attempt.took = clock_.steady() - begun.moment;
    attempt.status = answer ? answer->status : 0;
    if (answer) attempt.answer = answer->body.substr(0, store::answer_kept);
    if (message::is_success(attempt.status)) {
        RequestEnd answered{.kind = RequestEnd::Kind::answered, .took = attempt.took};
        outcome.attempt = std::move(attempt);
        return {std::move(outcome), answered};
    }
    if (!answer) attempt.error = answer.error().text;
    message::FailedAttempt failed{
        .attempts = outcome.attempts, .status = attempt.status, .retry_after = {}, .at = clock_.now()};
    if (answer) failed.retry_after = answer->retry_after;
    RequestEnd end = end_of(answer, failed);
    end.took = attempt.took;
    outcome.attempt = std::move(attempt);
    if (!callback.is_test) plan_next(outcome, callback, failed);
    return {std::move(outcome), end};
}

// An answer that blames the request alone, a 404 say, is no trouble of the receiver. Who asked for a pause
// gets it, by the steady clock.
RequestEnd Callbacks::end_of(const http::ClientResult& answer, const message::FailedAttempt& failed) const
{
    RequestEnd end;
    if (!message::is_trouble(failed.status)) return end;
    bool is_connected = answer || answer.error().connected;
    end.kind = is_connected ? RequestEnd::Kind::trouble : RequestEnd::Kind::disconnected;
    if (auto asked = message::asked_pause(failed)) end.asked = clock_.steady() + (*asked - failed.at);
    return end;
}

// A webhook has the retries of its settings, a callback_url those of the reference (message/retry.hpp).
void Callbacks::plan_next(store::CallbackOutcome& outcome, const store::Callback& callback,
                          const message::FailedAttempt& failed)
{
    std::string id = callback.key.id.text();
    base::log_info("callback {} attempt {}: {}", id, failed.attempts,
                   failed.status ? fmt::format("answered {}", failed.status) : outcome.attempt->error);
    auto settings = store_.settings();
    const store::Webhook* webhook = settings->find_webhook(callback.key.account, callback.key.webhook);
    std::optional<base::Time> next;
    if (webhook) {
        auto delay = webhook->retry_delay.value_or(0s);
        next = message::next_webhook_attempt({.retries = webhook->retries, .delay = delay}, failed);
        // Apart from this callback, whose own outcome must not wait for an edit of settings.
        if (message::is_gone(failed.status)) base::spawn(executor_, disable(callback.key));
    } else {
        next = message::next_callback_attempt(callback.since, failed, clock_.random());
    }
    if (!next) base::log_warning("callback {} given up after {} attempts", id, failed.attempts);
    outcome.then = next ? Then::again : Then::dead;
    outcome.at = next.value_or(failed.at);
}

// The webhook of the callback: its receiver says that it is gone for good.
asio::awaitable<void> Callbacks::disable(store::CallbackKey key)
{
    base::log_warning("webhook {} is gone (410): disabled", key.webhook.text());
    auto change = [this, key] {
        return store_.change_webhook(key.account, key.webhook,
                                     [](store::Webhook& webhook) { webhook.disabled = true; });
    };
    auto changed = co_await until_stored(clock_, change);
    if (!changed) base::log_info("webhook {} was removed meanwhile", key.webhook.text());
}

asio::awaitable<void> Callbacks::run_trying_again()
{
    while (!stopping_) {
        schedule_.end_pauses(clock_.steady());
        go_on();
        if (schedule_.waits_for_time())
            co_await clock_.wait_until(clock_.steady() + time_step);
        else
            co_await time_matters_.wait();
    }
}

void Callbacks::finish(store::CallbackOutcome outcome)
{
    outcomes_.push_back(std::move(outcome));
    finished_.notify();
}

asio::awaitable<void> Callbacks::run_recording()
{
    for (;;) {
        // What ends while one batch is committed goes with the next: the slower the disk, the larger the
        // batches.
        while (outcomes_.empty()) co_await finished_.wait();
        recording_ = true;
        auto record = [this, batch = std::exchange(outcomes_, {})] { return store_.record_callbacks(batch); };
        co_await until_stored(clock_, record);
        recording_ = false;
    }
}

}  // namespace tidings::relay
