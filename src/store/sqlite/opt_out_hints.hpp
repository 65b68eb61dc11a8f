// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/settings.hpp"
#include "store/sqlite/connection.hpp"

#include <string_view>
#include <unordered_set>

namespace tidings::store::sqlite {

// Who perhaps opted out: hashes of what the lists hold, so that no list is asked for the others. When the
// lists hold more than fits, everybody perhaps did to whom an account with a list writes. Used by the
// writer's thread only.
class OptOutHints {
public:
    explicit OptOutHints(std::size_t numbers_max) : numbers_max_(numbers_max) {}

    void open(Connection& database);  // before anything else
    void add(AccountKey account, std::string_view number);
    bool may_have(AccountKey account, std::string_view number) const;

private:
    const std::size_t numbers_max_;
    std::unordered_set<AccountKey> accounts_;
    std::unordered_set<std::uint64_t> numbers_;  // of accounts, too
    bool all_fit_ = true;
};

}  // namespace tidings::store::sqlite
