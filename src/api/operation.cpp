// SPDX-License-Identifier: Apache-2.0
#include "api/operation.hpp"

namespace tidings::api {

http::Response no_content()
{
    http::Response response;
    response.status = 204;
    return response;
}

}  // namespace tidings::api
