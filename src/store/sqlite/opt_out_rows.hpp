// SPDX-License-Identifier: Apache-2.0
// The lists of numbers that are not to be written to. A number: digits.
#pragma once

#include "store/settings.hpp"
#include "store/sqlite/connection.hpp"

#include <string>

namespace tidings::store::sqlite {

bool is_listed(Connection& database, AccountKey account, const std::string& number);

// Whether that changed anything. Whoever adds one tells OptOutHints, too.
bool add_to_list(Connection& database, AccountKey account, const std::string& number, base::Time at);
bool remove_from_list(Connection& database, AccountKey account, const std::string& number);

}  // namespace tidings::store::sqlite
