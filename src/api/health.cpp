// SPDX-License-Identifier: Apache-2.0
// /healthz says that the process answers; /readyz that it can accept messages, which takes a store that
// writes, and no link: what is accepted while all carriers are down is delivered later. Both are asked often
// and by everybody, so they touch nothing that could wait.
#include "api/clock_doubt.hpp"
#include "api/link_metrics.hpp"
#include "api/operation.hpp"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

namespace tidings::api {

namespace {

http::Response ok() { return json_response(200, R"({"status":"ok"})"); }

prometheus::MetricFamily gauge(std::string name, std::string help, std::uint64_t value)
{
    prometheus::ClientMetric metric;
    metric.gauge.value = static_cast<double>(value);
    return {std::move(name), std::move(help), prometheus::MetricType::Gauge, {std::move(metric)}};
}

prometheus::MetricFamily dropped(const store::Store::Counts& counts)
{
    prometheus::MetricFamily family{
        "tidings_carrier_rows_dropped_total",
        "What carriers sent that fits nothing and was dropped because a link had too much of it.",
        prometheus::MetricType::Counter,
        {}};
    auto add = [&family](const char* what, std::uint64_t value) {
        prometheus::ClientMetric& metric = family.metric.emplace_back();
        metric.label.push_back({"what", what});
        metric.counter.value = static_cast<double>(value);
    };
    add("receipts", counts.dropped_receipts);
    add("reply_parts", counts.dropped_parts);
    add("replies", counts.dropped_replies);
    return family;
}

std::vector<prometheus::MetricFamily> families_of(const store::Store::Counts& counts, bool writable)
{
    return {
        gauge("tidings_messages_due", "Messages accepted and not yet at a carrier, without scheduled ones.",
              counts.due),
        gauge("tidings_messages_scheduled", "Messages that wait for their time.", counts.scheduled),
        gauge("tidings_messages_held", "Messages that wait for the operator to release or drop them.",
              counts.held),
        gauge("tidings_callbacks_pending", "Callbacks that were not yet delivered or given up.",
              counts.callbacks),
        gauge("tidings_callbacks_dead", "Callbacks that were given up and can be replayed.",
              counts.dead_letters),
        gauge("tidings_receipts_unmatched", "Receipts for which no message was found.",
              counts.unmatched_receipts),
        gauge("tidings_replies_unmatched", "Replies for which no message was found.",
              counts.unmatched_replies),
        dropped(counts),
        gauge("tidings_store_writable", "1 while the store accepts writes.", writable),
    };
}

}  // namespace

awaitable<http::Response> get_health(const Call&) { co_return ok(); }

awaitable<http::Response> get_readiness(const Call& call)
{
    // After a failed commit this stays so until one has really written something (store/sqlite/worker.hpp).
    if (!call.api.store.writable()) co_return response_of(store_unavailable());
    auto doubt = call.api.clock.doubt();
    if (!doubt) co_return ok();
    // Ready all the same: what is sent and received goes on, by the time that was known before.
    co_return object_response(200, [&](wire::JsonObject& answer) {
        answer.text("status", "ok");
        wire::JsonObject clock(answer.value("clock"));
        append_doubt(clock, *doubt);
    });
}

awaitable<http::Response> get_metrics(const Call& call)
{
    store::Store::Counts counts = co_await call.api.store.counts();
    auto families = families_of(counts, call.api.store.writable());
    std::vector<store::LinkStatus> links = co_await call.api.store.link_statuses();
    for (auto& family : link_families(links, call.api.clock.now())) families.push_back(std::move(family));
    http::Response response;
    response.content_type = "text/plain; version=0.0.4; charset=utf-8";
    response.body = prometheus::TextSerializer().Serialize(families);
    co_return response;
}

awaitable<http::Response> get_openapi(const Call&)
{
    http::Response response;
    response.content_type = "application/yaml";
    response.body = openapi_text();
    co_return response;
}

}  // namespace tidings::api
