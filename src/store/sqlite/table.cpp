// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace tidings::store::sqlite {

Statements::Statements(const std::string& table, const std::vector<ColumnName>& columns)
{
    std::vector<std::string> all, keys, where, set, inserted, values;
    for (std::size_t place = 1; const auto& [name, use] : columns) {
        all.push_back(name);
        if (use == Use::key) keys.push_back(name);
        if (is_inserted(use)) {
            inserted.push_back(name);
            // Numbered by the place in the list of columns, so that the same binding serves INSERT and
            // UPDATE.
            values.push_back(fmt::format("?{}", place));
        }
        if (is_updated(use)) (use == Use::key ? where : set).push_back(fmt::format("{} = ?{}", name, place));
        ++place;
    }
    select = fmt::format("SELECT {} FROM {} ORDER BY {}", fmt::join(all, ", "), table, fmt::join(keys, ", "));
    if (!set.empty())
        update =
            fmt::format("UPDATE {} SET {} WHERE {}", table, fmt::join(set, ", "), fmt::join(where, " AND "));
    for (IfThere if_there : {IfThere::fail, IfThere::keep, IfThere::replace}) {
        constexpr std::array verbs = {"INSERT", "INSERT OR IGNORE", "INSERT OR REPLACE"};
        auto place = static_cast<std::size_t>(if_there);
        insert[place] = fmt::format("{} INTO {} ({}) VALUES ({})", verbs[place], table,
                                    fmt::join(inserted, ", "), fmt::join(values, ", "));
    }
}

}  // namespace tidings::store::sqlite
