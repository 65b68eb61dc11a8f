// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/time.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>
#include <unordered_map>

namespace tidings::store::sqlite {

// Which number of the pool was used for which handset, and when last. Holds the newest; older ones that were
// submitted are in the table threads. Two pairs may share a hash: then one seems to be used, which does no
// harm. Used by the writer's thread only.
class PoolUse {
public:
    explicit PoolUse(std::size_t uses_max) : uses_max_(uses_max) {}

    std::size_t uses_max() const { return uses_max_; }
    void add(std::string_view number, std::string_view handset, base::Time at);
    std::optional<base::Time> last(std::string_view number, std::string_view handset) const;

private:
    struct Use {
        std::uint64_t pair;
        base::Time at;
    };
    const std::size_t uses_max_;
    std::deque<Use> order_;
    std::unordered_map<std::uint64_t, base::Time> last_;
};

}  // namespace tidings::store::sqlite
