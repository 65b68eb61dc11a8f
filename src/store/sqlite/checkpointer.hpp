// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/sqlite/connection.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace tidings::store::sqlite {

// Carries the write-ahead log over into the database on a thread of its own: done within a commit, as SQLite
// does by itself, it would hold up everybody for the tens of milliseconds that writing and syncing the pages
// takes.
//
// While commits go on, this thread never reaches the end of the log, which therefore would grow for ever. So
// when it is nearly there, the writer carries over the rest between two commits, which is little, and the log
// starts anew.
class Checkpointer {
public:
    explicit Checkpointer(const std::filesystem::path& file);
    ~Checkpointer();

    // By the writer, after each commit that went well, outside of a transaction.
    void committed(Connection& writer);

private:
    static constexpr int log_pages = 2'000;  // 16 MiB

    void open();
    void work();
    void carry_over_most();

    const std::filesystem::path file_;
    std::optional<Connection> database_;
    std::mutex mutex_;
    std::condition_variable wanted_;
    bool is_wanted_ = false;
    bool closed_ = false;
    std::atomic<bool> nearly_done_{false};
    std::thread thread_;
};

}  // namespace tidings::store::sqlite
