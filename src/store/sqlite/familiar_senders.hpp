// SPDX-License-Identifier: Apache-2.0
// From which number an account writes to a handset that is to know it.
#pragma once

#include "store/settings.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/newest_rows.hpp"

#include <string>
#include <string_view>

namespace tidings::store::sqlite {

// Used by the writer's thread only. Handsets are digits.
class FamiliarSenders {
public:
    explicit FamiliarSenders(std::size_t handsets_max) : newest_(handsets_max) {}

    void open(Connection& database);  // before anything else

    // Empty: none yet.
    std::string find(Connection& database, AccountKey account, std::string_view handset) const;
    void add(Connection& database, AccountKey account, std::string_view handset, std::string_view number);
    // The same for a handset that knows another one.
    void replace(Connection& database, AccountKey account, std::string_view handset, std::string_view number);

    // As SentKeys.
    std::size_t evict(Connection& database);
    void evicted(std::size_t count) { newest_.forget_oldest(count); }

private:
    NewestRows newest_;
    bool has_indexed_ = false;  // some are found on disk only
};

}  // namespace tidings::store::sqlite
