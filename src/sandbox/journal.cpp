// SPDX-License-Identifier: Apache-2.0
// One file, appended to and now and then replaced by what it amounts to. It is written and not synced: it
// survives the process and not the machine, which is all that a sandbox promises.
#include "sandbox/journal.hpp"

#include "base/file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace tidings::sandbox {

namespace {

// A replacement writes some megabytes; between two of them at least this much was appended: 100,000 messages.
constexpr std::size_t growth_min = 32 << 20;

[[noreturn]] void fail(const std::filesystem::path& file)
{
    throw std::runtime_error(fmt::format("cannot write {}: {}", file.string(), std::strerror(errno)));
}

// How much of it was written; less than all when errno says why.
std::size_t write_all(int descriptor, std::string_view bytes)
{
    std::size_t done = 0;
    while (done < bytes.size()) {
        ssize_t size = ::write(descriptor, bytes.data() + done, bytes.size() - done);
        if (size < 0 && errno == EINTR) continue;
        if (size < 0) break;
        done += static_cast<std::size_t>(size);
    }
    return done;
}

}  // namespace

Journal::Journal(std::filesystem::path file) : file_(std::move(file)) {}

Journal::~Journal()
{
    if (descriptor_ >= 0) ::close(descriptor_);
}

std::string Journal::read() const
{
    if (file_.empty() || !std::filesystem::exists(file_)) return {};
    std::string out = base::read_file(file_);
    std::size_t end = out.rfind('\n');
    // The last line may be a part of one, which a process that was killed left behind: nobody was told of it.
    out.resize(end == out.npos ? 0 : end + 1);
    return out;
}

void Journal::replace(std::string_view lines)
{
    if (file_.empty()) return;
    std::filesystem::path next = file_;
    next += ".new";
    int descriptor = ::open(next.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
    if (descriptor < 0) fail(next);
    // A new file under another name, which takes the old one's place at once: a process that is killed in
    // between leaves the old journal whole.
    if (write_all(descriptor, lines) < lines.size() || ::rename(next.c_str(), file_.c_str()) != 0) {
        int error = errno;
        ::close(descriptor);
        errno = error;
        fail(next);
    }
    if (int old = std::exchange(descriptor_, descriptor); old >= 0) ::close(old);
    size_ = replaced_size_ = lines.size();
}

void Journal::write(std::string& lines)
{
    if (file_.empty()) return lines.clear();
    std::size_t done = write_all(descriptor_, lines);
    size_ += done;
    bool complete = done == lines.size();
    // What was written stays written: the next call goes on in the middle of a line, if need be.
    lines.erase(0, done);
    if (!complete) fail(file_);
}

// Four times what the last replacement had: so that over the life of a journal replacing costs a part of what
// appending does, however large its contents are.
bool Journal::is_long() const { return size_ - replaced_size_ > std::max(growth_min, 4 * replaced_size_); }

}  // namespace tidings::sandbox
