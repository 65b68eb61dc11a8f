// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace tidings::bench {

// The gateway as a child process, with a data folder of its own that goes with it.
class Gateway {
public:
    struct Link {
        std::string name;
        std::uint16_t port = 0;  // of its SMPP carrier
        int window = 1'000;      // not the limit: an answer comes within a millisecond
    };
    // `folder` is made anew. Returns once it listens.
    Gateway(const std::filesystem::path& program, std::filesystem::path folder,
            const std::vector<Link>& links);
    ~Gateway();  // kills it, unless it has ended
    Gateway(const Gateway&) = delete;
    Gateway& operator=(const Gateway&) = delete;

    std::uint16_t port() const { return port_; }
    const std::string& authorization() const { return authorization_; }  // the value of the header
    // Calls of /admin/v1, and of the API with the account's key; they give the answer's body, or throw unless
    // it is 2xx.
    std::string administer(const std::string& method, const std::string& path, const std::string& body) const;
    std::string call(const std::string& method, const std::string& path, const std::string& body) const;
    std::string ask(const std::string& method, const std::string& path, const std::string& body,
                    const std::string& authorization) const;
    const std::string& admin_authorization() const { return admin_authorization_; }
    void reload(const std::vector<Link>& links);  // by SIGHUP
    void start_again();                           // after ended(), on the same data
    std::filesystem::path database() const { return folder_ / "data/tidings.db"; }
    void terminate();  // in good order, for which its carrier must answer
    bool ended();

    double cpu_seconds() const;                           // of all its threads, so far
    double cpu_seconds(const std::string& thread) const;  // of the one of that name
    double resident_mib() const;
    double resident_peak_mib() const;
    double log_mib() const;  // of the database's write-ahead log

private:
    void configure(const std::vector<Link>& links) const;
    double status_mib(const char* field) const;

    std::filesystem::path program_, folder_;
    pid_t pid_ = -1;
    std::uint16_t port_ = 0;
    std::string authorization_, admin_authorization_;
};

}  // namespace tidings::bench
