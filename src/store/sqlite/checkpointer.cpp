// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/checkpointer.hpp"

#include "base/log.hpp"
#include "base/thread_name.hpp"

#include <cstdlib>

namespace tidings::store::sqlite {

namespace {

// A checkpoint that failed to sync must not count as done: the log would then be written over while a page
// that it held is not in the database. That is fatal, as any failed fsync. Other failures leave the log as it
// is, and the next checkpoint begins where this one ended.
void failed(const SqliteError& error)
{
    base::log_error("store: checkpoint: {} (SQLite {})", error.what(), error.code);
    if (error.is_fatal()) std::abort();
}

void carry_over_rest(Connection& writer)
{
    try {
        writer.checkpoint();
    } catch (const SqliteError& error) {
        failed(error);
    }
}

}  // namespace

Checkpointer::Checkpointer(const std::filesystem::path& file) : file_(file)
{
    open();
    thread_ = std::thread([this] {
        base::name_this_thread("checkpointer");
        work();
    });
}

Checkpointer::~Checkpointer()
{
    {
        std::lock_guard lock(mutex_);
        closed_ = true;
    }
    wanted_.notify_one();
    thread_.join();
}

// Opens the file and, by the first SELECT, its log at once rather than at the first checkpoint: as long as
// they are surely the files that the writer has.
void Checkpointer::open()
{
    database_.emplace(file_, Connection::Mode::write);
    database_->execute("PRAGMA synchronous = FULL; SELECT count(*) FROM sqlite_schema");
}

// Called on the writer's thread, the rest of this class runs on its own. What they share is under the mutex,
// or atomic.
void Checkpointer::committed(Connection& writer)
{
    if (writer.log_pages() < log_pages) return;
    // Between two commits nobody adds to the log: now its end can be reached, and it starts anew.
    if (nearly_done_.exchange(false)) return carry_over_rest(writer);
    {
        std::lock_guard lock(mutex_);
        if (is_wanted_) return;
        is_wanted_ = true;
    }
    wanted_.notify_one();
}

void Checkpointer::carry_over_most()
{
    try {
        if (!database_) open();
        database_->checkpoint();
        nearly_done_ = true;
    } catch (const SqliteError& error) {
        failed(error);
        database_.reset();  // what SQLite holds in memory after an I/O error is not to be trusted
    }
}

void Checkpointer::work()
{
    std::unique_lock lock(mutex_);
    for (;;) {
        wanted_.wait(lock, [this] { return is_wanted_ || closed_; });
        if (closed_) return;
        lock.unlock();
        carry_over_most();
        lock.lock();
        // Only after the work, so that what is committed meanwhile asks for no second checkpoint; the next
        // commit does.
        is_wanted_ = false;
    }
}

}  // namespace tidings::store::sqlite
