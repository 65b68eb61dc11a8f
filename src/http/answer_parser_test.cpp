// SPDX-License-Identifier: Apache-2.0
#include "http/answer_parser.hpp"

#include <gtest/gtest.h>

using namespace tidings;
using namespace tidings::http;
using State = AnswerParser::State;

namespace {

constexpr std::size_t body_max = 16;

struct Read {
    State state;
    ClientAnswer answer;
    ClientFailure failure;
    bool keeps_connection;
    std::size_t used;  // of the bytes
};

// In pieces of `size`, as a connection does: what was not used comes again with the next piece behind it.
Read read_in_pieces(std::string_view bytes, std::size_t size, WhenTooLarge when, bool ends)
{
    AnswerParser parser(body_max, when);
    std::size_t begin = 0, end = 0;
    while (parser.state() == State::reading && end < bytes.size()) {
        end = std::min(bytes.size(), end + size);
        begin += parser.put(bytes.substr(begin, end - begin));
    }
    if (ends && parser.state() == State::reading) parser.put_end();
    return {parser.state(), parser.take(), parser.failure(), parser.keeps_connection(), begin};
}

// The same however the bytes are cut.
Read read(std::string_view bytes, WhenTooLarge when = WhenTooLarge::refuse, bool ends = false)
{
    Read whole = read_in_pieces(bytes, std::max<std::size_t>(bytes.size(), 1), when, ends);
    if (bytes.size() > 4096) return whole;  // octet by octet that would take long, and show nothing else
    for (std::size_t size : {1, 2, 3, 7}) {
        Read other = read_in_pieces(bytes, size, when, ends);
        EXPECT_EQ(other.state, whole.state) << bytes;
        EXPECT_EQ(other.failure.code, whole.failure.code) << bytes;
        EXPECT_EQ(other.keeps_connection, whole.keeps_connection) << bytes;
        if (whole.state != State::done) continue;
        EXPECT_EQ(other.answer.status, whole.answer.status) << bytes;
        EXPECT_EQ(other.answer.body, whole.answer.body) << bytes;
        EXPECT_EQ(other.used, whole.used) << bytes;
    }
    return whole;
}

Read read_to_end(std::string_view bytes) { return read(bytes, WhenTooLarge::refuse, true); }

std::string repeated(std::string_view text, std::size_t times)
{
    std::string all;
    for (std::size_t i = 0; i < times; ++i) all += text;
    return all;
}

void expect_malformed(std::string_view bytes)
{
    Read got = read_to_end(bytes);
    EXPECT_EQ(got.state, State::failed) << bytes;
    EXPECT_EQ(got.failure.code, base::errc::unreachable) << bytes;
    EXPECT_TRUE(got.failure.connected) << bytes;
}

}  // namespace

TEST(AnswerParser, AnAnswerHasStatusBodyAndTheHeadersThatAreAskedFor)
{
    Read got = read(
        "HTTP/1.1 503 Busy\r\ncontent-type: text/plain\r\nRetry-After:  9 \r\nRetry-After: 8\r\n"
        "Content-Length: 5\r\n\r\nhello");
    EXPECT_EQ(got.state, State::done);
    EXPECT_EQ(got.answer.status, 503u);
    EXPECT_EQ(got.answer.content_type, "text/plain");
    EXPECT_EQ(got.answer.retry_after, "9");
    EXPECT_EQ(got.answer.body, "hello");
    EXPECT_TRUE(got.keeps_connection);
}

TEST(AnswerParser, ABodyEndsByItsLengthItsChunksOrTheConnection)
{
    EXPECT_EQ(read("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").answer.body, "ok");
    Read chunks = read(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;a=b\r\no\r\n1\r\nk\r\n0\r\nRetry-After: "
        "7\r\n\r\n");
    EXPECT_EQ(chunks.state, State::done);
    EXPECT_EQ(chunks.answer.body, "ok");
    EXPECT_EQ(chunks.answer.retry_after, "") << "a trailer is no header";
    EXPECT_TRUE(chunks.keeps_connection);
    Read closed = read_to_end("HTTP/1.1 200 OK\r\n\r\nok");
    EXPECT_EQ(closed.state, State::done);
    EXPECT_EQ(closed.answer.body, "ok");
    EXPECT_FALSE(closed.keeps_connection);
    for (auto status : {"204 No Content", "304 Not Modified"}) {
        Read none = read(fmt::format("HTTP/1.1 {}\r\nContent-Length: 5\r\n\r\n", status));
        EXPECT_EQ(none.state, State::done) << status;
        EXPECT_TRUE(none.keeps_connection) << status;
    }
}

TEST(AnswerParser, AnAnswerNeedsNoReason)
{
    for (auto line : {"HTTP/1.1 200", "HTTP/1.1 200 ", "HTTP/1.1 200 so geht's"})
        EXPECT_EQ(read(fmt::format("{}\r\nContent-Length: 0\r\n\r\n", line)).answer.status, 200u) << line;
}

TEST(AnswerParser, TheConnectionStaysIfBothSidesSaySo)
{
    auto keeps = [](std::string_view head) {
        Read got = read(fmt::format("{}Content-Length: 0\r\n\r\n", head));
        EXPECT_EQ(got.state, State::done);
        return got.keeps_connection;
    };
    EXPECT_TRUE(keeps("HTTP/1.1 200 OK\r\n"));
    EXPECT_FALSE(keeps("HTTP/1.1 200 OK\r\nConnection: close\r\n"));
    EXPECT_FALSE(keeps("HTTP/1.0 200 OK\r\n"));
    EXPECT_TRUE(keeps("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n"));
}

TEST(AnswerParser, WhatStandsBehindAnAnswerIsLeftThere)
{
    std::string_view answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    Read got = read(std::string(answer) + "HTTP/1.1 200 OK\r\n");
    EXPECT_EQ(got.state, State::done);
    EXPECT_EQ(got.used, answer.size());
}

TEST(AnswerParser, AnswersBeforeTheAnswerAreSkippedUpToALimit)
{
    std::string_view interim = "HTTP/1.1 103 Early Hints\r\nRetry-After: 1\r\nLink: x\r\n\r\n";
    std::string_view last = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    Read got = read(repeated(interim, AnswerParser::interim_max) + std::string(last));
    EXPECT_EQ(got.state, State::done);
    EXPECT_EQ(got.answer.status, 200u);
    EXPECT_EQ(got.answer.retry_after, "");
    expect_malformed(repeated(interim, AnswerParser::interim_max + 1) + std::string(last));
    expect_malformed("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n" + std::string(last));
}

TEST(AnswerParser, WhatIsNoAnswerIsRefused)
{
    std::string_view bad[] = {
        "hello",
        "\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
        "HTTP/2 200\r\n\r\n",
        "HTTP/1.1 20 OK\r\n\r\n",
        "HTTP/1.1 2000 OK\r\n\r\n",
        "HTTP/1.1 -20 OK\r\n\r\n",
        "HTTP/1.1 000 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 099 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 600 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        "HTTP/1.1 200 OK\r\n: no name\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nContent-Length: 1, 2\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n",
    };
    for (auto bytes : bad) expect_malformed(bytes);
}

TEST(AnswerParser, AnAnswerThatBreaksOffIsNone)
{
    std::string_view whole = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    for (std::size_t size = 0; size < whole.size(); ++size) expect_malformed(whole.substr(0, size));
    std::string_view chunks = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
    for (std::size_t size = 0; size < chunks.size(); ++size) expect_malformed(chunks.substr(0, size));
    AnswerParser parser(body_max, WhenTooLarge::refuse);
    EXPECT_FALSE(parser.has_begun());
    parser.put("H");
    EXPECT_TRUE(parser.has_begun());
}

TEST(AnswerParser, HeadersHaveALimit)
{
    expect_malformed("HTTP/1.1 200 OK\r\nX: " + std::string(AnswerParser::header_max, 'x') + "\r\n\r\n");
    expect_malformed("HTTP/1.1 200 OK\r\n" + repeated("X: y\r\n", AnswerParser::header_max / 6));
    expect_malformed(std::string(1 << 20, 'H'));
    std::string fits = "HTTP/1.1 200 OK\r\nX: " + std::string(AnswerParser::header_max - 100, 'x');
    EXPECT_EQ(read(fits + "\r\nContent-Length: 0\r\n\r\n").state, State::done);
}

TEST(AnswerParser, FramingHasALimit)
{
    std::string head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    std::size_t many = AnswerParser::framing_max;
    AnswerParser parser(many, WhenTooLarge::refuse);
    std::string bytes = head + repeated("1;" + std::string(50, 'x') + "\r\na\r\n", many / 50);
    parser.put(bytes);
    EXPECT_EQ(parser.state(), State::failed);
    expect_malformed(head + "1;" + std::string(many, 'x'));
    expect_malformed(head + "0\r\n" + repeated("X: y\r\n", many / 6));
}

TEST(AnswerParser, AnAnswerThatIsTooLargeIsRefusedOrCut)
{
    std::string text(body_max + 1, 'x');
    std::string length = fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", text.size());
    std::string chunked =
        fmt::format("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n", text.size());
    for (const std::string& bytes : {length + text, chunked + text + "\r\n0\r\n\r\n"}) {
        EXPECT_EQ(read(bytes).failure.code, base::errc::answer_too_large);
        Read cut = read(bytes, WhenTooLarge::cut);
        EXPECT_EQ(cut.state, State::done);
        EXPECT_EQ(cut.answer.body, std::string(body_max, 'x'));
        EXPECT_FALSE(cut.failure.code);
    }
    std::string exact = fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body_max);
    EXPECT_EQ(read(exact + std::string(body_max, 'x')).state, State::done);
}

TEST(AnswerParser, BehindACutSomeIsReadAndTheRestIsLeft)
{
    std::string endless = "HTTP/1.1 200 OK\r\n\r\n" + std::string(body_max + AnswerParser::dropped_max, 'x');
    EXPECT_EQ(read(endless, WhenTooLarge::cut).state, State::reading);
    Read got = read(endless + "x", WhenTooLarge::cut);
    EXPECT_EQ(got.state, State::done);
    EXPECT_EQ(got.answer.status, 200u);
    EXPECT_FALSE(got.keeps_connection);
    std::string odd = "HTTP/1.1 600 OK\r\n\r\n" + std::string(body_max + AnswerParser::dropped_max + 1, 'x');
    EXPECT_EQ(read(odd, WhenTooLarge::cut).state, State::failed);
}
