// SPDX-License-Identifier: Apache-2.0
#include "sandbox/field.hpp"

#include "base/utf8.hpp"
#include "message/limits.hpp"

#include <fmt/format.h>

namespace tidings::sandbox {

std::string fault_of(std::string_view field, std::string_view demand)
{
    // An unknown field may have any name.
    return fmt::format("/{}: {}", base::utf8_prefix(field, message::field_name_shown_max), demand);
}

}  // namespace tidings::sandbox
