// SPDX-License-Identifier: Apache-2.0
// The order of the checks is the order of their cost: values are counted in the text before the parser
// allocates for any of them, and depth is bounded in the parser itself, which is recursive.
#include "wire/body.hpp"

#include "wire/json_values.hpp"

#include <boost/json/parser.hpp>
#include <boost/json/value.hpp>

#include <cstdlib>

namespace tidings::wire {

namespace json = boost::json;

namespace {

// What Windows programs write before UTF-8. RFC 8259, 8.1, lets a parser ignore it.
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

}  // namespace

base::Result<json::object, BadBody> parse_object(std::string_view body, json::storage_ptr storage)
{
    if (body.starts_with(byte_order_mark)) body.remove_prefix(byte_order_mark.size());
    if (has_too_many_values(body)) return BadBody::too_many_values;
    unsigned char scratch[4096];  // enough for any text but the longest
    json::parse_options options;
    options.max_depth = json_depth_max;
    // What the parser needs for itself is on the stack; only what it makes goes to `storage`.
    json::parser parser(json::storage_ptr(), options, scratch, sizeof scratch);
    parser.reset(std::move(storage));
    boost::system::error_code error;
    parser.write(body, error);
    if (error) return BadBody::no_object;
    json::value value = parser.release();
    if (!value.is_object()) return BadBody::no_object;
    return std::move(value.get_object());
}

Faults faults_of(BadBody why)
{
    switch (why) {
    case BadBody::no_object: return {{"Failed to parse message body."}};
    case BadBody::too_many_values: return {{std::string(too_many_values)}};
    }
    std::abort();
}

}  // namespace tidings::wire
