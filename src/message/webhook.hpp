// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tidings::message {

// The values of these are stored: append only.
enum class HttpMethod : std::uint8_t { get = 0, post = 1, patch = 2, put = 3, delete_ = 4 };
enum class Encoding : std::uint8_t { json = 0, form = 1, xml = 2 };
enum class SignatureDigest : std::uint8_t { sha224 = 0, sha256 = 1, sha512 = 2 };

std::string_view name(HttpMethod method);       // "POST"
std::string_view name(Encoding encoding);       // "FORM_ENCODED"
std::string_view name(SignatureDigest digest);  // "SHA256"
std::optional<HttpMethod> method_named(std::string_view name);
std::optional<Encoding> encoding_named(std::string_view name);
std::optional<SignatureDigest> digest_named(std::string_view name);

using HeaderList = std::vector<std::pair<std::string, std::string>>;  // in the order given

// The request that a webhook makes, as its account asked for it. webhook/renderer.hpp fills it in.
struct WebhookCall {
    std::string url;  // with references in path and query
    HttpMethod method = HttpMethod::post;
    Encoding encoding = Encoding::json;
    HeaderList headers{};
    std::optional<std::string> template_text{};  // of the body; nothing: the default one of the encoding

    bool operator==(const WebhookCall&) const = default;
};

}  // namespace tidings::message
