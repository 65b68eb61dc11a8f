// SPDX-License-Identifier: Apache-2.0
// How answers look to people.
#pragma once

#include <boost/json/value.hpp>

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tidings::cli {

using Row = std::vector<std::string>;

// Columns two spaces apart, without borders; each line ends with a line end and not with blanks.
std::string aligned(const std::vector<Row>& rows);

// A field of an answer, and what stands for it when it is null or absent.
struct Field {
    std::string_view name;
    std::string_view header;  // of its column
    std::string_view none = "-";
};

// One line for each object of an array, below a line of headers.
std::string table_of(const boost::json::value& answer, std::string_view list, std::span<const Field> fields);
// One line for each field: its name and its value.
std::string lines_of(const boost::json::value& answer, std::span<const Field> fields);

// A value as people write it; of an object of switches, those that are on. What could move the cursor of a
// terminal becomes a blank: texts may come from anybody's handset.
std::string shown(const boost::json::value& value);
std::string printable(std::string_view utf8);

}  // namespace tidings::cli
