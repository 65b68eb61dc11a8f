// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/records.hpp"

#include <prometheus/metric_family.h>

#include <vector>

namespace tidings::api {

// What /metrics tells of links, labelled with their names. tidings_link_rate is there only for links that
// have a limit at present.
std::vector<prometheus::MetricFamily> link_families(const std::vector<store::LinkStatus>& links);

}  // namespace tidings::api
