// SPDX-License-Identifier: Apache-2.0
#include "base/utf8.hpp"
#include "http/origin.hpp"
#include "store/endpoint.hpp"
#include "webhook/url_template.hpp"
#include "wire/http_url.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace {

void require(bool holds)
{
    if (!holds) std::abort();
}

// Whatever passes as a URL can be sent, as one request line to one host.
void try_url(const std::string& url)
{
    using namespace tidings;
    std::string target = http::target_of(url);
    require(target.starts_with('/') &&
            std::ranges::all_of(target, [](unsigned char c) { return c > ' ' && c < 0x7F && c != '#'; }));
    store::EndpointKey endpoint = store::endpoint_of(url);
    if (!wire::is_http_url(url) || url.size() > http::url_max) return;
    std::string origin = wire::sent_origin(url);
    require(std::ranges::all_of(origin, [](unsigned char c) { return c > ' ' && c < 0x7F; }));
    require(wire::is_http_url(origin + target));
    http::ClientRequest request;
    request.url = url;
    request.target = target;
    require(!http::check(request));
    // It goes to the host that was judged, and its head is one request.
    auto to = http::parse_origin(http::origin_text(origin + target));
    require(to && to->host.find_first_of("@/?# ") == to->host.npos);
    std::string head;
    http::append_head(head, request, *to);
    require(head.find("\r\n\r\n") == head.size() - 4 && head.starts_with("POST " + target + " HTTP/1.1\r\n"));
    std::size_t path = url.find_first_of("/?#", url.find("://") + 3);
    require(store::origin_of(endpoint) == store::origin_of(store::endpoint_of(url.substr(0, path))));
}

// Text in a URL never leaves its place.
void try_template(const std::string& url, const std::string& text)
{
    using namespace tidings;
    auto parsed = webhook::UrlTemplate::parse(url);
    if (!parsed) return;
    webhook::Budget budget = webhook::Budget::full();
    auto rendered = parsed->render({{"moContent", std::string_view(text)}}, budget);
    if (!rendered) return;
    require(rendered->size() <= webhook::rendered_url_max);
    std::size_t origin = std::min(url.find_first_of("/?", url.find("://") + 3), url.size());
    require(rendered->starts_with(url.substr(0, origin)));
    std::string_view path = std::string_view(*rendered).substr(origin);
    path = path.substr(0, path.find('?'));
    for (std::string_view dots : {"/./", "/../", "/%2E/", "/%2E%2E/", "/%2e/", "/%2e%2e/"})
        require((std::string(path) + "/").find(dots) == path.npos);
}

}  // namespace

// The first line is a URL, of a callback or of a webhook; the rest is what a handset wrote.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    std::string bytes(reinterpret_cast<const char*>(data), size);
    std::string url = bytes.substr(0, bytes.find('\n'));
    std::string text = url.size() < bytes.size() ? bytes.substr(url.size() + 1) : "..";
    try_url(url);
    try_template(url, text);
    try_template("https://example.com/a/$moContent/b?c=$moContent", bytes);
    require(tidings::base::is_utf8(tidings::base::escaped(bytes)));
    return 0;
}
