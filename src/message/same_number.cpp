// SPDX-License-Identifier: Apache-2.0
#include "message/same_number.hpp"

#include <algorithm>
#include <cstddef>

namespace tidings::message {

namespace {

constexpr std::size_t handset_digits_min = 7;  // without country and area, where a country has few numbers
constexpr std::size_t compared_digits = 8;

std::string_view tail(std::string_view number, std::size_t size)
{
    return number.substr(number.size() - size);
}

}  // namespace

bool looks_like_handset(std::string_view address)
{
    return address.size() >= handset_digits_min && address.find_first_not_of("0123456789") == address.npos;
}

bool may_be_same_number(std::string_view a, std::string_view b)
{
    if (!looks_like_handset(a) || !looks_like_handset(b)) return a == b;
    std::size_t size = std::min({a.size(), b.size(), compared_digits});
    return tail(a, size) == tail(b, size);
}

}  // namespace tidings::message
