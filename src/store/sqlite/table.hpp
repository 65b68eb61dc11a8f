// SPDX-License-Identifier: Apache-2.0
// How a type of settings stands in its table: said once, as a list of columns, from which SELECT, INSERT and
// UPDATE are made. A column is a name, what it is for, and how the member behind it is read from a row and
// bound to a statement; settings_tables.cpp has the lists. A new setting is one line there and a migration.
#pragma once

#include "base/seal.hpp"
#include "store/sqlite/connection.hpp"

#include <array>
#include <chrono>
#include <span>
#include <string>
#include <vector>

namespace tidings::store::sqlite {

// What a type is in its column where SQLite has no such type. A specialisation has a `Column`, to() and
// from().
template <class Value>
struct Stored;

template <class Rep, class Period>
struct Stored<std::chrono::duration<Rep, Period>> {
    using Column = std::int64_t;
    static Column to(std::chrono::duration<Rep, Period> value) { return value.count(); }
    static std::chrono::duration<Rep, Period> from(Column count)
    {
        return std::chrono::duration<Rep, Period>(static_cast<Rep>(count));
    }
};

template <class Value>
struct is_optional : std::false_type {
};
template <class Value>
struct is_optional<std::optional<Value>> : std::true_type {
};

template <class Value>
Value value_at(const Rows& rows, int place)
{
    if constexpr (requires { typename Stored<Value>::Column; }) {
        return Stored<Value>::from(value_at<typename Stored<Value>::Column>(rows, place));
    } else if constexpr (is_optional<Value>::value) {
        if (rows.is_null(place)) return {};
        return value_at<typename Value::value_type>(rows, place);
    } else if constexpr (std::is_same_v<Value, std::string>) {
        return std::string(rows.text(place));
    } else if constexpr (std::is_same_v<Value, base::Uuid>) {
        return rows.uuid(place);
    } else if constexpr (std::is_same_v<Value, base::Time>) {
        return rows.time(place);
    } else if constexpr (std::is_same_v<Value, bool>) {
        return rows.integer(place) != 0;
    } else {
        return static_cast<Value>(rows.integer(place));  // numbers and enums
    }
}

template <class Value>
void set_value(Parameters& parameters, int place, const Value& value)
{
    if constexpr (requires { typename Stored<Value>::Column; }) {
        parameters.set(place, Stored<Value>::to(value));
    } else if constexpr (is_optional<Value>::value) {
        if (value)
            set_value(parameters, place, *value);
        else
            parameters.set(place, nullptr);
    } else {
        parameters.set(place, value);
    }
}

enum class Use {
    key,      // of those that tell one row from the others
    made,     // written when the row is made, and then stays
    changed,  // written by each change
    shown,    // other statements write it
};

// Columns are read in their order: what a sealed one is sealed for stands before it.
template <class Row>
struct Column {
    const char* name;
    Use use;
    void (*read)(const Rows& rows, int place, const base::Sealer& sealer, Row& into);
    void (*bind)(Parameters& parameters, int place, const base::Sealer& sealer, const Row& from);
};

template <class Owner, class Value>
Owner owner_of(Value Owner::*member);  // for its type only

// The column of a member or, through several, of a member's member.
template <auto First, auto... Rest>
constexpr auto column(const char* name, Use use)
{
    using Row = decltype(owner_of(First));
    Column<Row> made{name, use, nullptr, nullptr};
    made.read = [](const Rows& rows, int place, const base::Sealer&, Row& into) {
        auto& member = ((into.*First).*....*Rest);
        member = value_at<std::remove_reference_t<decltype(member)>>(rows, place);
    };
    made.bind = [](Parameters& parameters, int place, const base::Sealer&, const Row& from) {
        set_value(parameters, place, ((from.*First).*....*Rest));
    };
    return made;
}

enum class IfThere { fail, keep, replace };  // when a row with that key is there

// The statements of a table. Parameters are numbered as its columns are, from 1, whichever of them a
// statement has.
struct ColumnName {
    const char* name;
    Use use;
};
struct Statements {
    Statements(const std::string& table, const std::vector<ColumnName>& columns);

    std::string select, update;
    std::array<std::string, 3> insert;  // by IfThere
};
constexpr bool is_inserted(Use use) { return use != Use::shown; }
constexpr bool is_updated(Use use) { return use == Use::key || use == Use::changed; }

template <class Row>
class Table {
public:
    // `columns` stay where they are.
    Table(const char* name, std::span<const Column<Row>> columns)
        : columns_(columns), statements_(name, names_of(columns))
    {
    }

    // In the order of their keys.
    template <class Each>
    void read_all(Connection& database, const base::Sealer& sealer, Each each) const
    {
        Rows rows = database.query(statements_.select.c_str());
        while (rows.next()) {
            Row row{};
            for (std::size_t i = 0; i < columns_.size(); ++i)
                columns_[i].read(rows, static_cast<int>(i), sealer, row);
            each(std::move(row));
        }
    }

    // Whether that changed anything.
    bool insert(Connection& database, const base::Sealer& sealer, const Row& row,
                IfThere if_there = IfThere::fail) const
    {
        auto give = [&](Parameters parameters) { bind(parameters, sealer, row, is_inserted); };
        const std::string& sql = statements_.insert[static_cast<std::size_t>(if_there)];
        return database.run_with(sql.c_str(), give) > 0;
    }
    bool update(Connection& database, const base::Sealer& sealer, const Row& row) const
    {
        auto give = [&](Parameters parameters) { bind(parameters, sealer, row, is_updated); };
        return database.run_with(statements_.update.c_str(), give) > 0;
    }

    std::span<const Column<Row>> columns() const { return columns_; }

private:
    static std::vector<ColumnName> names_of(std::span<const Column<Row>> columns)
    {
        std::vector<ColumnName> names;
        for (const Column<Row>& column : columns) names.push_back({column.name, column.use});
        return names;
    }

    template <class Wanted>
    void bind(Parameters& parameters, const base::Sealer& sealer, const Row& row, Wanted wanted) const
    {
        for (std::size_t i = 0; i < columns_.size(); ++i)
            if (wanted(columns_[i].use)) columns_[i].bind(parameters, static_cast<int>(i + 1), sealer, row);
    }

    std::span<const Column<Row>> columns_;
    Statements statements_;
};

}  // namespace tidings::store::sqlite
