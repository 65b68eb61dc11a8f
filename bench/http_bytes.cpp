// SPDX-License-Identifier: Apache-2.0
#include "http_bytes.hpp"

#include <charconv>
#include <stdexcept>

namespace tidings::bench {

namespace {

constexpr std::string_view end_of_head = "\r\n\r\n", length_name = "\r\nContent-Length: ";

}  // namespace

std::optional<Framing> framing_of(std::string_view bytes)
{
    auto end = bytes.find(end_of_head);
    if (end == bytes.npos) return std::nullopt;
    Framing framing{.head = end + end_of_head.size()};
    std::string_view head = bytes.substr(0, framing.head);
    auto at = head.find(length_name);
    if (at == head.npos) throw std::runtime_error("a message of HTTP without Content-Length");
    std::from_chars(head.data() + at + length_name.size(), head.data() + head.size(), framing.body);
    return framing;
}

}  // namespace tidings::bench
