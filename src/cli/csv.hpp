// SPDX-License-Identifier: Apache-2.0
// Comma-separated values (RFC 4180): fields may stand in quotes, which within them are doubled.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tidings::cli {

using CsvRow = std::vector<std::string>;

// Lines without a character are left out. Throws a sentence when a quote is not closed.
std::vector<CsvRow> parse_csv(std::string_view text);

std::string csv_line(const CsvRow& row);  // with its line end

}  // namespace tidings::cli
