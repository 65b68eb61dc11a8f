// SPDX-License-Identifier: Apache-2.0
#include "relay/callbacks.hpp"

#include "message/message_json.hpp"
#include "message/retry.hpp"
#include "relay/until_stored.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/url.hpp>

namespace tidings::relay {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t batch_max = 256;
constexpr std::chrono::milliseconds request_timeout = 15s;  // for everything, name lookup to last byte
constexpr std::size_t answer_max = 4 << 10;                 // of which nothing but the status matters
constexpr std::chrono::milliseconds left_alone = 10s;       // an endpoint that keeps failing
constexpr std::chrono::milliseconds pause_max = 60s;        // an endpoint that asks for it
constexpr std::chrono::milliseconds crowded = 2s;           // when an endpoint has too many waiting in memory

std::string endpoint_of(std::string_view url)
{
    auto parsed = boost::urls::parse_uri(url);
    if (!parsed) return std::string(url);  // the client will refuse it
    return std::string(parsed->scheme()) + "://" + std::string(parsed->encoded_host_and_port());
}

std::string body_of(const store::Callback& callback, std::string_view vendor_id)
{
    std::string body;
    if (callback.report)
        message::append_report(body, *callback.report, message::Place::callback, vendor_id);
    else
        message::append_reply(body, *callback.reply, message::Place::callback, vendor_id);
    return body;
}

std::size_t message_hash(const store::Callback& callback)
{
    base::Uuid id =
        callback.report ? callback.report->message : callback.reply->message.value_or(callback.id);
    return std::hash<base::Uuid>{}(id);
}

}  // namespace

Callbacks::Callbacks(asio::any_io_executor executor, store::Store& store, http::Client& client,
                     base::Clock& clock, std::string vendor_id)
    : executor_(std::move(executor)),
      store_(store),
      client_(client),
      clock_(clock),
      vendor_id_(std::move(vendor_id))
{
}

void Callbacks::stop()
{
    stopping_ = true;
    room_.close();
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
    std::string name = endpoint_of(callback.url);
    Endpoint& endpoint = endpoints_[name];
    base::Time now = clock_.now();
    if (endpoint.left_alone_until > now) return send_back(callback, endpoint.left_alone_until);
    if (endpoint.waiting >= waiting_max) return send_back(callback, now + crowded);

    std::size_t number = message_hash(callback) % lane_count;
    Lane& lane = endpoint.lanes[number];
    lane.waiting.push_back(std::move(callback));
    ++endpoint.waiting;
    ++in_memory_;
    if (lane.busy) return;
    lane.busy = true;
    asio::co_spawn(executor_, serve(std::move(name), number), asio::detached);
}

asio::awaitable<void> Callbacks::serve(std::string name, std::size_t number)
{
    Endpoint& endpoint = endpoints_.at(name);  // stays where it is while one of its lanes is busy
    Lane& lane = endpoint.lanes[number];
    while (!lane.waiting.empty() && !stopping_) {
        store::Callback callback = std::move(lane.waiting.front());
        lane.waiting.pop_front();
        if (endpoint.left_alone_until > clock_.now()) {
            send_back(callback, endpoint.left_alone_until);
        } else {
            ++in_flight_;
            http::ClientResult answer = co_await attempt(callback);
            --in_flight_;
            settle(endpoint, callback, answer);
        }
        --endpoint.waiting;
        if (in_memory_-- == in_memory_max) room_.notify();
    }
    lane.busy = false;
}

asio::awaitable<http::ClientResult> Callbacks::attempt(const store::Callback& callback)
{
    http::ClientRequest request;
    request.method = "POST";
    request.url = callback.url;
    request.headers.emplace_back("Content-Type", "application/json");
    request.body = body_of(callback, vendor_id_);
    request.timeout = request_timeout;
    request.answer_max = answer_max;
    request.when_too_large = http::WhenTooLarge::cut;
    http::ClientResult answer = co_await client_.send(std::move(request));
    co_return answer;
}

void Callbacks::settle(Endpoint& endpoint, const store::Callback& callback, const http::ClientResult& answer)
{
    store::CallbackOutcome outcome{
        .account = callback.account, .id = callback.id, .retry_at = {}, .attempts = 0};
    outcome.attempts = callback.attempts + 1;
    if (answer && answer->status >= 200 && answer->status < 300) {
        endpoint.failures = 0;
        return finish(outcome);
    }
    base::log_info("callback {} attempt {}: {}", callback.id.text(), outcome.attempts,
                   answer ? fmt::format("answered {}", answer->status) : answer.error().text);
    message::FailedAttempt failed{
        .attempts = outcome.attempts, .status = 0, .retry_after = {}, .at = clock_.now()};
    if (answer) {
        failed.status = answer->status;
        failed.retry_after = answer->retry_after;
    }
    if (++endpoint.failures >= failures_max) endpoint.left_alone_until = failed.at + left_alone;
    if (auto pause = message::asked_pause(failed))
        endpoint.left_alone_until = std::min(*pause, failed.at + pause_max);
    outcome.retry_at = message::next_callback_attempt(callback.created_at, failed, clock_.random());
    if (!outcome.retry_at)
        base::log_warning("callback {} given up after {} attempts", callback.id.text(), outcome.attempts);
    finish(outcome);
}

void Callbacks::send_back(const store::Callback& callback, base::Time at)
{
    finish({.account = callback.account, .id = callback.id, .retry_at = at, .attempts = callback.attempts});
}

void Callbacks::finish(store::CallbackOutcome outcome)
{
    outcomes_.push_back(std::move(outcome));
    finished_.notify();
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
    base::Time now = clock_.now();
    std::erase_if(endpoints_, [now](const auto& entry) {
        const Endpoint& endpoint = entry.second;
        bool busy = std::any_of(endpoint.lanes.begin(), endpoint.lanes.end(),
                                [](const Lane& lane) { return lane.busy; });
        return !busy && endpoint.left_alone_until <= now;
    });
}

}  // namespace tidings::relay
