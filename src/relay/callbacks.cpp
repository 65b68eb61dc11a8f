// SPDX-License-Identifier: Apache-2.0
#include "relay/callbacks.hpp"

#include "relay/until_stored.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace tidings::relay {

using namespace std::chrono_literals;
using Then = store::CallbackOutcome::Then;

static_assert(EndpointHealth::out_first == store::callbacks_out_first);

namespace {

constexpr std::size_t batch_max = 256;
constexpr auto try_again_period = 100ms;  // how late an endpoint that was left alone may be tried again

// The request was not made.
bool is_untried(const http::ClientResult& answer)
{
    return !answer && (answer.error().code == asio::error::operation_aborted ||
                       answer.error().code == boost::system::errc::no_buffer_space);
}

store::CallbackOutcome outcome_of(const store::Callback& callback)
{
    store::CallbackOutcome outcome;
    outcome.key = callback.key;
    outcome.endpoint = callback.endpoint;
    outcome.attempts = callback.attempts;
    return outcome;
}

// Those of one message keep their order.
base::Uuid message_of(const store::Callback& callback)
{
    if (callback.report) return callback.report->message;
    return callback.reply->message.value_or(callback.key.id);
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
    room_.close();
    left_alone_.close();
}

asio::awaitable<void> Callbacks::run_taking()
{
    while (!stopping_) {
        if (in_memory_ >= in_memory_max) {
            co_await room_.wait();
            continue;
        }
        auto take = [this] { return store_.take_callbacks(batch_max); };
        std::vector<store::Callback> batch = co_await until_stored(clock_, take);
        for (store::Callback& callback : batch) enqueue(std::move(callback));
    }
}

void Callbacks::enqueue(store::Callback callback)
{
    if (endpoints_.size() >= endpoints_max) forget_idle();
    Named& named = *endpoints_.try_emplace(callback.endpoint).first;
    ++in_memory_;
    if (named.second.health.left_alone_until()) return send_back(callback);
    named.second.waiting.push_back(std::move(callback));
    begin_requests(named);
}

void Callbacks::begin_requests(Named& named)
{
    Endpoint& endpoint = named.second;
    while (!endpoint.waiting.empty() && may_begin(named)) {
        store::Callback callback = std::move(endpoint.waiting.front());
        endpoint.waiting.pop_front();
        base::Uuid message = message_of(callback);
        auto [busy, is_first] = endpoint.busy.try_emplace(message);
        if (!is_first) {
            busy->second.behind.push_back(std::move(callback));
            continue;
        }
        busy->second.callback = std::move(callback);
        busy->second.counts_as_slow = endpoint.health.is_slow();
        slow_requests_ += busy->second.counts_as_slow;
        ++endpoint.requests;
        ++in_flight_;
        asio::co_spawn(executor_, deliver(named, message), asio::detached);
    }
}

bool Callbacks::may_begin(Named& named)
{
    Endpoint& endpoint = named.second;
    if (stopping_ || endpoint.requests >= endpoint.health.requests_max()) return false;
    if (!endpoint.health.is_slow() || slow_requests_ < slow_max) return true;
    if (!endpoint.is_in_line) in_line_.push_back(named.first);
    endpoint.is_in_line = true;
    return false;
}

// The endpoint and what is busy there stay where they are while the request is on its way.
asio::awaitable<void> Callbacks::deliver(Named& named, base::Uuid message)
{
    const store::Callback& callback = named.second.busy.at(message).callback;
    store::CallbackOutcome outcome = co_await attempt(named.second, callback);
    finish(std::move(outcome));
    finished(named, message);
}

asio::awaitable<store::CallbackOutcome> Callbacks::attempt(Endpoint& endpoint,
                                                           const store::Callback& callback)
{
    base::Time begun = clock_.now();
    auto settings = store_.settings();
    const store::Webhook* webhook = settings->find_webhook(callback.key.account, callback.key.webhook);
    store::CallbackOutcome outcome = outcome_of(callback);
    bool is_removed = !webhook && callback.key.webhook != base::Uuid{};
    bool is_disabled = webhook && webhook->disabled && !callback.is_test;
    if (is_removed || is_disabled) {
        co_await asio::post(executor_, asio::use_awaitable);  // not within what began it
        if (is_disabled) outcome.then = Then::dead;
        co_return outcome;
    }
    bool has_attachments = callback.reply && callback.reply->format == message::Format::mms;
    store::Callback whole;
    if (has_attachments) whole = co_await with_attachments(callback);
    auto request = requests_.make(has_attachments ? whole : callback, webhook);
    if (!request) {
        co_await asio::post(executor_, asio::use_awaitable);
        outcome.attempt = store::CallbackAttempt();
        outcome.attempt->number = ++outcome.attempts;
        outcome.attempt->at = begun;
        outcome.attempt->error = request.error().why;
        if (!callback.is_test) outcome.then = Then::dead;
        co_return outcome;
    }
    co_await requests_.sign(*request, callback.key, *settings, begun);
    http::ClientResult answer = co_await client_.send(std::move(*request));
    co_return settle(endpoint, callback, answer, begun);
}

// They are in memory no longer than for one attempt.
asio::awaitable<store::Callback> Callbacks::with_attachments(store::Callback callback)
{
    auto load = [this, key = callback.key] { return store_.attachments(key.account, key.id); };
    callback.reply->attachments = co_await until_stored(clock_, load);
    co_return callback;
}

void Callbacks::finished(Named& named, const base::Uuid& message)
{
    Endpoint& endpoint = named.second;
    --endpoint.requests;
    --in_flight_;
    auto busy = endpoint.busy.extract(message);
    slow_requests_ -= busy.mapped().counts_as_slow;
    for (auto& behind = busy.mapped().behind; !behind.empty(); behind.pop_back())
        endpoint.waiting.push_front(std::move(behind.back()));
    tell_store(named);
    begin_requests(named);
    while (!in_line_.empty() && slow_requests_ < slow_max) {
        Named& next = *endpoints_.find(in_line_.front());
        in_line_.pop_front();
        next.second.is_in_line = false;
        begin_requests(next);
    }
}

store::CallbackOutcome Callbacks::settle(Endpoint& endpoint, const store::Callback& callback,
                                         const http::ClientResult& answer, base::Time begun)
{
    store::CallbackOutcome outcome = outcome_of(callback);
    if (is_untried(answer)) {
        outcome.then = Then::untried;
        return outcome;
    }
    base::Time now = clock_.now();
    store::CallbackAttempt attempt;
    attempt.number = ++outcome.attempts;
    attempt.at = begun;
    attempt.took = now - begun;
    attempt.status = answer ? answer->status : 0;
    attempt.error = answer ? "" : answer.error().text;
    if (answer) attempt.answer = answer->body.substr(0, store::answer_kept);

    message::FailedAttempt failed{
        .attempts = outcome.attempts, .status = attempt.status, .retry_after = {}, .at = now};
    if (answer) failed.retry_after = answer->retry_after;
    if (message::is_trouble(attempt.status))
        endpoint.health.failed(attempt.took, now, message::asked_pause(failed));
    else
        endpoint.health.answered(attempt.took);
    bool is_delivered = message::is_success(attempt.status);
    outcome.attempt = std::move(attempt);
    if (!is_delivered && !callback.is_test) plan_next(outcome, callback, failed);
    return outcome;
}

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
        if (message::is_gone(failed.status)) asio::co_spawn(executor_, disable(callback.key), asio::detached);
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

// After a request: how many of its callbacks the store may give us from now on.
void Callbacks::tell_store(Named& named)
{
    auto& [key, endpoint] = named;
    std::size_t out_max = endpoint.health.out_max();
    if (out_max == endpoint.told_max) return;
    endpoint.told_max = out_max;
    store_.limit_callbacks(key, out_max);
    if (out_max > 0) return;
    send_back_waiting(endpoint);
    left_alone_.notify();
}

void Callbacks::send_back_waiting(Endpoint& endpoint)
{
    for (const store::Callback& callback : endpoint.waiting) send_back(callback);
    endpoint.waiting.clear();
    for (auto& [_, busy] : endpoint.busy) {
        for (const store::Callback& callback : busy.behind) send_back(callback);
        busy.behind.clear();
    }
}

void Callbacks::send_back(const store::Callback& callback)
{
    store::CallbackOutcome outcome = outcome_of(callback);
    outcome.then = Then::untried;
    finish(std::move(outcome));
}

asio::awaitable<void> Callbacks::run_trying_again()
{
    while (!stopping_) {
        bool any_left_alone = false;
        base::Time now = clock_.now();
        for (Named& named : endpoints_) {
            auto until = named.second.health.left_alone_until();
            if (until && *until <= now) {
                named.second.health.pause_ended();
                tell_store(named);
            } else if (until) {
                any_left_alone = true;
            }
        }
        if (any_left_alone)
            co_await clock_.wait_until(now + try_again_period);
        else
            co_await left_alone_.wait();
    }
}

void Callbacks::finish(store::CallbackOutcome outcome)
{
    outcomes_.push_back(std::move(outcome));
    finished_.notify();
    if (in_memory_-- == in_memory_max) room_.notify();
}

asio::awaitable<void> Callbacks::run_recording()
{
    for (;;) {
        while (outcomes_.empty()) co_await finished_.wait();
        recording_ = true;
        auto record = [this, batch = std::exchange(outcomes_, {})] { return store_.record_callbacks(batch); };
        co_await until_stored(clock_, record);
        recording_ = false;
    }
}

void Callbacks::forget_idle()
{
    std::erase_if(endpoints_, [this](const Named& named) {
        const auto& [key, endpoint] = named;
        bool is_idle = endpoint.requests == 0 && endpoint.waiting.empty() && !endpoint.is_in_line;
        if (!is_idle || !endpoint.health.is_usual()) return false;
        store_.limit_callbacks(key, store::callbacks_out_first);
        return true;
    });
}

}  // namespace tidings::relay
