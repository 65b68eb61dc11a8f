// SPDX-License-Identifier: Apache-2.0
#include "api/operation.hpp"

namespace tidings::api {

http::Response json_response(unsigned status, std::string body)
{
    http::Response response;
    response.status = status;
    response.body = std::move(body);
    response.content_type = "application/json; charset=utf-8";
    return response;
}

}  // namespace tidings::api
