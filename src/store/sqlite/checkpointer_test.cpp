// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/checkpointer.hpp"

#include "support/temp_folder.hpp"

#include <gtest/gtest.h>

namespace tidings::store::sqlite {

namespace {

// Each commit writes some 100 pages; a log of 2,000 pages is full after 20 of them. How many more are made
// before it starts anew depends on the disk and on the scheduler, and that it does is the point.
TEST(Checkpointer, LogStartsAnewWhileCommitsGoOn)
{
    constexpr int commits_max = 5'000;
    test::TempFolder folder;
    Connection writer(folder.path() / "test.db", Connection::Mode::write);
    writer.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; CREATE TABLE rows (bytes BLOB)");
    Checkpointer checkpointer(folder.path() / "test.db");
    int pages = 0, commits = 0;
    while (writer.log_pages() >= pages && ++commits < commits_max) {
        pages = writer.log_pages();
        writer.run("DELETE FROM rows");
        writer.run("INSERT INTO rows VALUES (zeroblob(400000))");
        checkpointer.committed(writer);
    }
    EXPECT_LT(commits, commits_max);
    EXPECT_LT(writer.log_pages(), pages);
}

}  // namespace

}  // namespace tidings::store::sqlite
