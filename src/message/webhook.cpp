// SPDX-License-Identifier: Apache-2.0
#include "message/webhook.hpp"

#include <algorithm>
#include <array>

namespace tidings::message {

namespace {

constexpr std::array<std::string_view, 5> methods{"GET", "POST", "PATCH", "PUT", "DELETE"};
constexpr std::array<std::string_view, 3> encodings{"JSON", "FORM_ENCODED", "XML"};
constexpr std::array<std::string_view, 3> digests{"SHA224", "SHA256", "SHA512"};

template <class Enum>
std::optional<Enum> named(const auto& names, std::string_view text)
{
    auto found = std::ranges::find(names, text);
    if (found == names.end()) return {};
    return static_cast<Enum>(found - names.begin());
}

}  // namespace

std::string_view name(HttpMethod method) { return methods[static_cast<std::size_t>(method)]; }
std::string_view name(Encoding encoding) { return encodings[static_cast<std::size_t>(encoding)]; }
std::string_view name(SignatureDigest digest) { return digests[static_cast<std::size_t>(digest)]; }

std::optional<HttpMethod> method_named(std::string_view text) { return named<HttpMethod>(methods, text); }
std::optional<Encoding> encoding_named(std::string_view text) { return named<Encoding>(encodings, text); }
std::optional<SignatureDigest> digest_named(std::string_view text)
{
    return named<SignatureDigest>(digests, text);
}

}  // namespace tidings::message
