// SPDX-License-Identifier: Apache-2.0
#include "engine.hpp"

#include "authorization.hpp"
#include "time.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace tidings::detail {

using boost::system::error_code;
using std::chrono::milliseconds;

namespace {

constexpr std::string_view user_agent = "tidings-cpp/" TIDINGS_CLIENT_VERSION;

asio::ssl::context tls_context(const Settings& settings)
{
    asio::ssl::context context(asio::ssl::context::tls_client);
    context.set_verify_mode(asio::ssl::verify_peer);
    SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
    if (!settings.is_tls) return context;
    error_code error;
    const std::string& file = settings.options.ca_file;
    if (file.empty())
        context.set_default_verify_paths(error);
    else
        context.load_verify_file(file, error);
    if (error) throw Error(errc::bad_argument, "no certificates can be read from " + file);
    return context;
}

Error network_error(error_code code, const Settings& settings)
{
    if (code == asio::error::operation_aborted) return Error(code, "cancelled");
    std::string where = settings.host + ":" + settings.port;
    if (code == errc::timed_out) return Error(code, "no answer from " + where + " in time");
    return Error(code, "no answer from " + where + ": " + code.message());
}

Error aborted() { return Error(asio::error::operation_aborted, "cancelled"); }

// Answers of a gateway or proxy that is busy, or has the same request in hand.
bool is_passing(int status)
{
    return status == 408 || status == 409 || status == 429 || status == 502 || status == 503 || status == 504;
}

}  // namespace

// In the queue for as long as it lives.
class Engine::Waiting {
public:
    Waiting(Engine& engine) : timer(engine.executor_), queue_(engine.queue_)
    {
        timer.expires_at(asio::steady_timer::time_point::max());
        place_ = queue_.insert(queue_.end(), this);
    }
    ~Waiting() { leave(); }
    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;

    void grant()
    {
        is_granted = true;
        leave();
        timer.cancel();
    }

    asio::steady_timer timer;
    bool is_granted = false;

private:
    void leave()
    {
        if (is_queued_) queue_.erase(place_);
        is_queued_ = false;
    }
    std::list<Waiting*>& queue_;
    std::list<Waiting*>::iterator place_;
    bool is_queued_ = true;
};

// A turn, and the connection it is used for. Gives both back.
class Engine::Lease {
public:
    explicit Lease(Engine& engine) : connection(engine.idle_or_new()), engine_(engine)
    {
        engine_.leased_.push_back(connection.get());
    }
    ~Lease()
    {
        engine_.leased_.remove(connection.get());
        engine_.release(std::move(connection));
    }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;

    std::shared_ptr<Connection> connection;

private:
    Engine& engine_;
};

Engine::Engine(const asio::any_io_executor& executor, std::shared_ptr<const Settings> settings)
    : settings_(std::move(settings)),
      executor_(asio::make_strand(executor)),
      tls_(tls_context(*settings_)),
      turns_left_(settings_->options.connections_max)
{
}

std::shared_ptr<Connection> Engine::idle_or_new()
{
    while (!idle_.empty()) {
        auto connection = std::move(idle_.back());
        idle_.pop_back();
        if (!connection->is_stale()) return connection;
    }
    return std::make_shared<Connection>(executor_, *settings_, tls_);
}

void Engine::release(std::shared_ptr<Connection> connection)
{
    if (connection->is_open() && !is_closed_) idle_.push_back(std::move(connection));
    if (queue_.empty())
        ++turns_left_;
    else
        queue_.front()->grant();
}

asio::awaitable<bool> Engine::is_cancelled()
{
    auto state = co_await asio::this_coro::cancellation_state;
    co_return is_closed_ || state.cancelled() != asio::cancellation_type::none;
}

asio::awaitable<error_code> Engine::take_turn()
{
    if (co_await is_cancelled()) co_return asio::error::operation_aborted;
    if (turns_left_ > 0) {
        --turns_left_;
        co_return error_code();
    }
    Waiting waiting(*this);
    error_code ignored;  // it is always cancelled: by grant(), by the caller or by close()
    co_await waiting.timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    if (waiting.is_granted) co_return error_code();
    co_return asio::error::operation_aborted;
}

asio::awaitable<error_code> Engine::pause(milliseconds time)
{
    asio::steady_timer timer(executor_, time);
    auto place = pauses_.insert(pauses_.end(), &timer);
    error_code ignored;  // is_cancelled() knows more
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    pauses_.erase(place);
    if (co_await is_cancelled()) co_return asio::error::operation_aborted;
    co_return error_code();
}

http::request<http::string_body> Engine::signed_request(const Request& request) const
{
    const Options& options = settings_->options;
    http::request<http::string_body> made(request.method, settings_->prefix + request.target, 11);
    made.set(http::field::host, settings_->authority);
    made.set(http::field::user_agent, user_agent);
    made.set(http::field::accept, "application/json");
    std::string method(http::to_string(request.method));
    std::string target(made.target());
    std::string date = to_http_date(now());
    ToSign to_sign{.method = method, .target = target, .body = request.body, .date = date};
    Signed by = sign(options.credentials, to_sign);
    made.set(http::field::authorization, by.authorization);
    if (!by.date.empty()) made.set(http::field::date, by.date);
    if (!by.content_md5.empty()) made.set(http::field::content_md5, by.content_md5);
    if (!options.account.empty()) made.set("Account", options.account);
    if (!request.idempotency_key.empty()) made.set("Idempotency-Key", request.idempotency_key);
    if (!request.body.empty()) {
        made.set(http::field::content_type, "application/json");
        made.body() = request.body;
        made.prepare_payload();
    }
    return made;
}

asio::awaitable<Result<Answer>> Engine::try_once(const Request& request)
{
    error_code error = co_await take_turn();
    if (error) co_return network_error(error, *settings_);
    Lease lease(*this);
    Connection& connection = *lease.connection;
    if (!connection.is_open()) error = co_await connection.open();
    if (error) co_return network_error(error, *settings_);
    // Asio forgets a cancellation that comes when a step is done and the next has not begun.
    if (co_await is_cancelled()) co_return aborted();
    auto http_request = signed_request(request);
    error = co_await connection.exchange(http_request);
    if (error) co_return network_error(error, *settings_);
    Answer answer = connection.take_answer();
    if (answer.status >= 300) co_return refusal(answer);
    co_return answer;
}

std::optional<milliseconds> Engine::delay_before_next(const Request& request, const Result<Answer>& answer,
                                                      int attempt)
{
    const Retries& retries = settings_->options.retries;
    if (answer || !request.is_repeatable || attempt >= retries.attempts_max) return {};
    const Error& error = answer.error();
    if (error.code == errc::refused && !is_passing(error.status)) return {};
    if (error.retry_after) {
        if (*error.retry_after > retries.retry_after_max) return {};
        return *error.retry_after;
    }
    milliseconds delay = retries.first_delay;
    for (int i = 1; i < attempt && delay < retries.delay_max; ++i) delay *= 2;
    delay = std::min(delay, retries.delay_max);
    // Clients that failed together do not come back together.
    std::uniform_int_distribution<milliseconds::rep> spread(delay.count() / 2, delay.count());
    return milliseconds(spread(random_));
}

asio::awaitable<Result<Answer>> Engine::exchange(Request request)
{
    for (int attempt = 1;; ++attempt) {
        Result<Answer> answer = co_await try_once(request);
        if (co_await is_cancelled()) {
            if (answer) co_return answer;
            co_return aborted();
        }
        auto delay = delay_before_next(request, answer, attempt);
        if (!delay) co_return answer;
        error_code stopped = co_await pause(*delay);
        if (stopped) co_return aborted();
    }
}

void Engine::close()
{
    is_closed_ = true;
    idle_.clear();
    for (Connection* connection : leased_) connection->close();
    for (Waiting* waiting : queue_) waiting->timer.cancel();
    for (asio::steady_timer* timer : pauses_) timer->cancel();
}

}  // namespace tidings::detail
