// SPDX-License-Identifier: Apache-2.0
#include "http/request.hpp"

#include <fmt/format.h>

namespace tidings::http {

std::string_view Request::header(std::string_view name) const
{
    auto found = headers.find(name);
    if (found == headers.end()) return {};
    return {found->value().data(), found->value().size()};
}

bool Request::has_body() const
{
    using boost::beast::http::field;
    if (!body.empty() || headers.count(field::transfer_encoding) > 0) return true;
    // "0", "000" and an absent length are no body. Anything else the parser has checked to be a number.
    return header("Content-Length").find_first_not_of('0') != std::string_view::npos;
}

Response json_response(unsigned status, std::string body)
{
    Response response;
    response.status = status;
    response.body = std::move(body);
    response.content_type = "application/json; charset=utf-8";
    return response;
}

Response error_response(unsigned status, std::string_view message)
{
    Response response;
    response.status = status;
    response.body = fmt::format(R"({{"message":"{}"}})", message);
    return response;
}

}  // namespace tidings::http
