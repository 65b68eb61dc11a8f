// SPDX-License-Identifier: Apache-2.0
// JSON objects whose fields may all be left out: a table says for each its name, its reader and what it
// demands.
#pragma once

#include "wire/faults.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <type_traits>

namespace tidings::sandbox {

namespace json = boost::json;

template <class T>
struct Field {
    std::string_view name;
    bool (*read)(const json::value&, T&);  // false: the value does not fit
    std::string_view demand;
};

// `member` is an integer or a duration.
template <auto member, std::int64_t min, std::int64_t max, class T>
bool read_number(const json::value& value, T& out)
{
    const std::int64_t* number = value.if_int64();
    if (!number || *number < min || *number > max) return false;
    out.*member = static_cast<std::remove_reference_t<decltype(out.*member)>>(*number);
    return true;
}

template <auto member, class T>
bool read_boolean(const json::value& value, T& out)
{
    if (value.is_bool()) out.*member = value.get_bool();
    return value.is_bool();
}

std::string fault_of(std::string_view field, std::string_view demand);  // "/field: Demand"

// Every fault, each with the name of its field; none when `out` has all that the object says.
template <class T, std::size_t size>
wire::Faults read_fields(const json::object& object, const Field<T> (&fields)[size], T& out)
{
    wire::Faults faults;
    for (const auto& [key, value] : object) {
        auto* field = std::find_if(std::begin(fields), std::end(fields),
                                   [&](const Field<T>& each) { return each.name == key; });
        if (field == std::end(fields)) {
            faults.details.push_back(fault_of(key, "Unknown field"));
        } else if (!field->read(value, out)) {
            faults.details.push_back(fault_of(field->name, field->demand));
        }
    }
    return faults;
}

}  // namespace tidings::sandbox
