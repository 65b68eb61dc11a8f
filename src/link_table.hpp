// SPDX-License-Identifier: Apache-2.0
// A link as it stands in the configuration, with a table of its keys, which stand in each [[link]].
#pragma once

#include "relay/link_settings.hpp"

#include <toml++/toml.h>

#include <string>
#include <string_view>
#include <vector>

namespace tidings {

// The links of the file with that name. They are told apart by their names, which receipts find their
// messages by. Throws std::runtime_error with one sentence for a fault.
std::vector<relay::LinkSettings> read_links(const toml::table& root, std::string_view name);

// Its keys, each with a comment and its default, as comments of a TOML file.
std::string describe_link_table();

}  // namespace tidings
