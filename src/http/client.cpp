// SPDX-License-Identifier: Apache-2.0
// One thread drives libcurl's multi interface, and nobody else touches it. Callers put jobs into a queue and
// wake the thread; what came of a job is posted back to the executor of the coroutine that waits. Handles
// are kept with their settings, since making one costs more than a request; connections are kept by libcurl.
//
// A job that is submitted completes exactly once: with an answer, with what went wrong, or with
// operation_aborted when the client is stopped.
#include "http/client.hpp"

#include "base/thread_name.hpp"
#include "http/transfer.hpp"

#include <curl/curl.h>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <deque>
#include <mutex>
#include <new>
#include <stdexcept>
#include <thread>
#include <unordered_map>

namespace tidings::http {

namespace asio = boost::asio;

namespace {

constexpr int poll_max = 1000;  // ms; wake-ups and curl's own timers end it earlier

ClientFailure aborted() { return {asio::error::operation_aborted, "the HTTP client was stopped"}; }

void start_curl_once()
{
    // Once in a process, and before any other call to libcurl; a local static is made by one thread alone.
    static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (started != CURLE_OK) throw std::runtime_error("libcurl does not start");
}

}  // namespace

void throw_exception_from_error(const ClientFailure& failure, const boost::source_location&)
{
    throw boost::system::system_error(failure.code, failure.text);
}

// The thread and what it alone touches; callers reach it through `waiting_`.
class Client::Engine {
public:
    explicit Engine(ClientOptions options);
    ~Engine();

    // False when the queue is full; the job is untouched then.
    bool submit(Job& job);

private:
    void run();
    void start_waiting();
    void start(Job job);
    void finish_done();
    void abort_all();
    std::unique_ptr<Transfer> idle_transfer();

    ClientOptions options_;
    CURLM* multi_;
    std::vector<std::unique_ptr<Transfer>> idle_;
    std::unordered_map<CURL*, std::unique_ptr<Transfer>> running_;
    std::mutex mutex_;
    std::deque<Job> waiting_;  // under mutex_
    bool stopping_ = false;    // under mutex_
    std::thread thread_;
};

Client::Engine::Engine(ClientOptions options) : options_(std::move(options))
{
    start_curl_once();
    multi_ = curl_multi_init();
    if (!multi_) throw std::bad_alloc();
    curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, static_cast<long>(options_.connections_kept));
    thread_ = std::thread([this] {
        base::name_this_thread("http client");
        run();
    });
}

Client::Engine::~Engine()
{
    {
        std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    curl_multi_wakeup(multi_);
    thread_.join();
    idle_.clear();
    curl_multi_cleanup(multi_);
}

bool Client::Engine::submit(Job& job)
{
    bool was_empty;
    {
        std::lock_guard lock(mutex_);
        if (waiting_.size() >= options_.queue_max) return false;
        was_empty = waiting_.empty();
        waiting_.push_back(std::move(job));
    }
    // If there was something already, the thread has been woken for it and takes this along.
    if (was_empty) curl_multi_wakeup(multi_);
    return true;
}

std::unique_ptr<Transfer> Client::Engine::idle_transfer()
{
    if (idle_.empty()) return std::make_unique<Transfer>(options_.addresses, options_.ca_file);
    auto transfer = std::move(idle_.back());
    idle_.pop_back();
    return transfer;
}

// No more are begun than requests_max; the others wait in the queue, in their order.
void Client::Engine::start_waiting()
{
    std::deque<Job> jobs;
    {
        std::lock_guard lock(mutex_);
        while (!waiting_.empty() && running_.size() + jobs.size() < options_.requests_max) {
            jobs.push_back(std::move(waiting_.front()));
            waiting_.pop_front();
        }
    }
    // Outside of the lock, so that callers do not wait while requests are begun.
    for (Job& job : jobs) {
        if (auto failure = check(job.request)) {
            job.complete(std::move(*failure));
            continue;
        }
        start(std::move(job));
    }
}

void Client::Engine::start(Job job)
{
    auto transfer = idle_transfer();
    auto failure = transfer->begin(std::move(job));
    if (!failure)
        if (CURLMcode code = curl_multi_add_handle(multi_, transfer->handle()); code != CURLM_OK)
            failure = ClientFailure{base::errc::unreachable, curl_multi_strerror(code)};
    if (failure) {
        transfer->abort(std::move(*failure));
        idle_.push_back(std::move(transfer));
        return;
    }
    CURL* easy = transfer->handle();
    running_.emplace(easy, std::move(transfer));
}

void Client::Engine::finish_done()
{
    int left;
    while (CURLMsg* message = curl_multi_info_read(multi_, &left)) {
        if (message->msg != CURLMSG_DONE) continue;
        CURLcode code = message->data.result;  // the message dies with the removal
        CURL* easy = message->easy_handle;
        curl_multi_remove_handle(multi_, easy);
        auto node = running_.extract(easy);
        // First out of multi_ and of the map, and only then the end: whoever is told may submit the next
        // request at once, and this handle must not count as running by then.
        node.mapped()->end(code);
        idle_.push_back(std::move(node.mapped()));
    }
}

// On the thread itself, after its loop: nobody else may touch what it runs.
void Client::Engine::abort_all()
{
    for (auto& [easy, transfer] : running_) {
        curl_multi_remove_handle(multi_, easy);
        transfer->abort(aborted());
    }
    running_.clear();
    std::lock_guard lock(mutex_);
    for (Job& job : waiting_) job.complete(aborted());
    waiting_.clear();
}

void Client::Engine::run()
{
    for (;;) {
        {
            std::lock_guard lock(mutex_);
            if (stopping_) break;
        }
        start_waiting();
        int running;
        curl_multi_perform(multi_, &running);
        finish_done();
        // A queue that was empty wakes the thread only once. What came while it worked is begun at once, and
        // not at the next wake-up.
        bool room;
        {
            std::lock_guard lock(mutex_);
            room = !waiting_.empty() && running_.size() < options_.requests_max;
        }
        if (!room) curl_multi_poll(multi_, nullptr, 0, poll_max, nullptr);
    }
    abort_all();
}

Client::Client(ClientOptions options) : engine_(std::make_unique<Engine>(std::move(options))) {}
Client::~Client() = default;

asio::awaitable<ClientResult> Client::send(ClientRequest request)
{
    auto initiate = [this](auto handler, ClientRequest&& what) {
        auto executor = asio::get_associated_executor(handler);
        // std::function wants to copy what it holds, and a handler cannot be copied.
        auto shared = std::make_shared<decltype(handler)>(std::move(handler));
        // The caller's io_context must not end while the request is on its way, or the answer would be posted
        // to nobody.
        auto work = asio::make_work_guard(executor);
        Job job{std::move(what), [shared, work, executor](ClientResult result) {
                    asio::post(executor, [shared, result = std::move(result)]() mutable {
                        (*shared)(std::move(result));
                    });
                }};
        if (!engine_->submit(job)) {
            auto full = make_error_code(boost::system::errc::no_buffer_space);
            job.complete(ClientFailure{full, "too many requests are waiting"});
        }
    };
    auto sending = asio::async_initiate<const asio::use_awaitable_t<>, void(ClientResult)>(
        initiate, asio::use_awaitable, std::move(request));
    ClientResult result = co_await std::move(sending);
    co_return result;
}

}  // namespace tidings::http
