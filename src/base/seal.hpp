// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/error.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace tidings::base {

// Keeps secrets that must be read back (HMAC secrets, carrier passwords) unreadable on disk: AES-256-GCM.
//     version 1 | key id 4 | nonce 12 | ciphertext | tag 16
// `row` names what the secret belongs to and is authenticated with it, so that sealed bytes cannot be moved
// to another row.
class Sealer {
public:
    using Key = std::array<std::uint8_t, 32>;

    explicit Sealer(const Key& key);

    // Reads the key file, 64 hexadecimal digits; throws a sentence for the operator when that fails.
    static Sealer from_file(const std::filesystem::path& path);
    // Writes a new key file, 0600; throws when there is one already.
    static void create_file(const std::filesystem::path& path);

    std::string seal(std::string_view secret, std::string_view row) const;
    Result<std::string> open(std::string_view sealed, std::string_view row) const;  // bad_seal

private:
    Key key_;
    std::array<std::uint8_t, 4> id_;  // the start of the key's SHA-256
};

}  // namespace tidings::base
