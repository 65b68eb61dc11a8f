// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/error.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace tidings::base {

using Sha256 = std::array<std::uint8_t, 32>;

Sha256 sha256(std::string_view bytes);
std::string md5(std::string_view bytes);  // 16 raw bytes, as Content-MD5 wants them

enum class HmacDigest { sha1, sha256 };
std::string hmac(HmacDigest digest, std::string_view secret, std::string_view bytes);  // raw bytes

// Takes the same time wherever the difference is; unequal sizes are unequal at once.
bool equal_in_constant_time(std::string_view a, std::string_view b);

std::string to_hex(std::string_view bytes);  // lower case
std::string to_base64(std::string_view bytes);
Result<std::string> from_base64(std::string_view text);  // with or without padding

// From the operating system's source for secrets.
std::string random_bytes(std::size_t size);
std::string random_text(std::size_t size);  // [A-Za-z0-9], uniform

}  // namespace tidings::base
