// SPDX-License-Identifier: Apache-2.0
#include "sandbox/field.hpp"

#include "base/utf8.hpp"
#include "message/limits.hpp"
#include "wire/json_values.hpp"

#include <fmt/format.h>
#include <boost/json/parse.hpp>

namespace tidings::sandbox {

base::Result<json::object, wire::Faults> parse_object(std::string_view body)
{
    if (wire::has_too_many_values(body)) return wire::Faults{{std::string(wire::too_many_values)}};
    boost::system::error_code error;
    json::value value = json::parse(body, error);
    if (error || !value.is_object()) return wire::unparsable();
    return std::move(value.get_object());
}

std::string fault_of(std::string_view field, std::string_view demand)
{
    // An unknown field may have any name.
    return fmt::format("/{}: {}", base::utf8_prefix(field, message::field_name_shown_max), demand);
}

}  // namespace tidings::sandbox
