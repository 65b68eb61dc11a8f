// SPDX-License-Identifier: Apache-2.0
#include "api/echo_dates.hpp"

namespace tidings::api {

wire::EchoDates echo_dates_for(const http::Request& request)
{
    bool python = request.header("User-Agent") == "messagemedia-messages" &&
                  request.body.starts_with(R"({"messages": [)");
    return python ? wire::EchoDates::without : wire::EchoDates::with;
}

}  // namespace tidings::api
