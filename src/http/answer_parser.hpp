// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/client.hpp"

#include <boost/beast/http/basic_parser.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tidings::http {

// Bytes of a connection in, the answer to one request out; knows no socket. Beast does the syntax; on top of
// it come the limits, and what of an answer is kept: nothing is allocated for a header that nobody asks for.
//
//     reading ──► done      the whole answer is here, or it was cut where nobody wants more of it
//             └─► failed    see failure()
class AnswerParser {
public:
    // Status line and headers of an answer. The largest that servers and proxies send by themselves is 16
    // KiB.
    static constexpr std::size_t header_max = 64 << 10;
    // Of what is no body: headers, answers that come before the answer, sizes and extensions of chunks,
    // trailers. One byte more is allowed for each byte of the body.
    static constexpr std::uint64_t framing_max = header_max;
    static constexpr int interim_max = 16;  // answers of 1xx; one or two are usual
    // Behind a body that is cut. To read more costs more than a new connection.
    static constexpr std::size_t dropped_max = 1 << 20;

    enum class State { reading, done, failed };

    AnswerParser(std::size_t body_max, WhenTooLarge when_too_large);
    AnswerParser(const AnswerParser&) = delete;
    AnswerParser& operator=(const AnswerParser&) = delete;

    // Reads from the front of `bytes`, no further than the end of the answer, and says how many it used up.
    // The rest is to be given again, with more behind it.
    std::size_t put(std::string_view bytes);
    // The peer has closed its side: where an answer has no length, that is how it ends.
    void put_end();

    State state() const { return state_; }
    bool has_begun() const { return has_begun_; }  // something of an answer came
    // Whether another request may follow on the connection, once this is done.
    bool keeps_connection() const { return keeps_connection_; }
    const ClientFailure& failure() const { return failure_; }
    ClientAnswer take() { return std::move(answer_); }

private:
    // One message: the answer, or one of 1xx before it.
    class Message : public boost::beast::http::basic_parser<false> {
    public:
        explicit Message(AnswerParser& parser);

    private:
        using error_code = boost::system::error_code;
        using string_view = boost::beast::string_view;

        void on_request_impl(boost::beast::http::verb, string_view, string_view, int, error_code&) override;
        void on_response_impl(int status, string_view reason, int version, error_code& error) override;
        void on_field_impl(boost::beast::http::field name, string_view text, string_view value,
                           error_code& error) override;
        void on_header_impl(error_code& error) override;
        void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code& error) override;
        std::size_t on_body_impl(string_view body, error_code& error) override;
        void on_chunk_header_impl(std::uint64_t size, string_view extensions, error_code& error) override;
        std::size_t on_chunk_body_impl(std::uint64_t left, string_view body, error_code& error) override;
        void on_finish_impl(error_code& error) override;

        AnswerParser& parser_;
        bool is_head_ = true;  // what comes is a header, and no trailer
    };

    std::size_t put_some(std::string_view bytes, boost::system::error_code& error);
    void end_message();
    void keep(std::string_view body, boost::system::error_code& error);
    void fail(boost::system::error_code code, std::string text);
    void stop(boost::system::error_code error);

    const std::size_t body_max_;
    const WhenTooLarge when_too_large_;
    State state_ = State::reading;
    bool has_begun_ = false;
    bool keeps_connection_ = false;
    std::optional<Message> message_;
    ClientAnswer answer_;
    ClientFailure failure_;
    int interim_ = 0;
    std::uint64_t received_ = 0;  // bytes that were used up
    std::uint64_t body_ = 0;      // of these
    std::size_t dropped_ = 0;     // of the body
};

}  // namespace tidings::http
