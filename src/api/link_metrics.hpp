// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/records.hpp"

#include <prometheus/metric_family.h>

#include <vector>

namespace tidings::api {

// For how long the message that waits longest for the link has been due; 0: none waits.
double age_s(const store::LinkStatus& link, base::Time now);

// What /metrics tells of links, labelled with their names. tidings_link_rate is there only for links that
// have a limit at present.
std::vector<prometheus::MetricFamily> link_families(const std::vector<store::LinkStatus>& links,
                                                    base::Time now);

}  // namespace tidings::api
