// SPDX-License-Identifier: Apache-2.0
// The first byte says where the stream is cut; the rest is the stream. However it is cut, the parser takes no
// more than it is given, and what it takes are whole requests.
#include "http/request_parser.hpp"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace tidings::http;
    if (size == 0) return 0;
    std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    std::size_t end = std::min<std::size_t>(data[0], bytes.size()), begin = 0;
    RequestParser parser({.header_max = 1024, .body_max = 1024});
    for (;;) {
        std::size_t used = parser.put(bytes.substr(begin, end - begin));
        if (used > end - begin) std::abort();
        begin += used;
        if (parser.state() == RequestParser::State::failed) return 0;
        if (parser.state() == RequestParser::State::done) {
            Request request = parser.take();
            if (request.body.size() > 1024) std::abort();
            split_target(request.target, request.path, request.query);
        } else if (end == bytes.size())
            return 0;
        else
            end = bytes.size();
    }
}
