// SPDX-License-Identifier: Apache-2.0
// Counts the values of a text before it is parsed, because a parser allocates for each of them: 8 MiB of
// "[[],[]," would be four million. What is counted are the commas and the brackets that open, outside of
// strings, which is never less than the values there are, up to one; whether the text is JSON at all, the
// parser says.
#include "wire/json_values.hpp"

namespace tidings::wire {

namespace {

// Behind the string whose opening quote was at the front of `rest`.
std::string_view behind_string(std::string_view rest)
{
    for (std::size_t i = 1; i < rest.size(); ++i) {
        if (rest[i] == '\\')
            ++i;
        else if (rest[i] == '"')
            return rest.substr(i + 1);
    }
    return {};
}

}  // namespace

// Each value but the first of an object or list has a comma before it.
bool has_too_many_values(std::string_view json)
{
    // A value has one octet at least, so that a short text cannot have too many. Most bodies end here.
    if (json.size() <= json_values_max) return false;
    std::size_t values = 1, depth = 0;
    // A text that is deeper than that the parser refuses by itself.
    while (!json.empty() && depth <= json_depth_max) {
        char c = json.front();
        if (c == '"') {
            json = behind_string(json);
            continue;
        }
        bool opens = c == '[' || c == '{', closes = c == ']' || c == '}';
        if ((c == ',' || opens) && ++values > json_values_max) return true;
        depth += opens;
        depth -= closes && depth > 0;
        json.remove_prefix(1);
    }
    return false;
}

}  // namespace tidings::wire
