// SPDX-License-Identifier: Apache-2.0
// UUIDs of version 7 (RFC 9562, 5.7): 48 bits of milliseconds, then a counter and random bits. They sort by
// time, so that rows are added at the end of their tables, and the time can be read from them again.
#include "base/uuid.hpp"

#include "base/append.hpp"
#include "base/hex.hpp"

namespace tidings::base {

namespace {

constexpr std::size_t text_size = 36;

constexpr bool dash_at(std::size_t i) { return i == 8 || i == 13 || i == 18 || i == 23; }

}  // namespace

std::string Uuid::text() const
{
    std::string out;
    append_uuid(out, *this);
    return out;
}

Result<Uuid> Uuid::parse(std::string_view text)
{
    if (text.size() != text_size) return errc::bad_uuid;
    Uuid id;
    std::size_t nibbles = 0;
    for (std::size_t i = 0; i < text_size; ++i) {
        if (dash_at(i)) {
            if (text[i] != '-') return errc::bad_uuid;
            continue;
        }
        int value = hex_value(text[i]);
        if (value < 0) return errc::bad_uuid;
        auto& byte = id.bytes[nibbles++ / 2];
        byte = static_cast<std::uint8_t>(byte << 4 | value);
    }
    return id;
}

Uuid Uuid::first_at(Time time)
{
    auto milliseconds = static_cast<std::uint64_t>(time.time_since_epoch().count());
    Uuid id;
    for (std::size_t i = 0; i < 6; ++i) id.bytes[i] = static_cast<std::uint8_t>(milliseconds >> (40 - 8 * i));
    return id;
}

Time Uuid::time() const
{
    std::uint64_t milliseconds = 0;
    for (std::size_t i = 0; i < 6; ++i) milliseconds = milliseconds << 8 | bytes[i];
    return Time(std::chrono::milliseconds(milliseconds));
}

}  // namespace tidings::base
