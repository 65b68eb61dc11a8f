// SPDX-License-Identifier: Apache-2.0
// The chunked coding (RFC 9112, 7.1), one octet of framing at a time, so that it may be cut anywhere:
//
//     size [;extension] CRLF data CRLF ... 0 CRLF [trailer CRLF]... CRLF
//
// Whoever stands before us may read a message otherwise than we do, and what is a body to one would be a
// request to the other. So nothing is forgiven: lines end with CR and LF, a size is hexadecimal digits and
// nothing before them. Framing is bounded by what it frames: chunks of one octet with long extensions would
// else be work without end.
#include "http/chunk_decoder.hpp"

#include "base/hex.hpp"

#include <algorithm>
#include <cstdlib>

namespace tidings::http {

namespace {

constexpr int digits_max = 15;  // of a size: it cannot overflow, and no body is that long

// What may stand in extensions and trailers. A line feed is not among it: alone it ends a line for some
// readers, and for others not.
bool is_text(char c) { return c == '\t' || (static_cast<unsigned char>(c) >= ' ' && c != '\x7f'); }

}  // namespace

std::string_view ChunkDecoder::next(std::string_view& bytes)
{
    while (!bytes.empty() && state_ == State::reading) {
        if (step_ == Step::data) {
            auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
            std::string_view data = bytes.substr(0, size);
            bytes.remove_prefix(size);
            data_ += size;
            left_ -= size;
            if (left_ == 0) step_ = Step::data_end;
            return data;
        }
        char c = bytes.front();
        bytes.remove_prefix(1);
        take_framing(c);
        // Counted against the data that came so far: the allowance grows only as a body does.
        if (++framing_ > framing_max_ + data_ && state_ == State::reading) state_ = State::too_much_framing;
    }
    return {};
}

void ChunkDecoder::expect(char c, char wanted, Step next)
{
    if (c == wanted)
        step_ = next;
    else
        state_ = State::malformed;
}

void ChunkDecoder::take_size(char c)
{
    if (int value = base::hex_value(c); value >= 0) {
        left_ = left_ << 4 | static_cast<std::uint64_t>(value);
        if (++digits_ > digits_max) state_ = State::malformed;
        return;
    }
    // A line without a size. Some readers take it for zero, and would see the end of the body here.
    if (digits_ == 0)
        state_ = State::malformed;
    else if (c == ';')
        step_ = Step::extension;
    // Blanks before an extension are allowed (RFC 9112, 7.1.1), and there alone.
    else if (c == ' ' || c == '\t')
        step_ = Step::blank;
    else
        expect(c, '\r', Step::size_end);
}

// Trailers are read and forgotten, but each must look like a header.
void ChunkDecoder::take_trailer(char c)
{
    if (c == ':') named_ = true;
    if (is_text(c)) return;
    if (named_)
        expect(c, '\r', Step::line_end);
    else
        state_ = State::malformed;
}

void ChunkDecoder::take_framing(char c)
{
    switch (step_) {
    case Step::size: return take_size(c);
    case Step::blank:
        if (c != ' ' && c != '\t') expect(c, ';', Step::extension);
        return;
    case Step::extension:
        if (!is_text(c)) expect(c, '\r', Step::size_end);
        return;
    case Step::size_end: return expect(c, '\n', left_ == 0 ? Step::line : Step::data);
    case Step::data_end: return expect(c, '\r', Step::data_end2);
    case Step::data_end2: digits_ = 0; return expect(c, '\n', Step::size);
    // After the last chunk: a trailer, or the empty line that ends it all.
    case Step::line:
        named_ = false;
        if (c == '\r')
            step_ = Step::end;
        else if (c == ' ' || c == '\t' || c == ':')
            state_ = State::malformed;
        else
            step_ = Step::trailer, take_trailer(c);
        return;
    case Step::trailer: return take_trailer(c);
    case Step::line_end: return expect(c, '\n', Step::line);
    case Step::end: state_ = c == '\n' ? State::done : State::malformed; return;
    case Step::data: break;
    }
    std::abort();
}

}  // namespace tidings::http
