// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/parked_counts.hpp"

namespace tidings::store::sqlite {

void ParkedCounts::committed()
{
    // Counts go up at once and down only here. In between they may be too high, which costs a search for
    // nothing; too low, and a receipt that waits would not be found.
    for (const rules::CarrierId& id : removed_) {
        auto found = counts_.find(id);
        if (found != counts_.end() && --found->second == 0) counts_.erase(found);
    }
    removed_.clear();
}

}  // namespace tidings::store::sqlite
