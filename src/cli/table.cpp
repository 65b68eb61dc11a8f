// SPDX-License-Identifier: Apache-2.0
// Answers for people: columns without borders, which can be cut and sorted by other programs, or one field
// per line. Whoever wants to program takes --json. Texts come from anybody's handset, and what moves a
// terminal's cursor, or changes its colours, becomes a blank.
#include "cli/table.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include <algorithm>

namespace tidings::cli {

namespace json = boost::json;

namespace {

constexpr std::size_t gap = 2;

// In code points, which is right for all but wide and combining characters.
std::size_t width(std::string_view utf8)
{
    auto begins = [](unsigned char c) { return (c & 0xC0) != 0x80; };
    return static_cast<std::size_t>(std::ranges::count_if(utf8, begins));
}

std::string shown(const json::value& object, const Field& field)
{
    const json::object* fields = object.if_object();
    const json::value* value = fields ? fields->if_contains(field.name) : nullptr;
    bool is_none = !value || value->is_null() || (value->is_array() && value->get_array().empty());
    return is_none ? std::string(field.none) : cli::shown(*value);
}

std::string joined(const json::array& list)
{
    std::string out;
    for (const json::value& value : list) out.append(out.empty() ? "" : ",").append(cli::shown(value));
    return out;
}

std::string switches_on(const json::object& switches)
{
    std::string on;
    for (const auto& [name, value] : switches)
        if (value.is_bool() && value.get_bool())
            on.append(on.empty() ? "" : ",").append(name.data(), name.size());
    return on.empty() ? "-" : on;
}

}  // namespace

std::string aligned(const std::vector<Row>& rows)
{
    std::vector<std::size_t> widths;
    for (const Row& row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width(row[i]));
    }
    std::string out;
    for (const Row& row : rows) {
        std::size_t blanks = 0;
        for (std::size_t i = 0; i < row.size(); ++i) {
            if (row[i].empty()) {
                // Blanks are written only before something: no line ends in them.
                blanks += widths[i] + gap;
                continue;
            }
            out.append(blanks, ' ').append(row[i]);
            blanks = widths[i] - width(row[i]) + gap;
        }
        out += '\n';
    }
    return out;
}

std::string table_of(const json::value& answer, std::string_view list, std::span<const Field> fields)
{
    std::vector<Row> rows(1);
    for (const Field& field : fields) rows[0].emplace_back(field.header);
    for (const json::value& object : answer.at(list).as_array()) {
        Row& row = rows.emplace_back();
        for (const Field& field : fields) row.push_back(shown(object, field));
    }
    return aligned(rows);
}

std::string lines_of(const json::value& answer, std::span<const Field> fields)
{
    std::vector<Row> rows;
    for (const Field& field : fields) rows.push_back({std::string(field.name), shown(answer, field)});
    return aligned(rows);
}

std::string shown(const json::value& value)
{
    if (const json::string* text = value.if_string()) return printable({text->data(), text->size()});
    if (const bool* yes = value.if_bool()) return *yes ? "yes" : "no";
    if (const json::array* list = value.if_array()) return joined(*list);
    if (const json::object* switches = value.if_object()) return switches_on(*switches);
    if (const double* number = value.if_double()) return fmt::format("{}", *number);
    return json::serialize(value);
}

// C0 and C1 controls, the latter as UTF-8 has them. By their octets, which no other character has in that
// order.
std::string printable(std::string_view utf8)
{
    std::string out;
    out.reserve(utf8.size());
    for (std::size_t i = 0; i < utf8.size(); ++i) {
        auto c = static_cast<unsigned char>(utf8[i]);
        auto next = i + 1 < utf8.size() ? static_cast<unsigned char>(utf8[i + 1]) : 0u;
        bool is_c1 = c == 0xC2 && next >= 0x80 && next < 0xA0;  // U+0080 to U+009F
        if (is_c1) ++i;
        out += is_c1 || c < 0x20 || c == 0x7F ? ' ' : static_cast<char>(c);
    }
    return out;
}

}  // namespace tidings::cli
