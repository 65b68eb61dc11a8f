// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

namespace tidings::store {

// The hash of a key in two parts, for tables in memory only: another process may hash otherwise, so that it
// is never stored.
inline std::uint64_t key_hash(std::uint64_t first, std::string_view second)
{
    return (first * 0xD6E8FEB86659FD93u ^ std::hash<std::string_view>{}(second)) * 0x9E3779B97F4A7C15u;
}
template <class Enum>
std::uint64_t key_hash(Enum first, std::string_view second)
{
    return key_hash(static_cast<std::uint64_t>(first), second);
}

inline std::uint64_t thread_hash(std::string_view number, std::string_view handset)
{
    return key_hash(std::hash<std::string_view>{}(number), handset);
}

}  // namespace tidings::store
