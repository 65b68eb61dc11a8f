// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace tidings::base {

// All throw std::runtime_error with a sentence for the operator.
std::string read_file(const std::filesystem::path& path);
// For secrets: 0600, synced to disk, never over a file that exists.
void write_private_file(const std::filesystem::path& path, std::string_view text);
void create_folder(const std::filesystem::path& path);  // 0700, with its parents
// Takes from all but the owner what they may do with a file or folder: 0600, 0700. What was looser is told in
// the log, for it may have been read. Nothing there: nothing to do. A folder that the machine shares, as /tmp
// is, and what belongs to somebody else stay as they are, which the log tells, too.
void make_private(const std::filesystem::path& path);

// A folder is used by one process at a time, for as long as it holds this. It holds the folder itself, which
// cannot be deleted while there is something in it, and a file there, which is what earlier versions held,
// and all that can be held on file systems that lock no folders. Whoever deletes that file gains nothing.
class FolderLock {
public:
    explicit FolderLock(const std::filesystem::path& folder);  // throws when another process holds it
    ~FolderLock();
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;

private:
    int folder_;
    int file_ = -1;
};

}  // namespace tidings::base
