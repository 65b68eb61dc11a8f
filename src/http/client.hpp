// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/error.hpp"
#include "http/address_policy.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/assert/source_location.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tidings::http {

// A webhook's URL may have so many octets with all that its references stand for; libcurl takes 8,000,000.
constexpr std::size_t url_max = 64 << 10;

enum class WhenTooLarge {
    refuse,  // the answer is errc::answer_too_large
    cut,     // the answer counts, its body ends after answer_max bytes
};

struct ClientRequest {
    std::string method = "POST";  // any but HEAD and CONNECT
    std::string url;              // http or https
    std::string target{};         // of the request line, as in target_of(); empty: as libcurl makes it
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    std::chrono::milliseconds timeout{15'000};  // for everything, name lookup to last byte, but not the queue
    std::size_t answer_max = 64 << 10;          // bytes of body
    WhenTooLarge when_too_large = WhenTooLarge::refuse;
};

struct ClientAnswer {
    unsigned status = 0;  // 200 to 599; redirects are answers like any other
    std::string content_type;
    std::string retry_after;  // as sent: seconds or a date
    std::string body;
};

// Why there is no answer. `code` is one of errc::bad_url, address_refused, answer_too_large, timed_out,
// unreachable (everything else between here and the peer, TLS included); std::errc::invalid_argument for a
// header that would break out of its line and for whatever else libcurl does not take;
// std::errc::no_buffer_space when queue_max requests wait; asio's operation_aborted when the client was
// destroyed meanwhile.
struct ClientFailure {
    boost::system::error_code code;
    std::string text;        // for people
    bool connected = false;  // the peer was there, TLS included, and did not do its part
};
[[noreturn]] void throw_exception_from_error(const ClientFailure& failure,
                                             const boost::source_location& where);

using ClientResult = base::Result<ClientAnswer, ClientFailure>;

constexpr std::size_t client_requests_max = 512;

struct ClientOptions {
    AddressPolicy addresses;
    std::string ca_file;  // PEM; empty: the system's
    std::size_t requests_max =
        client_requests_max;             // in flight; each holds a socket and up to 64 KiB of buffers
    std::size_t queue_max = 20'000;      // waiting for one of those; more fail at once
    std::size_t connections_kept = 512;  // idle, for reuse
};

// Path and query of an http or https URL as they are sent: what is not ASCII in percent, without a fragment.
std::string target_of(std::string_view url);

// An HTTP/1.1 client on a thread of its own. Never follows redirects, never uses a proxy, cookies or netrc.
// All requests share requests_max: the caller bounds how many of them go to one endpoint.
class Client {
public:
    explicit Client(ClientOptions options);
    // Everything pending completes with operation_aborted. Destroy the client before the io_contexts of its
    // callers.
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    // From any thread; completes on the caller's executor. Not cancellable: the timeout bounds it.
    boost::asio::awaitable<ClientResult> send(ClientRequest request);

private:
    class Engine;
    std::unique_ptr<Engine> engine_;
};

}  // namespace tidings::http
