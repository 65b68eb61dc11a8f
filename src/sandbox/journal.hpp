// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace tidings::sandbox {

// A file of lines that grows at its end and is now and then replaced by a shorter one that says the same.
// Written, not synced: what was written survives the process, not a power cut.
class Journal {
public:
    // An empty path: nothing is kept anywhere. Otherwise call replace() before write(). Throws
    // std::runtime_error.
    explicit Journal(std::filesystem::path file);
    ~Journal();
    Journal(const Journal&) = delete;
    Journal& operator=(const Journal&) = delete;

    // Whole lines only: what a killed process left of its last line is cut off. Empty when there is no file.
    std::string read() const;

    // Whole at once, or not at all. Throws std::runtime_error.
    void replace(std::string_view lines);

    // Appends, and removes from `lines` what was written. Throws std::runtime_error; what is left in `lines`
    // is then for the next call.
    void write(std::string& lines);

    // It has grown enough for a replacement to be worth its time.
    bool is_long() const;

private:
    std::filesystem::path file_;
    int descriptor_ = -1;
    std::size_t size_ = 0;
    std::size_t replaced_size_ = 0;
};

}  // namespace tidings::sandbox
