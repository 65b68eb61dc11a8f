// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "http/address_policy.hpp"
#include "http/payer.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/assert/source_location.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tidings::http {

// A webhook's URL may have so many octets with all that its references stand for.
constexpr std::size_t url_max = 64 << 10;

enum class WhenTooLarge {
    refuse,  // the answer is errc::answer_too_large
    cut,     // the answer counts, its body ends after answer_max bytes
};

struct ClientRequest {
    std::string method = "POST";  // any in capitals but HEAD and CONNECT
    std::string url;              // http or https
    std::string target{};         // of the request line, sent as it is; empty: target_of(url)
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    std::chrono::milliseconds timeout{15'000};  // for everything, name lookup to last byte
    std::size_t answer_max = 64 << 10;          // bytes of body
    WhenTooLarge when_too_large = WhenTooLarge::refuse;
    Payer payer = 0;  // whose request it is; payers share the lookups of names
};

struct ClientAnswer {
    unsigned status = 0;  // 200 to 599; redirects are answers like any other
    std::string content_type;
    std::string retry_after;  // as sent: seconds or a date
    std::string body;
};

// Why there is no answer. `code` is one of errc::bad_url, address_refused, answer_too_large, timed_out,
// unreachable (everything else between here and the peer, TLS included); std::errc::invalid_argument for a
// method that is not spoken and for a header that would break out of its line; asio's operation_aborted when
// the client was destroyed meanwhile.
struct ClientFailure {
    boost::system::error_code code;
    std::string text;        // for people
    bool connected = false;  // the peer was there, TLS included, and did not do its part
};
[[noreturn]] void throw_exception_from_error(const ClientFailure& failure,
                                             const boost::source_location& where);

using ClientResult = base::Result<ClientAnswer, ClientFailure>;

struct ClientOptions {
    AddressPolicy addresses;
    std::string ca_file;  // PEM; empty: the system's
    // Beyond so many a new one is opened only in place of one that is idle. Some 10 KiB each; with TLS 50
    // KiB.
    std::size_t connections_max = 512;
};

// Path and query of an http or https URL as they are sent: what is not ASCII in percent, without a fragment.
std::string target_of(std::string_view url);

struct ClientState;

// An HTTP/1.1 client, all of which happens on the one thread of its executor. Connections are kept and used
// again. Never follows redirects, never uses a proxy, cookies or netrc. How many requests are on their way at
// once is the caller's to bound: each has a socket.
class Client {
public:
    // `clock` must outlive the client, and the executor's context what send() is still to do. Throws
    // std::runtime_error with one clear sentence when the file of certificates does not serve.
    Client(boost::asio::any_io_executor executor, base::Clock& clock, ClientOptions options);
    // Everything pending completes with operation_aborted, or ends with its context.
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    // On the executor's thread, on which it completes, never within the call. Not cancellable: the timeout
    // bounds it.
    boost::asio::awaitable<ClientResult> send(ClientRequest request);

private:
    std::shared_ptr<ClientState> state_;  // shared with what is pending, which may end after the client
};

}  // namespace tidings::http
