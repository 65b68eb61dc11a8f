// SPDX-License-Identifier: Apache-2.0
// The header Authorization, read tolerantly: schemes and parameter names in any letter case, blanks around
// `=` and `,`, parameters in any order, with or without quotes, unknown ones ignored.
//
//     Basic dGhpc2lzYWtleTp0aGlzaXNhc2VjcmV0
//     hmac username="KEY", algorithm="hmac-sha1", headers="date request-line", signature="BASE64"
//     Bearer TOKEN
#pragma once

#include "base/digest.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tidings::api {

enum class Scheme { none, basic, hmac, bearer, unknown };

struct Authorization {
    Scheme scheme = Scheme::none;
    std::string_view credentials;  // into the header, without blanks around
};
Authorization split_authorization(std::string_view header);

// The key's name ends at the first colon; the secret may hold others.
struct BasicCredentials {
    std::string key;
    std::string secret;
};
std::optional<BasicCredentials> parse_basic(std::string_view credentials);

// Every name costs a copy of a header; clients sign three.
constexpr std::size_t signed_names_max = 16;

struct HmacCredentials {
    std::string key;
    base::HmacDigest digest = base::HmacDigest::sha1;
    std::vector<std::string> signed_names;  // as the signing string orders and spells them; at least one
    std::string signature;                  // raw bytes
};
std::optional<HmacCredentials> parse_hmac(std::string_view credentials);

}  // namespace tidings::api
