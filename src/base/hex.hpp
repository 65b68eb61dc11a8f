// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace tidings::base {

// Of a hexadecimal digit, in either letter case; -1: it is none.
constexpr int hex_value(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

}  // namespace tidings::base
