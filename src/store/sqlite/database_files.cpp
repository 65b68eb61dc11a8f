// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/database_files.hpp"

#include "store/sqlite/connection.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

namespace tidings::store::sqlite {

// By device and inode: a copy that was put in its place has the same name and another inode.
bool DatabaseFiles::File::identify()
{
    struct stat found {};
    bool is_there = ::stat(path.c_str(), &found) == 0;
    device = is_there ? found.st_dev : 0;
    inode = is_there ? found.st_ino : 0;
    return is_there;
}

bool DatabaseFiles::File::is_same() const
{
    File now{path};
    return now.identify() && now.device == device && now.inode == inode;
}

DatabaseFiles::DatabaseFiles(std::filesystem::path database)
    : database_(std::move(database)),
      files_{File{database_}, File{database_.string() + "-wal"}, File{database_.string() + "-shm"}}
{
}

void DatabaseFiles::remember()
{
    for (File& file : files_) file.identify();
}

void DatabaseFiles::verify() const
{
    // The log belongs to it as much as the database: until a checkpoint the newest commits are there and
    // nowhere else.
    for (const File& file : files_)
        if (!file.is_same())
            throw SqliteError(SQLITE_READONLY_DBMOVED,
                              fmt::format("{} was {} while it was in use", file.path.string(),
                                          std::filesystem::exists(file.path) ? "replaced" : "deleted"));
}

bool DatabaseFiles::is_only_log_missing() const
{
    return files_[0].is_same() && !std::filesystem::exists(files_[1].path);
}

}  // namespace tidings::store::sqlite
