// SPDX-License-Identifier: Apache-2.0
// Numbers and texts one behind the other in a blob: numbers high byte first, texts behind their size.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tidings::store::rules {

inline void put(std::string& out, std::uint64_t value, int bytes)
{
    while (bytes-- > 0) out += static_cast<char>(value >> 8 * bytes & 0xFF);
}

inline std::uint64_t take(std::string_view& in, std::size_t bytes)
{
    std::uint64_t value = 0;
    for (unsigned char octet : in.substr(0, bytes)) value = value << 8 | octet;
    in.remove_prefix(bytes);
    return value;
}

// Behind its size in one byte; less of it when the bytes end before.
inline std::string_view take_text(std::string_view& in)
{
    std::size_t size = take(in, 1);
    std::string_view text = in.substr(0, size);
    in.remove_prefix(text.size());
    return text;
}

}  // namespace tidings::store::rules
