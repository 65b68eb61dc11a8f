// SPDX-License-Identifier: Apache-2.0
// What SQLite does for the connections that are opened while this lives, by its own account: which statements
// ran, and in how many steps of its virtual machine. A row that is looked at takes some steps, so that they
// tell a search from a scan on every machine and under every load.
#pragma once

#include <sqlite3.h>

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

namespace tidings::test {

class SqliteWatch {
public:
    struct Work {
        std::uint64_t runs = 0;
        std::uint64_t steps = 0;
        std::uint64_t most_steps = 0;  // of one run
    };

    // SQLite must be in use already: its configuration may not be changed after this.
    SqliteWatch()
    {
        assert(!current());
        current() = this;
        sqlite3_auto_extension(entry());
    }
    ~SqliteWatch()
    {
        sqlite3_cancel_auto_extension(entry());
        current() = nullptr;
    }
    SqliteWatch(const SqliteWatch&) = delete;
    SqliteWatch& operator=(const SqliteWatch&) = delete;

    // By the text of the statement, since the last call.
    std::map<std::string, Work> take()
    {
        std::lock_guard lock(mutex_);
        return std::exchange(work_, {});
    }

private:
    static SqliteWatch*& current()
    {
        static SqliteWatch* watch = nullptr;
        return watch;
    }
    static void (*entry())() { return reinterpret_cast<void (*)()>(&SqliteWatch::opened); }

    static int opened(sqlite3* handle, const char**, const void*)
    {
        return sqlite3_trace_v2(handle, SQLITE_TRACE_PROFILE, &SqliteWatch::ran, current());
    }
    static int ran(unsigned, void* self, void* statement, void*)
    {
        static_cast<SqliteWatch*>(self)->add(static_cast<sqlite3_stmt*>(statement));
        return 0;
    }
    void add(sqlite3_stmt* statement)
    {
        auto steps = static_cast<std::uint64_t>(sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_VM_STEP, 1));
        std::lock_guard lock(mutex_);
        Work& work = work_[sqlite3_sql(statement)];
        ++work.runs;
        work.steps += steps;
        work.most_steps = std::max(work.most_steps, steps);
    }

    std::mutex mutex_;
    std::map<std::string, Work> work_;
};

}  // namespace tidings::test
