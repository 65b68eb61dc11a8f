// SPDX-License-Identifier: Apache-2.0
#include "api/operation.hpp"

#include "wire/message_json.hpp"
#include "wire/submission.hpp"

namespace tidings::api {

awaitable<http::Response> get_delivery_reports(const Call& call)
{
    std::vector<message::Report> reports = co_await call.api.store.reports(call.account->key);
    co_return list_response(
        "delivery_reports", reports, [&](std::string& out, const message::Report& report) {
            wire::append_report(out, report, wire::Place::list, call.api.options.vendor_id);
        });
}

awaitable<http::Response> confirm_delivery_reports(const Call& call)
{
    auto ids = wire::parse_confirmation(call.request.body, "delivery_report_ids");
    if (!ids) co_return response_of(bad_request(ids.error().details));
    co_await call.api.store.confirm_reports(call.account->key, std::move(*ids));
    co_return json_response(202, "{}");
}

}  // namespace tidings::api
