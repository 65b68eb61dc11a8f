// SPDX-License-Identifier: Apache-2.0
// Writes what a batch decided, in its transaction: table by table, in the order in which it was decided.
#pragma once

#include "store/rules/batch.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/hints.hpp"

namespace tidings::store::sqlite {

class EffectsWriter {
public:
    explicit EffectsWriter(Hints& hints) : hints_(hints) {}

    // The rows of `facts` that are marked, and all of `effects`. Leaves to the caller what is to happen after
    // the commit: what is due, what of memory changes with it, and `log`.
    void write(Connection& database, rules::Facts& facts, const rules::Effects& effects);

private:
    void remember(Connection& database, const rules::Effects& effects);

    Hints& hints_;
};

}  // namespace tidings::store::sqlite
