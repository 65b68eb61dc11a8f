// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/rules/keys.hpp"

#include <unordered_map>
#include <vector>

namespace tidings::store::sqlite {

// Under which carrier ids receipts are parked, so that the table is asked for no others: nearly all messages
// have none. Counts more than there are where a commit failed. Used by the writer's thread only.
class ParkedCounts {
public:
    void add(const rules::CarrierId& id) { ++counts_[id]; }
    void remove(rules::CarrierId id) { removed_.push_back(std::move(id)); }  // counts from the commit on
    bool may_have(const rules::CarrierId& id) const { return counts_.contains(id); }

    void committed();
    void rolled_back() { removed_.clear(); }

private:
    std::unordered_map<rules::CarrierId, std::size_t> counts_;
    std::vector<rules::CarrierId> removed_;
};

}  // namespace tidings::store::sqlite
