// SPDX-License-Identifier: Apache-2.0
// Files of the data folder: private, there after a power cut, and used by one process. fsync of a file makes
// its content last; that it has a name at all is in its folder, which is synced, too.
//
// The lock is on the folder and on a file in it, since a folder may be moved and a file may be deleted while
// it is held; whoever finds one of the two taken stays away.
#include "base/file.hpp"

#include "base/log.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace tidings::base {

namespace {

[[noreturn]] void fail(std::string_view what, const std::filesystem::path& path)
{
    throw std::runtime_error(fmt::format("cannot {} {}: {}", what, path.string(), std::strerror(errno)));
}

// A new file is there after a power cut only if its folder was synced, too.
bool sync_folder_of(const std::filesystem::path& path)
{
    auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
    int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file < 0) return false;
    bool synced = ::fsync(file) == 0;
    ::close(file);
    return synced;
}

}  // namespace

std::string read_file(const std::filesystem::path& path)
{
    std::ifstream in(path, std::ios::binary);
    if (!in) fail("read", path);
    return {std::istreambuf_iterator<char>(in), {}};
}

void write_private_file(const std::filesystem::path& path, std::string_view text)
{
    int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0) fail("create", path);
    bool written = ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    bool synced = written && ::fsync(file) == 0 && sync_folder_of(path);
    int error = errno;
    ::close(file);
    if (synced) return;
    ::unlink(path.c_str());  // half a secret would only be in the way of the next try
    errno = error;
    fail("write", path);
}

void create_folder(const std::filesystem::path& path)
{
    std::error_code error;
    if (std::filesystem::is_directory(path, error)) return;
    if (path.has_parent_path()) create_folder(path.parent_path());
    if (::mkdir(path.c_str(), 0700) == 0) return;
    int reason = errno;
    if (reason == EEXIST && std::filesystem::is_directory(path, error)) return;
    errno = reason;
    fail("create", path);
}

// Earlier versions, or a careless copy, may have left files that others can read. A folder with the sticky
// bit, as /tmp, is shared on purpose and cannot be closed.
void make_private(const std::filesystem::path& path)
{
    struct stat found {};
    if (::stat(path.c_str(), &found) != 0) return;
    mode_t others = found.st_mode & (S_IRWXG | S_IRWXO);
    if (others == 0) return;
    mode_t mode = found.st_mode & 07777;
    bool is_shared = S_ISDIR(found.st_mode) && (found.st_mode & S_ISVTX) != 0;
    if (!is_shared && ::chmod(path.c_str(), mode & ~others) == 0)
        return log_warning(
            "others could use {} (mode {:o}): now only its owner can; what it holds may have been "
            "read",
            path.string(), mode);
    log_warning("others can use {} (mode {:o}): {}", path.string(), mode,
                is_shared ? "give the gateway a folder of its own" : std::strerror(errno));
}

namespace {

[[noreturn]] void refuse_used(const std::filesystem::path& folder)
{
    throw std::runtime_error(
        fmt::format("another process uses the data folder {}: stop it first, or choose another "
                    "folder with --data",
                    folder.string()));
}

}  // namespace

FolderLock::FolderLock(const std::filesystem::path& folder)
    : folder_(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC))
{
    if (folder_ < 0) fail("open", folder);
    auto path = folder / "lock";
    bool is_used = ::flock(folder_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    if (!is_used) file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    bool is_locked = file_ >= 0 && ::flock(file_, LOCK_EX | LOCK_NB) == 0;
    if (is_locked) return;
    int error = errno;
    bool is_there = file_ >= 0;
    ::close(folder_);
    if (is_there) ::close(file_);
    if (is_used || (is_there && error == EWOULDBLOCK)) refuse_used(folder);
    errno = error;
    fail(is_there ? "lock" : "write", path);
}

FolderLock::~FolderLock()
{
    ::close(file_);
    ::close(folder_);
}

}  // namespace tidings::base
