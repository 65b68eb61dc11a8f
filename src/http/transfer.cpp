// SPDX-License-Identifier: Apache-2.0
// One request by libcurl, which is told to do no more than that: no redirects (they would go past the checks
// of the URL), no proxy of the environment, no protocol but http and https, no rewriting of paths. Each
// address is judged when the socket is about to be opened, after the name was looked up, so that a name
// cannot change between the two.
//
// What comes back is kept up to a limit; what is beyond is dropped without being kept, as long as that is
// cheaper than a new connection.
#include "http/transfer.hpp"

#include "base/url.hpp"
#include "base/utf8.hpp"

#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cassert>
#include <cstring>
#include <new>
#include <stdexcept>

namespace tidings::http {

namespace asio = boost::asio;

namespace {

constexpr long connect_timeout = 10'000;      // ms; a name lookup and three SYNs
constexpr long buffer_size = 16 << 10;        // libcurl's smallest for uploads; callbacks have 1 to 2 KiB
constexpr std::size_t dropped_max = 1 << 20;  // behind a cut body; to read more costs more than to reconnect
constexpr std::string_view control_characters{"\r\n\0", 3};

std::optional<asio::ip::address> address_of(const curl_sockaddr& peer)
{
    if (peer.family == AF_INET) {
        sockaddr_in v4;
        std::memcpy(&v4, &peer.addr, sizeof v4);
        return asio::ip::address_v4(ntohl(v4.sin_addr.s_addr));
    }
    if (peer.family == AF_INET6) {
        sockaddr_in6 v6;
        std::memcpy(&v6, &peer.addr, sizeof v6);
        asio::ip::address_v6::bytes_type bytes;
        std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
        return asio::ip::address_v6(bytes);
    }
    return std::nullopt;
}

bool is_http_url(std::string_view url)
{
    auto parts = base::split_http_url(url);
    bool has_host = parts && !parts->host_and_port.empty() && !parts->host_and_port.starts_with(':');
    return has_host && std::ranges::none_of(url, [](unsigned char c) { return c <= ' ' || c == 0x7F; });
}

bool is_target(std::string_view target)
{
    return target.starts_with('/') &&
           std::ranges::all_of(target, [](unsigned char c) { return c > ' ' && c < 0x7F && c != '#'; });
}

// Sets an option whose value is ours. libcurl knows it and takes the value, so that anything else is a bug.
template <class T>
void set(CURL* easy, CURLoption option, T value)
{
    CURLcode code = curl_easy_setopt(easy, option, value);
    if (code == CURLE_OUT_OF_MEMORY) throw std::bad_alloc();
    assert(code == CURLE_OK);
}

void append(curl_slist*& list, const std::string& line)
{
    curl_slist* longer = curl_slist_append(list, line.c_str());
    if (!longer) throw std::bad_alloc();
    list = longer;
}

bool breaks_out(std::string_view text) { return text.find_first_of(control_characters) != text.npos; }

}  // namespace

std::string target_of(std::string_view url)
{
    auto parts = base::split_http_url(url);
    std::string_view rest = parts ? parts->path_and_query : std::string_view();
    std::string target = rest.starts_with('/') ? "" : "/";
    constexpr char digits[] = "0123456789ABCDEF";
    for (unsigned char c : rest) {
        if (c > ' ' && c < 0x7F)
            target += static_cast<char>(c);
        else
            target.append({'%', digits[c >> 4], digits[c & 15]});
    }
    return target;
}

std::optional<ClientFailure> check(const ClientRequest& request)
{
    if (request.url.size() > url_max)
        return ClientFailure{base::errc::bad_url, fmt::format("a URL of more than {} octets", url_max)};
    if (!is_http_url(request.url))
        return ClientFailure{base::errc::bad_url, "not an http or https URL with a host"};
    if (!request.target.empty() && !is_target(request.target))
        return ClientFailure{base::errc::bad_url, "no target of a request"};
    for (const auto& [name, value] : request.headers) {
        if (!name.empty() && name.find_first_of(" :;") == name.npos && !breaks_out(name) &&
            !breaks_out(value))
            continue;
        auto invalid = make_error_code(boost::system::errc::invalid_argument);
        return ClientFailure{invalid, "a header that would break out of its line"};
    }
    return std::nullopt;
}

Transfer::Transfer(const AddressPolicy& addresses, const std::string& ca_file)
    : addresses_(addresses), easy_(curl_easy_init())
{
    if (!easy_) throw std::bad_alloc();
    set(easy_, CURLOPT_HTTP_VERSION, long(CURL_HTTP_VERSION_1_1));
    set(easy_, CURLOPT_PROTOCOLS_STR, "http,https");
    set(easy_, CURLOPT_FOLLOWLOCATION, 0L);
    set(easy_, CURLOPT_PROXY, "");  // or else the environment's
    set(easy_, CURLOPT_NOPROXY, "*");
    // The thread shares the process with others, to which a signal of libcurl's timeouts would go.
    set(easy_, CURLOPT_NOSIGNAL, 1L);
    // The target is signed as it stands, and must be sent so.
    set(easy_, CURLOPT_PATH_AS_IS, 1L);
    set(easy_, CURLOPT_TCP_NODELAY, 1L);
    set(easy_, CURLOPT_USERAGENT, "Tidings/0.1");
    set(easy_, CURLOPT_SSLVERSION, long(CURL_SSLVERSION_TLSv1_2));
    if (!ca_file.empty() && curl_easy_setopt(easy_, CURLOPT_CAINFO, ca_file.c_str()) != CURLE_OK)
        throw std::runtime_error("libcurl does not take the file of certificates " + ca_file);
    set(easy_, CURLOPT_CONNECTTIMEOUT_MS, connect_timeout);
    set(easy_, CURLOPT_BUFFERSIZE, buffer_size);
    set(easy_, CURLOPT_UPLOAD_BUFFERSIZE, buffer_size);
    set(easy_, CURLOPT_ERRORBUFFER, error_.data());
    set(easy_, CURLOPT_OPENSOCKETFUNCTION, &Transfer::open_socket);
    set(easy_, CURLOPT_OPENSOCKETDATA, static_cast<void*>(this));
    set(easy_, CURLOPT_WRITEFUNCTION, &Transfer::take_body);
    set(easy_, CURLOPT_WRITEDATA, static_cast<void*>(this));
}

Transfer::~Transfer()
{
    curl_easy_cleanup(easy_);
    curl_slist_free_all(headers_);
}

std::optional<ClientFailure> Transfer::begin(Job job)
{
    job_ = std::move(job);
    body_.clear();
    dropped_ = 0;
    refused_ = too_large_ = false;
    error_[0] = '\0';
    curl_slist_free_all(std::exchange(headers_, nullptr));
    // Without it libcurl asks for "100 Continue" before larger bodies and waits a second for receivers that
    // do not know it.
    append(headers_, "Expect:");
    for (const auto& [name, value] : job_.request.headers)
        // "Name:" would remove a header of libcurl's; "Name;" sends an empty one.
        append(headers_, value.empty() ? name + ";" : name + ": " + value);
    CURLcode code = give_request();
    if (code == CURLE_OK) return {};
    auto invalid = make_error_code(boost::system::errc::invalid_argument);
    return ClientFailure{invalid, fmt::format("libcurl refuses it: {}", curl_easy_strerror(code))};
}

// All of it comes from outside, so that libcurl may refuse any part: a text above its own limit, for one.
CURLcode Transfer::give_request()
{
    const ClientRequest& request = job_.request;
    CURLcode code = CURLE_OK;
    auto give = [this, &code](CURLoption option, auto value) {
        if (code == CURLE_OK) code = curl_easy_setopt(easy_, option, value);
    };
    give(CURLOPT_URL, request.url.c_str());
    give(CURLOPT_REQUEST_TARGET, request.target.empty() ? nullptr : request.target.c_str());
    give(CURLOPT_HTTPHEADER, headers_);
    give(CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout.count()));
    if (request.body.empty() && (request.method == "GET" || request.method == "DELETE")) {
        give(CURLOPT_HTTPGET, 1L);
    } else {
        give(CURLOPT_POST, 1L);
        give(CURLOPT_POSTFIELDS, request.body.data());
        give(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    }
    give(CURLOPT_CUSTOMREQUEST, request.method.c_str());
    return code;
}

curl_socket_t Transfer::open_socket(void* self, curlsocktype, curl_sockaddr* peer)
{
    auto& transfer = *static_cast<Transfer*>(self);
    auto address = address_of(*peer);
    // The address that is about to be connected to, and no other look-up of the name: what was judged is what
    // is used.
    if (address && transfer.addresses_.allows(*address))
        return socket(peer->family, peer->socktype | SOCK_CLOEXEC, peer->protocol);
    transfer.refused_ = true;
    return CURL_SOCKET_BAD;
}

std::size_t Transfer::take_body(char* data, std::size_t, std::size_t size, void* self)
{
    auto& transfer = *static_cast<Transfer*>(self);
    const ClientRequest& request = transfer.job_.request;
    std::size_t taken = std::min(size, request.answer_max - transfer.body_.size());
    transfer.body_.append(data, taken);
    transfer.dropped_ += size - taken;
    if (transfer.dropped_ == 0) return size;
    if (request.when_too_large == WhenTooLarge::cut && transfer.dropped_ <= dropped_max) return size;
    transfer.too_large_ = true;
    return size == 0 ? 1 : 0;  // anything but `size` stops the transfer
}

std::string Transfer::header(const char* name) const
{
    curl_header* found = nullptr;
    if (curl_easy_header(easy_, name, 0, CURLH_HEADER, -1, &found) != CURLHE_OK) return {};
    return found->value;
}

ClientFailure Transfer::failure(CURLcode code) const
{
    std::string text = base::escaped(error_[0] ? error_.data() : curl_easy_strerror(code));
    curl_off_t ready_after = 0;  // us until the request could be sent; 0: never
    curl_easy_getinfo(easy_, CURLINFO_PRETRANSFER_TIME_T, &ready_after);
    bool connected = ready_after > 0;
    if (too_large_) return {base::errc::answer_too_large, "the answer is too large", connected};
    if (code == CURLE_OPERATION_TIMEDOUT) return {base::errc::timed_out, text, connected};
    if (code == CURLE_URL_MALFORMAT) return {base::errc::bad_url, text};
    if (code == CURLE_COULDNT_CONNECT && refused_)
        return {base::errc::address_refused, "address refused by policy"};
    return {base::errc::unreachable, text, connected};
}

ClientResult Transfer::result(CURLcode code)
{
    // Stopped by us, behind a status that counts.
    bool cut = too_large_ && job_.request.when_too_large == WhenTooLarge::cut;
    if (code != CURLE_OK && !cut) return failure(code);
    long status = 0;
    curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
    ClientAnswer answer;
    answer.status = static_cast<unsigned>(status);
    answer.content_type = header("Content-Type");
    answer.retry_after = header("Retry-After");
    answer.body = std::move(body_);
    return answer;
}

void Transfer::end(CURLcode code)
{
    ClientResult made = result(code);
    Job job = std::exchange(job_, {});
    job.complete(std::move(made));
}

void Transfer::abort(ClientFailure failure)
{
    Job job = std::exchange(job_, {});
    job.complete(std::move(failure));
}

}  // namespace tidings::http
