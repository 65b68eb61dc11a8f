// SPDX-License-Identifier: Apache-2.0
#include "tidings/error.hpp"

namespace tidings {

namespace {

class Category : public boost::system::error_category {
public:
    const char* name() const noexcept override { return "tidings"; }
    std::string message(int value) const override
    {
        switch (static_cast<errc>(value)) {
        case errc::refused: return "the gateway refused the request";
        case errc::timed_out: return "no answer in time";
        case errc::bad_answer: return "an answer that a gateway does not give";
        case errc::bad_argument: return "a request that makes no sense";
        case errc::bad_signature: return "not signed with this key, or too long ago";
        }
        return "unknown error";
    }
};

}  // namespace

const boost::system::error_category& error_category() noexcept
{
    static const Category category;
    return category;
}

boost::system::error_code make_error_code(errc value) noexcept
{
    return {static_cast<int>(value), error_category()};
}

Error::Error(boost::system::error_code the_code, std::string the_message)
    : code(the_code), message(std::move(the_message)), what_(message)
{
}

void Error::describe()
{
    what_ = status == 0 ? message : std::to_string(status) + " " + message;
    for (const std::string& detail : details) what_ += "\n  " + detail;
}

void throw_exception_from_error(const Error& error, const boost::source_location&) { throw error; }

}  // namespace tidings
