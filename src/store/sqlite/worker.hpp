// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.hpp"
#include "store/rules/item.hpp"
#include "store/sqlite/checkpointer.hpp"
#include "store/sqlite/database_files.hpp"

#include <boost/asio/awaitable.hpp>

#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <type_traits>
#include <variant>
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
    std::unique_ptr<Job> next_job();  // of the present commit; nothing: that was all
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

// Runs `function(connection)` on a worker of `queue` and completes with its result on the caller's executor.
template <class Function>
auto run_on(JobQueue& queue, Function function)
    -> boost::asio::awaitable<std::invoke_result_t<Function&, Connection&>>;

// ---- implementation of run_on
// -----------------------------------------------------------------------------------

// Work with a place for its outcome. What is the same for all of them stands in worker.cpp: a coroutine costs
// much time to compile, and there is a work for each verb of the store.
struct Work {
    virtual ~Work() = default;
    virtual rules::Item* item() { return nullptr; }
    virtual void run(Connection& database) = 0;
    std::exception_ptr error;
};

// Work that is an item of a batch. The writer carries it out as such.
struct ItemWork : Work {
    explicit ItemWork(std::shared_ptr<rules::Item> given) : shared(std::move(given)) {}
    rules::Item* item() override { return shared.get(); }
    void run(Connection&) override { std::abort(); }

    std::shared_ptr<rules::Item> shared;  // with the verb that waits for its result
};

// Returns after a worker of `queue` has run it; throws what it or its commit threw.
boost::asio::awaitable<void> run_to_end(JobQueue& queue, std::shared_ptr<Work> work);

template <class Function>
struct WorkOf : Work {
    using Result = std::invoke_result_t<Function&, Connection&>;

    explicit WorkOf(Function given) : function(std::move(given)) {}
    void run(Connection& database) override
    {
        if constexpr (std::is_void_v<Result>)
            function(database);
        else
            value.emplace(function(database));
    }

    Function function;
    std::conditional_t<std::is_void_v<Result>, std::monostate, std::optional<Result>> value;
};

// `value` is a part of `work`, which therefore stays here until it was moved out.
template <class T>
boost::asio::awaitable<T> result_of(JobQueue& queue, std::shared_ptr<Work> work, std::optional<T>& value)
{
    co_await run_to_end(queue, work);
    co_return std::move(*value);
}

template <class Function>
auto run_on(JobQueue& queue, Function function)
    -> boost::asio::awaitable<std::invoke_result_t<Function&, Connection&>>
{
    auto work = std::make_shared<WorkOf<Function>>(std::move(function));
    if constexpr (std::is_void_v<typename WorkOf<Function>::Result>)
        return run_to_end(queue, std::move(work));
    else
        return result_of(queue, work, work->value);
}

}  // namespace tidings::store::sqlite
