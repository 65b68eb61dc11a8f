// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/error.hpp"
#include "base/time.hpp"

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace tidings::base {

// 16 bytes inside, 36 lower-case characters only at the edges.
struct Uuid {
    std::array<std::uint8_t, 16> bytes{};

    std::string text() const;
    static Result<Uuid> parse(std::string_view text);
    static Uuid first_at(Time time);  // before every UUID of version 7 that was made then or later
    Time time() const;                // when it was made; of version 7 only

    auto operator<=>(const Uuid&) const = default;
};

}  // namespace tidings::base

template <>
struct std::hash<tidings::base::Uuid> {
    std::size_t operator()(const tidings::base::Uuid& id) const noexcept
    {
        std::uint64_t high, low;
        __builtin_memcpy(&high, id.bytes.data(), 8);
        __builtin_memcpy(&low, id.bytes.data() + 8, 8);
        return high * 0x9E3779B97F4A7C15u ^ low;
    }
};
