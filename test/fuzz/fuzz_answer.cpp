// SPDX-License-Identifier: Apache-2.0
// The first byte says how large the pieces are in which the rest arrives, and what happens to a body that is
// too large. However it is cut, the parser takes no more than it is given and comes to the same end.
#include "http/answer_parser.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

namespace {

using namespace tidings::http;
using State = AnswerParser::State;

constexpr std::size_t body_max = 32;

void require(bool holds)
{
    if (!holds) std::abort();
}

struct End {
    State state;
    unsigned status;
    std::string body;
    bool operator==(const End&) const = default;
};

End read(std::string_view bytes, std::size_t piece, WhenTooLarge when)
{
    AnswerParser parser(body_max, when);
    std::size_t begin = 0, end = 0;
    while (parser.state() == State::reading && end < bytes.size()) {
        end = std::min(bytes.size(), end + piece);
        std::size_t used = parser.put(bytes.substr(begin, end - begin));
        require(used <= end - begin);
        begin += used;
    }
    if (parser.state() == State::reading) parser.put_end();
    require(parser.state() != State::reading);
    if (parser.state() == State::failed) return {State::failed, 0, {}};
    ClientAnswer answer = parser.take();
    require(answer.status >= 200 && answer.status <= 599 && answer.body.size() <= body_max);
    return {State::done, answer.status, answer.body};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0) return 0;
    std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    WhenTooLarge when = data[0] & 1 ? WhenTooLarge::cut : WhenTooLarge::refuse;
    End whole = read(bytes, std::max<std::size_t>(bytes.size(), 1), when);
    require(read(bytes, 1 + (data[0] >> 1), when) == whole);
    return 0;
}
