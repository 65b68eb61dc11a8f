// SPDX-License-Identifier: Apache-2.0
#include "http/chunk_decoder.hpp"

#include <gtest/gtest.h>

#include <string>

using namespace tidings::http;
using ChunkState = ChunkDecoder::State;

namespace {

constexpr std::size_t framing_max = 100;

struct Decoded {
    ChunkState state;
    std::string data;
    std::string rest;
    bool operator==(const Decoded&) const = default;
};

Decoded decode(std::string_view bytes, std::size_t step = std::string_view::npos)
{
    ChunkDecoder decoder(framing_max);
    Decoded decoded{};
    while (!bytes.empty() && decoder.state() == ChunkState::reading) {
        std::string_view piece = bytes.substr(0, step);
        bytes.remove_prefix(piece.size());
        while (!piece.empty() && decoder.state() == ChunkState::reading) decoded.data += decoder.next(piece);
        decoded.rest = std::string(piece) + std::string(bytes);
    }
    decoded.state = decoder.state();
    return decoded;
}

ChunkState state_of(std::string_view bytes)
{
    Decoded whole = decode(bytes);
    EXPECT_EQ(decode(bytes, 1), whole) << bytes;
    return whole.state;
}

}  // namespace

TEST(ChunkDecoder, GivesTheDataAndLeavesWhatFollows)
{
    std::string_view bytes = "4;a=\"b\"\r\nWiki\r\n00A \t;c\r\n0123456789\r\n0\r\nX: y\r\n\r\nGET /";
    Decoded decoded{ChunkState::done, "Wiki0123456789", "GET /"};
    for (std::size_t step : {1u, 2u, 7u, 1000u}) EXPECT_EQ(decode(bytes, step), decoded) << step;
    EXPECT_EQ(decode("0\r\n\r\n"), (Decoded{ChunkState::done, "", ""}));
    EXPECT_EQ(state_of("4\r\nWi"), ChunkState::reading);
}

TEST(ChunkDecoder, WhatIsNoChunkIsMalformed)
{
    for (std::string_view bytes : {"\r\n",
                                   ";x\r\n",
                                   "x\r\n",
                                   "-1\r\n",
                                   "+1\r\n",
                                   "0x1\r\n",
                                   "1\n",
                                   "1 \r\n",
                                   "1\r\r",
                                   "1\r\nab\r\n",
                                   "1\r\na\n",
                                   "1\r\na\r\r",
                                   "1;\n",
                                   "1;a\x01\r\n",
                                   "0\r\n\n",
                                   "0\r\n\rx",
                                   "0\r\n: x\r\n",
                                   "0\r\n x: y\r\n",
                                   "0\r\nno colon\r\n",
                                   "0\r\nX: y\n",
                                   "0\r\nX: y\r\r",
                                   "fffffffffffffffff\r\n"})
        EXPECT_EQ(state_of(bytes), ChunkState::malformed) << bytes;
}

TEST(ChunkDecoder, FramingIsBoundedWhateverItIs)
{
    std::string many(3 * framing_max, 'x');
    EXPECT_EQ(state_of("1;" + many), ChunkState::too_much_framing);
    EXPECT_EQ(state_of("1" + std::string(3 * framing_max, ' ')), ChunkState::too_much_framing);
    EXPECT_EQ(state_of("0\r\nX: " + many), ChunkState::too_much_framing);
    std::string trailers = "0\r\n", tiny;
    for (int i = 0; i < 100; ++i) trailers += "X: y\r\n", tiny += "1\r\na\r\n";
    EXPECT_EQ(state_of(trailers), ChunkState::too_much_framing);
    EXPECT_EQ(state_of(tiny), ChunkState::too_much_framing);
}

TEST(ChunkDecoder, DataPaysForItsFraming)
{
    std::string bytes;
    for (int i = 0; i < 1000; ++i) bytes += "6\r\nabcdef\r\n";
    EXPECT_EQ(state_of(bytes + "0\r\n\r\n"), ChunkState::done);
}

TEST(ChunkDecoder, SaysHowMuchIsAnnounced)
{
    ChunkDecoder decoder(framing_max);
    std::string_view bytes = "10\r\nabcd";
    EXPECT_EQ(decoder.next(bytes), "abcd");
    EXPECT_EQ(decoder.announced(), 16u);
}
