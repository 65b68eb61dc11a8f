// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.hpp"
#include "store/rules/item.hpp"
#include "store/sqlite/checkpointer.hpp"
#include "store/sqlite/database_files.hpp"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

namespace tidings::store::sqlite {

// A piece of work for a thread that owns a connection.
class Job {
public:
    virtual ~Job() = default;
    // What is to be decided in a batch with its neighbours, instead of run(); nullptr: nothing.
    virtual rules::Item* item() { return nullptr; }
    virtual void run(Connection& database) = 0;         // throws when the database does
    virtual void finish(std::exception_ptr error) = 0;  // after the commit, or after it failed
};

// Jobs on their way to a worker thread.
class JobQueue {
public:
    void require_room();  // throws Unavailable when jobs_max wait
    void push(std::unique_ptr<Job> job);
    std::unique_ptr<Job> take();      // waits; nothing: closed and drained
    std::unique_ptr<Job> try_take();  // nothing: none there now
    void close();

private:
    static constexpr std::size_t jobs_max = 20'000;  // some seconds of work; more would be answered too late

    std::mutex mutex_;
    std::condition_variable filled_;
    std::deque<std::unique_ptr<Job>> jobs_;
    bool closed_ = false;
};

// The thread that changes the database. While one commit is being synced the next jobs gather, so that a
// commit holds as many of them as the disk is slow. A failed commit fails all jobs that were in it, and
// nothing of them has happened. Items that stand next to each other in the queue are one batch, which is
// carried out before a job that is none, so that all happens in the order in which it was asked for. After a
// commit, and before its jobs finish, the files must still be ours.
class Writer {
public:
    struct Hooks {
        std::function<void(Connection&, std::span<rules::Item* const>)> carry_out;  // a batch
        std::function<void(Connection&)> reopened;       // after an error: the connection is another one
        std::function<void(Connection&)> before_commit;  // runs in the transaction, after its jobs
        std::function<void(Connection&)> changed;        // then, where they changed rows
        std::function<void(Connection&)> probe;          // then, instead: writes something
        std::function<void()> committed;                 // before the jobs finish
        std::function<void()> rolled_back;
    };
    Writer(std::filesystem::path file, base::Clock& clock, Hooks hooks);
    ~Writer();  // finishes what was pushed

    JobQueue& queue() { return queue_; }
    Connection& database() { return *database_; }  // before the first job only
    // The last commit that wrote something went well. After one that did not, each commit writes something:
    // so this becomes true only when writing really works again.
    bool healthy() const { return healthy_; }
    void start();

private:
    void open();
    void work();
    void write_last();
    void commit_with(std::unique_ptr<Job> first);
    void run(Job& job);
    void carry_out_batch();
    void finish_commit(std::int64_t rows_before);
    void verify_files() const;
    std::exception_ptr fail(const SqliteError& error);
    void report(const SqliteError& error);
    [[noreturn]] void give_up(const SqliteError& error);

    DatabaseFiles files_;
    base::Clock& clock_;
    Hooks hooks_;
    JobQueue queue_;
    std::vector<rules::Item*> batch_;  // gathered and not yet carried out
    std::size_t batch_weight_ = 0;
    std::optional<Connection> database_;  // nothing after an error: opened again for the next job
    std::optional<Checkpointer> checkpointer_;
    std::atomic<bool> healthy_{true};
    std::optional<base::Moment> reported_at_;  // that it cannot write
    std::thread thread_;
};

// Threads that read, each on its own connection, and see every commit that was made before they start.
class Readers {
public:
    Readers(const std::filesystem::path& file, std::size_t threads);
    ~Readers();
    JobQueue& queue() { return queue_; }

private:
    void work(Connection& database);

    JobQueue queue_;
    std::deque<Connection> databases_;
    std::vector<std::thread> threads_;
};

// Runs `work(connection)` on a worker of `queue` and completes with its result on the caller's executor.
template <class Work>
auto run_on(JobQueue& queue, Work work) -> boost::asio::awaitable<std::invoke_result_t<Work&, Connection&>>;

// ---- implementation of run_on
// -----------------------------------------------------------------------------------

// Work that is an item of a batch. The writer carries it out as such.
struct ItemWork {
    std::shared_ptr<rules::Item> item;  // shared with the verb that waits for its result
    void operator()(Connection&) const { std::abort(); }
};

// void has no values; this stands for it.
struct Nothing {};

template <class Work>
struct WorkState {
    using Result = std::invoke_result_t<Work&, Connection&>;
    using Value = std::conditional_t<std::is_void_v<Result>, Nothing, Result>;
    Work work;
    std::optional<Value> value;
    std::exception_ptr error;
};

template <class Work, class Handler, class Executor>
class WorkJob : public Job {
public:
    WorkJob(std::shared_ptr<WorkState<Work>> state, Handler handler, Executor executor)
        : state_(std::move(state)), handler_(std::move(handler)), executor_(std::move(executor))
    {
    }
    rules::Item* item() override
    {
        if constexpr (std::is_same_v<Work, ItemWork>)
            return state_->work.item.get();
        else
            return nullptr;
    }
    void run(Connection& database) override
    {
        if constexpr (std::is_void_v<typename WorkState<Work>::Result>) {
            state_->work(database);
            state_->value.emplace();
        } else {
            state_->value.emplace(state_->work(database));
        }
    }
    void finish(std::exception_ptr error) override
    {
        state_->error = std::move(error);
        boost::asio::post(executor_, std::move(handler_));
    }

private:
    std::shared_ptr<WorkState<Work>> state_;  // shared with the coroutine that waits for it
    Handler handler_;
    Executor executor_;  // kept busy until the handler was posted
};

template <class Work>
auto run_on(JobQueue& queue, Work work) -> boost::asio::awaitable<std::invoke_result_t<Work&, Connection&>>
{
    queue.require_room();  // here, because an exception may not leave the initiation below
    auto state = std::make_shared<WorkState<Work>>(std::move(work), std::nullopt, nullptr);
    auto* shared = &state;
    auto initiate = [&queue, shared](auto handler) {
        namespace asio = boost::asio;
        auto executor =
            asio::prefer(asio::get_associated_executor(handler), asio::execution::outstanding_work.tracked);
        using Made = WorkJob<Work, decltype(handler), decltype(executor)>;
        queue.push(std::make_unique<Made>(*shared, std::move(handler), std::move(executor)));
    };
    co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void()>(
        initiate, boost::asio::use_awaitable);
    if (state->error) std::rethrow_exception(state->error);
    if constexpr (!std::is_void_v<typename WorkState<Work>::Result>) co_return std::move(*state->value);
}

}  // namespace tidings::store::sqlite
