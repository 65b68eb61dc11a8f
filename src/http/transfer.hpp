// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/client.hpp"

#include <curl/curl.h>
#include <boost/system/result.hpp>

#include <array>
#include <functional>
#include <optional>

namespace tidings::http {

struct Job {
    ClientRequest request;
    std::function<void(ClientResult)> complete;  // from any thread
};

// Nothing when the request may be sent.
std::optional<ClientFailure> check(const ClientRequest& request);

// One request in libcurl's hands; used again for later ones. `addresses` must outlive it.
class Transfer {
public:
    Transfer(const AddressPolicy& addresses, const std::string& ca_file);
    ~Transfer();
    Transfer(const Transfer&) = delete;
    Transfer& operator=(const Transfer&) = delete;

    // Nothing: the request is in handle(). What libcurl refuses of it is told, and then the job is to be
    // aborted.
    std::optional<ClientFailure> begin(Job job);
    CURL* handle() { return easy_; }
    void end(CURLcode code);  // completes the job
    void abort(ClientFailure failure);

private:
    static curl_socket_t open_socket(void* self, curlsocktype purpose, curl_sockaddr* address);
    static std::size_t take_body(char* data, std::size_t, std::size_t size, void* self);
    CURLcode give_request();
    ClientResult result(CURLcode code);
    ClientFailure failure(CURLcode code) const;
    std::string header(const char* name) const;

    const AddressPolicy& addresses_;
    CURL* easy_;
    curl_slist* headers_ = nullptr;
    Job job_;
    std::string body_;
    std::size_t dropped_ = 0;
    bool refused_ = false;    // by address policy, at least once
    bool too_large_ = false;  // the transfer was stopped for its size
    std::array<char, CURL_ERROR_SIZE> error_{};
};

}  // namespace tidings::http
