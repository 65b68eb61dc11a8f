// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/sqlite/connection.hpp"

namespace tidings::store::sqlite {

// Brings an empty or older database to the present schema. Throws a sentence for the operator when the
// database was written by a newer version.
void migrate(Connection& database);

// The same, to the schema that `version` of the program had.
void migrate(Connection& database, std::int64_t version);

}  // namespace tidings::store::sqlite
