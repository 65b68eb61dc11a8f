// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/database_files.hpp"

#include "store/sqlite/connection.hpp"
#include "support/temp_folder.hpp"

#include <gtest/gtest.h>

namespace tidings::store::sqlite {

namespace {

namespace fs = std::filesystem;

class DatabaseFilesTest : public testing::Test {
protected:
    DatabaseFilesTest()
    {
        fs::create_directory(file.parent_path());
        database.emplace(file, Connection::Mode::write);
        database->execute("PRAGMA journal_mode = WAL; CREATE TABLE rows (number INTEGER)");
        files.remember();
    }
    std::string complaint() const
    {
        try {
            files.verify();
        } catch (const SqliteError& error) {
            EXPECT_TRUE(error.is_fatal());
            return error.what();
        }
        return "";
    }
    fs::path beside(const char* ending) const { return file.string() + ending; }

    test::TempFolder folder;
    fs::path file = folder.path() / "data" / "test.db";
    std::optional<Connection> database;
    DatabaseFiles files{file};
};

TEST_F(DatabaseFilesTest, StayTheSameWhateverIsWrittenAndCarriedOver)
{
    for (int i = 0; i < 3; ++i) {
        database->run("INSERT INTO rows VALUES (1)");
        database->execute("PRAGMA wal_checkpoint(TRUNCATE)");
        EXPECT_EQ(complaint(), "");
        EXPECT_FALSE(database->has_moved());
    }
}

TEST_F(DatabaseFilesTest, EachOfThemIsMissedByName)
{
    for (const char* ending : {"", "-wal", "-shm"}) {
        fs::rename(beside(ending), beside(".aside"));
        EXPECT_EQ(complaint(), beside(ending).string() + " was deleted while it was in use");
        fs::copy(beside(".aside"), beside(ending));
        EXPECT_EQ(complaint(), beside(ending).string() + " was replaced while it was in use");
        fs::rename(beside(".aside"), beside(ending));
        EXPECT_EQ(complaint(), "");
    }
}

TEST_F(DatabaseFilesTest, AFolderWithAnotherNameIsNoticed)
{
    fs::rename(file.parent_path(), folder.path() / "elsewhere");
    EXPECT_NE(complaint(), "");
    EXPECT_TRUE(database->has_moved());
}

TEST_F(DatabaseFilesTest, OnlyALogThatIsMissingCanBeCarriedOver)
{
    EXPECT_FALSE(files.is_only_log_missing());
    fs::rename(beside("-wal"), beside(".aside"));
    EXPECT_TRUE(files.is_only_log_missing());
    fs::copy(beside(".aside"), beside("-wal"));
    EXPECT_FALSE(files.is_only_log_missing()) << "the next start would read it";
    fs::remove(beside("-wal"));
    fs::remove(file);
    EXPECT_FALSE(files.is_only_log_missing());
}

TEST(SqliteError, OnlyAFailedSyncCorruptionOrAStrangeFileIsFatal)
{
    for (int code : {SQLITE_IOERR_FSYNC, SQLITE_IOERR_DIR_FSYNC, SQLITE_IOERR_DATA, SQLITE_IOERR_CORRUPTFS,
                     SQLITE_CORRUPT, SQLITE_CORRUPT_INDEX, SQLITE_NOTADB, SQLITE_READONLY_DBMOVED})
        EXPECT_TRUE(SqliteError(code, "").is_fatal()) << code;
    for (int code : {SQLITE_FULL, SQLITE_IOERR_WRITE, SQLITE_IOERR_READ, SQLITE_IOERR_TRUNCATE,
                     SQLITE_IOERR_SHMSIZE, SQLITE_CANTOPEN, SQLITE_READONLY, SQLITE_BUSY, SQLITE_NOMEM})
        EXPECT_FALSE(SqliteError(code, "").is_fatal()) << code;
}

}  // namespace

}  // namespace tidings::store::sqlite
