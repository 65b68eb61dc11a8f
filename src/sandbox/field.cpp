// SPDX-License-Identifier: Apache-2.0
#include "sandbox/field.hpp"

#include <fmt/format.h>
#include <boost/json/parse.hpp>

namespace tidings::sandbox {

base::Result<json::object, message::Faults> parse_object(std::string_view body)
{
    boost::system::error_code error;
    json::value value = json::parse(body, error);
    if (error || !value.is_object()) return message::unparsable();
    return std::move(value.get_object());
}

std::string fault_of(std::string_view field, std::string_view demand)
{
    return fmt::format("/{}: {}", field, demand);
}

}  // namespace tidings::sandbox
