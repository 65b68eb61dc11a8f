// SPDX-License-Identifier: Apache-2.0
// The first byte says where the stream is cut; the rest is the stream. However it is cut, the parser takes no
// more than it is given, and what it takes are whole requests. Half of the methods have their bodies skipped.
#include "http/request_parser.hpp"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace tidings::http;
    constexpr std::size_t body_max = 1024;
    if (size == 0) return 0;
    std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    std::size_t end = std::min<std::size_t>(data[0], bytes.size()), begin = 0;
    RequestParser parser({.header_max = 1024, .body_max = body_max});
    for (;;) {
        std::size_t used = parser.put(bytes.substr(begin, end - begin));
        if (used > end - begin) std::abort();
        begin += used;
        if (parser.state() == RequestParser::State::failed) return 0;
        if (parser.state() == RequestParser::State::headed) {
            Request request = parser.take_head();
            split_target(request.target, request.path, request.query);
            request.method_text.size() % 2 ? parser.skip_body() : parser.read_body();
        } else if (parser.state() == RequestParser::State::done) {
            if (parser.take_body().size() > body_max) std::abort();
        } else if (used == 0) {
            if (end == bytes.size()) return 0;
            end = bytes.size();
        }
    }
}
