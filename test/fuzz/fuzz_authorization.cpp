// SPDX-License-Identifier: Apache-2.0
// Credentials come from anybody: they may be refused, and nothing worse.
#include "api/auth.hpp"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace tidings;
    static const store::Settings settings = [] {
        store::Settings made;
        made.keys.put("key", {"key", {}, store::KeyScheme::hmac, {}, "a secret that no fuzzer finds"});
        return made;
    }();
    constexpr std::string_view date = "Sat, 30 Jul 2016 05:18:52 GMT";
    std::string_view text(reinterpret_cast<const char*>(data), size);
    http::Request request;
    request.method_text = "PUT";
    request.target = "/v1/messages/1";
    request.body = text;
    request.headers.set("date", date);
    request.headers.set("content-md5", text.substr(0, 32));
    request.headers.set("authorization", text.substr(0, 16 << 10));
    auto key = api::authenticate(request, settings, *base::parse_http_date(date), {});
    if (key) std::abort();
    if (api::response_of(key.error()).body.empty()) std::abort();
    return 0;
}
