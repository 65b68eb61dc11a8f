// SPDX-License-Identifier: Apache-2.0
// The chunked coding of a body (RFC 9112, 7.1), undone as its bytes arrive:
//
//     4;name=value CRLF  Wiki CRLF  0 CRLF  Trailer: x CRLF  CRLF
//
// What is not data (sizes, extensions, trailers, line ends) is framing. It is skipped, never kept: an
// extension means nothing to us, and a trailer must not pass for a header that was judged before. And it is
// bounded, since it costs time and could go on for ever: a request may have as much of it as `framing_max`,
// and one byte more for each byte of data. Chunks of six bytes and more never come near that.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tidings::http {

class ChunkDecoder {
public:
    enum class State { reading, done, malformed, too_much_framing };

    explicit ChunkDecoder(std::size_t framing_max) : framing_max_(framing_max) {}

    // Takes the next stretch of data off the front of `bytes`, along with the framing before it. Empty:
    // `bytes` is used up, or the state is no longer `reading`; what follows the body then stays in `bytes`.
    std::string_view next(std::string_view& bytes);

    State state() const { return state_; }
    // Bytes of data, with those to come of a chunk whose size is known.
    std::uint64_t announced() const { return step_ == Step::size ? data_ : data_ + left_; }

private:
    enum class Step {
        size,
        blank,
        extension,
        size_end,
        data,
        data_end,
        data_end2,
        line,
        trailer,
        line_end,
        end
    };

    void take_framing(char c);
    void take_size(char c);
    void take_trailer(char c);
    void expect(char c, char wanted, Step next);

    const std::size_t framing_max_;
    State state_ = State::reading;
    Step step_ = Step::size;
    std::uint64_t framing_ = 0;
    std::uint64_t data_ = 0;  // given out
    std::uint64_t left_ = 0;  // of this chunk
    int digits_ = 0;          // of its size
    bool named_ = false;      // this trailer has had its colon
};

}  // namespace tidings::http
