// SPDX-License-Identifier: Apache-2.0
#include "descriptors.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace tidings {

namespace {

// Kept for what is no connection to us: the store's files (20), a socket for each bind of a link, 512
// connections for callbacks and 64 look-ups of names, files of certificates and logs.
constexpr std::size_t reserve = 768;
constexpr std::size_t over_max = 256;  // turned away with an answer at the same time
constexpr std::size_t admin_max = 64;  // people, monitors and the command line

std::size_t wanted(std::size_t connections_max)
{
    return connections_max + over_max + 2 * admin_max + reserve;
}

}  // namespace

std::size_t raise_descriptor_limit(std::size_t connections_max)
{
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        throw std::system_error(errno, std::generic_category(), "RLIMIT_NOFILE");
    rlim_t needed = std::min<rlim_t>(limit.rlim_max, wanted(connections_max));
    if (needed <= limit.rlim_cur) return limit.rlim_cur;
    limit.rlim_cur = needed;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
        throw std::system_error(errno, std::generic_category(), "RLIMIT_NOFILE");
    return needed;
}

// Where there are few, half of them are the reserve.
DescriptorPlan plan_descriptors(std::size_t limit, std::size_t connections_max)
{
    std::size_t free = limit - std::min(reserve, limit / 2);
    DescriptorPlan plan;
    plan.connections_over = std::clamp<std::size_t>(free / 8, 1, over_max);
    plan.admin_connections = std::clamp<std::size_t>(free / 16, 1, admin_max);
    std::size_t others = plan.connections_over + 2 * plan.admin_connections;
    plan.connections = std::clamp<std::size_t>(free - std::min(free, others), 1, connections_max);
    return plan;
}

}  // namespace tidings
