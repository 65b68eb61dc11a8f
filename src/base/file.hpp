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

// A folder is used by one process at a time, for as long as it holds this.
class FolderLock {
public:
    explicit FolderLock(const std::filesystem::path& folder);  // throws when another process holds it
    ~FolderLock();
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;

private:
    int file_;
};

}  // namespace tidings::base
