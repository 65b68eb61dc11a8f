// SPDX-License-Identifier: Apache-2.0
// How the links do, for Prometheus. Most metrics are one number of the status, and rows of a table; the rest
// has a form of its own. The names are what dashboards rely on.
#include "api/link_metrics.hpp"

#include <algorithm>
#include <limits>
#include <string_view>

namespace tidings::api {

namespace {

using prometheus::MetricType;
using store::LinkStatus;

prometheus::ClientMetric labelled(const LinkStatus& link)
{
    prometheus::ClientMetric metric;
    metric.label.push_back({"link", link.name});
    return metric;
}

struct Value {
    std::string_view name;
    MetricType type;
    std::string_view help;
    double (*of)(const LinkStatus&);
};

double number(std::uint64_t value) { return static_cast<double>(value); }

const Value values[] = {
    {"tidings_link_bound", MetricType::Gauge, "Binds that stand; a pair has two.",
     [](const LinkStatus& link) { return number(link.bound); }},
    {"tidings_link_binds", MetricType::Gauge, "Binds that the configuration asks for.",
     [](const LinkStatus& link) { return number(link.binds); }},
    {"tidings_link_gave_up", MetricType::Gauge,
     "1 after the carrier refused to bind too often, until the link begins anew.",
     [](const LinkStatus& link) { return number(link.gave_up); }},
    {"tidings_link_strained", MetricType::Gauge,
     "1 while its carrier keeps refusing for now, so that the link shares with others.",
     [](const LinkStatus& link) { return number(!link.strained_by.empty()); }},
    {"tidings_link_window", MetricType::Gauge, "Submits that may be without an answer, over all binds.",
     [](const LinkStatus& link) { return number(link.window); }},
    {"tidings_link_window_in_use", MetricType::Gauge, "Submits without an answer.",
     [](const LinkStatus& link) { return number(link.in_flight); }},
    {"tidings_link_waiting", MetricType::Gauge, "Messages that wait for the link.",
     [](const LinkStatus& link) { return number(link.waiting); }},
    {"tidings_link_submits_total", MetricType::Counter, "Submits sent, those sent again included.",
     [](const LinkStatus& link) { return number(link.submitted); }},
    {"tidings_link_throttled_total", MetricType::Counter,
     "Submits answered with ESME_RTHROTTLED or ESME_RMSGQFUL.",
     [](const LinkStatus& link) { return number(link.throttled); }},
    {"tidings_link_refused_total", MetricType::Counter, "Submits answered with another error.",
     [](const LinkStatus& link) { return number(link.refused); }},
    {"tidings_link_doubts_total", MetricType::Counter,
     "Submits that a lost connection left without an answer.",
     [](const LinkStatus& link) { return number(link.doubts); }},
};

prometheus::MetricFamily family_of(const Value& value, const std::vector<LinkStatus>& links)
{
    prometheus::MetricFamily family{std::string(value.name), std::string(value.help), value.type, {}};
    for (const LinkStatus& link : links) {
        prometheus::ClientMetric metric = labelled(link);
        (value.type == MetricType::Gauge ? metric.gauge.value : metric.counter.value) = value.of(link);
        family.metric.push_back(std::move(metric));
    }
    return family;
}

prometheus::MetricFamily rates(const std::vector<LinkStatus>& links)
{
    prometheus::MetricFamily family{
        "tidings_link_rate", "Submits a second that are allowed at present.", MetricType::Gauge, {}};
    for (const LinkStatus& link : links) {
        if (!link.rate) continue;
        prometheus::ClientMetric metric = labelled(link);
        metric.gauge.value = *link.rate;
        family.metric.push_back(std::move(metric));
    }
    return family;
}

// A series for each word of each link: UnknownWords has few of them.
prometheus::MetricFamily unknown_words(const std::vector<LinkStatus>& links)
{
    prometheus::MetricFamily family{"tidings_link_unknown_words_total",
                                    "Receipts whose word nobody knows, which change no status.",
                                    MetricType::Counter,
                                    {}};
    for (const LinkStatus& link : links)
        for (const auto& [word, count] : link.unknown_words) {
            prometheus::ClientMetric metric = labelled(link);
            metric.label.push_back({"word", word});
            metric.counter.value = number(count);
            family.metric.push_back(std::move(metric));
        }
    return family;
}

prometheus::MetricFamily ages(const std::vector<LinkStatus>& links, base::Time now)
{
    prometheus::MetricFamily family{"tidings_link_oldest_seconds",
                                    "For how long the message that waits longest for the link has been due.",
                                    MetricType::Gauge,
                                    {}};
    for (const LinkStatus& link : links) {
        prometheus::ClientMetric metric = labelled(link);
        metric.gauge.value = age_s(link, now);
        family.metric.push_back(std::move(metric));
    }
    return family;
}

// Buckets of a histogram count up: each has what the ones before it have.
prometheus::MetricFamily response_times(const std::vector<LinkStatus>& links)
{
    prometheus::MetricFamily family{
        "tidings_link_response_seconds", "From a submit to its answer.", MetricType::Histogram, {}};
    for (const LinkStatus& link : links) {
        prometheus::ClientMetric metric = labelled(link);
        prometheus::ClientMetric::Histogram& histogram = metric.histogram;
        histogram.sample_sum = link.responses.sum_s;
        for (std::size_t i = 0; i < link.responses.counts.size(); ++i) {
            histogram.sample_count += link.responses.counts[i];
            double bound = i < store::response_bounds_s.size() ? store::response_bounds_s[i]
                                                               : std::numeric_limits<double>::infinity();
            histogram.bucket.push_back({histogram.sample_count, bound});
        }
        family.metric.push_back(std::move(metric));
    }
    return family;
}

}  // namespace

double age_s(const LinkStatus& link, base::Time now)
{
    if (!link.due_since) return 0;
    return std::max(0.0, std::chrono::duration<double>(now - *link.due_since).count());
}

std::vector<prometheus::MetricFamily> link_families(const std::vector<LinkStatus>& links, base::Time now)
{
    std::vector<prometheus::MetricFamily> families;
    for (const Value& value : values) families.push_back(family_of(value, links));
    families.push_back(rates(links));
    families.push_back(unknown_words(links));
    families.push_back(ages(links, now));
    families.push_back(response_times(links));
    return families;
}

}  // namespace tidings::api
