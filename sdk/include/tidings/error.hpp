// SPDX-License-Identifier: Apache-2.0
// How calls fail: every call gives a Result, which holds a value or an Error.
//
//     if (Result<Message> sent = messages.send(message)) use(*sent); else show(sent.error().message);
//     Message sent = messages.send(message).value();  // throws the Error
#pragma once

#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>

#include <chrono>
#include <exception>
#include <optional>
#include <string>
#include <vector>

namespace tidings {

enum class errc {
    refused = 1,   // the gateway answered with an error; Error::status says which
    timed_out,     // no answer in time: a message may have been accepted nevertheless
    bad_answer,    // an answer that this API does not give: is there a gateway at the base URI?
    bad_argument,  // nothing was sent, because what was to be sent makes no sense
    bad_signature  // a callback that was not signed with the key, or too long ago
};

const boost::system::error_category& error_category() noexcept;
boost::system::error_code make_error_code(errc value) noexcept;

// What went wrong, as a value and as an exception. It never holds keys or secrets.
class Error : public std::exception {
public:
    // One of errc; or what the network said; or boost::asio::error::operation_aborted: cancelled.
    boost::system::error_code code;
    int status = 0;                      // of HTTP; 0: there was no answer
    std::string message{};               // a sentence: the gateway's own if it gave one
    std::vector<std::string> details{};  // of the gateway: "/messages/0/destination_number: …"
    std::string request_id{};            // by which the gateway's operator finds the request; may be empty
    std::optional<std::chrono::seconds> retry_after{};  // not before, if the gateway said so

    Error() = default;  // no error
    Error(boost::system::error_code the_code, std::string the_message);
    const char* what() const noexcept override { return what_.c_str(); }
    // Puts status and details into what(). To be called after they were set.
    void describe();

private:
    std::string what_;
};

// For Result::value().
[[noreturn]] void throw_exception_from_error(const Error& error, const boost::source_location& location);

template <class T>
class [[nodiscard]] Result : public boost::system::result<T, Error> {
public:
    using boost::system::result<T, Error>::result;
};

}  // namespace tidings

template <>
struct boost::system::is_error_code_enum<tidings::errc> : std::true_type {
};
