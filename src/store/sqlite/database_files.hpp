// SPDX-License-Identifier: Apache-2.0
// The files of a database under the feet of those who use it. Whoever deletes or replaces one of them leaves
// us with files that have no name any more: what is written there is synced, and gone with the process. So
// after each commit, and before anybody is told of it, they must still be those that were opened.
#pragma once

#include <array>
#include <filesystem>
#include <string>

namespace tidings::store::sqlite {

class DatabaseFiles {
public:
    explicit DatabaseFiles(std::filesystem::path database);

    const std::filesystem::path& database() const { return database_; }
    // Those that stand there now are ours. After the first connection has made them, once; they stay the same
    // as long as one connection is open.
    void remember();
    // Throws SqliteError with SQLITE_READONLY_DBMOVED, which is fatal, when one is no longer there or another
    // one is in its place. Three stats: some microseconds. Safe from every thread.
    void verify() const;
    // The log has no name any more, all else is in place: what was acknowledged can still be carried over.
    bool is_only_log_missing() const;

private:
    struct File {
        std::filesystem::path path;
        unsigned long device = 0, inode = 0;  // 0: not remembered, or not there

        bool identify();
        bool is_same() const;
    };

    std::filesystem::path database_;
    std::array<File, 3> files_;  // the database, its write-ahead log, the index of that
};

}  // namespace tidings::store::sqlite
