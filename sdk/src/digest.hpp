// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tidings::detail {

enum class Hash { md5, sha1, sha224, sha256, sha512 };

std::string digest(Hash hash, std::string_view bytes);                         // raw bytes
std::string hmac(Hash hash, std::string_view secret, std::string_view bytes);  // raw bytes
// RSASSA-PKCS1-v1_5 with a key that is DER of SubjectPublicKeyInfo. No for whatever is wrong.
bool rsa_verifies(Hash hash, std::string_view public_key, std::string_view signature, std::string_view bytes);

std::string to_hex(std::string_view bytes);
std::string to_base64(std::string_view bytes);
std::optional<std::string> from_base64(std::string_view text);  // strict
// Takes the same time wherever the difference is.
bool equal_in_constant_time(std::string_view a, std::string_view b);

}  // namespace tidings::detail
