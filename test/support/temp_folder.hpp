// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace tidings::test {

// An empty folder that goes with this object.
class TempFolder {
public:
    TempFolder()
    {
        // In memory where the system has a folder there: no test pulls the plug, and syncing takes most of
        // the time.
        auto parent = std::filesystem::path("/dev/shm");
        if (::access(parent.c_str(), W_OK) != 0) parent = std::filesystem::temp_directory_path();
        std::string name = parent / "tidings-test-XXXXXX";
        if (!::mkdtemp(name.data())) throw std::runtime_error("cannot make " + name);
        path_ = name;
    }
    ~TempFolder()
    {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;

    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

}  // namespace tidings::test
