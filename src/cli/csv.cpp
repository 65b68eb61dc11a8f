// SPDX-License-Identifier: Apache-2.0
#include "cli/csv.hpp"

#include <stdexcept>

namespace tidings::cli {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";  // as spreadsheets write it

// Takes a field in quotes off the front of `text`, which begins after the first quote.
std::string take_quoted(std::string_view& text)
{
    std::string field;
    for (;;) {
        auto quote = text.find('"');
        if (quote == text.npos) throw std::runtime_error("a quote is not closed");
        field += text.substr(0, quote);
        text.remove_prefix(quote + 1);
        if (!text.starts_with('"')) return field;
        field += '"';
        text.remove_prefix(1);
    }
}

// RFC 4180, with what spreadsheets do beyond it: a mark at the beginning, any line ends, text behind a quoted
// part.
std::string take_field(std::string_view& text)
{
    std::string field;
    if (text.starts_with('"')) {
        text.remove_prefix(1);
        field = take_quoted(text);
    }
    std::string_view rest = text.substr(0, text.find_first_of(",\r\n"));
    text.remove_prefix(rest.size());
    return field.append(rest);
}

bool take(std::string_view& text, std::string_view what)
{
    if (!text.starts_with(what)) return false;
    text.remove_prefix(what.size());
    return true;
}

}  // namespace

std::vector<CsvRow> parse_csv(std::string_view text)
{
    take(text, byte_order_mark);
    std::vector<CsvRow> rows;
    while (!text.empty()) {
        // Ends the row before, or is an empty line, which is no row.
        if (take(text, "\r\n") || take(text, "\n") || take(text, "\r")) continue;
        CsvRow& row = rows.emplace_back();
        do row.push_back(take_field(text));
        while (take(text, ","));
    }
    return rows;
}

std::string csv_line(const CsvRow& row)
{
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
        if (i) line += ',';
        if (row[i].find_first_of(",\"\r\n") == std::string::npos) {
            line += row[i];
            continue;
        }
        line += '"';
        for (char c : row[i]) line.append(c == '"' ? 2 : 1, c);
        line += '"';
    }
    return line + "\n";
}

}  // namespace tidings::cli
