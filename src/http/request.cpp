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

Response error_response(unsigned status, std::string_view message)
{
    Response response;
    response.status = status;
    response.body = fmt::format(R"({{"message":"{}"}})", message);
    return response;
}

}  // namespace tidings::http
