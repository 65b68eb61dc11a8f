// SPDX-License-Identifier: Apache-2.0
// From an answer to a type that has an all_fields().
#pragma once

#include "fields.hpp"
#include "request.hpp"

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>

#include <string>
#include <utility>
#include <vector>

namespace tidings::detail {

inline Error bad_answer(const Answer& answer, std::string sentence)
{
    Error error(errc::bad_answer, std::move(sentence));
    error.status = answer.status;
    error.request_id = answer.request_id;
    error.describe();
    return error;
}

template <class T>
T from_object(const json::object& object)
{
    T made;
    Reader reader{json::object(object)};
    all_fields(reader, made);
    read_more(reader, made);
    made.other = reader.rest();
    return made;
}

// Gives `make` the object that the answer is; what it makes may not refer to it.
template <class Make>
auto with_object(const Answer& answer, Make make) -> decltype(make(std::declval<const json::object&>()))
{
    json::monotonic_resource memory;
    boost::system::error_code error;
    json::value body = json::parse(answer.body, error, &memory);
    if (error || !body.is_object()) return bad_answer(answer, "the answer is no JSON object");
    return make(body.get_object());
}

template <class T>
Result<T> parse_object(const Answer& answer)
{
    return with_object(answer,
                       [](const json::object& object) -> Result<T> { return from_object<T>(object); });
}

template <class T>
Result<std::vector<T>> parse_list(const Answer& answer, std::string_view name)
{
    auto make = [&answer, name](const json::object& object) -> Result<std::vector<T>> {
        const json::value* list = object.if_contains(name);
        if (!list) return bad_answer(answer, "the answer has no list of " + std::string(name));
        std::vector<T> made;
        if (list->is_null()) return made;
        if (!list->is_array()) return bad_answer(answer, "the answer has no list of " + std::string(name));
        made.reserve(list->get_array().size());
        for (const json::value& item : list->get_array())
            if (item.is_object()) made.push_back(from_object<T>(item.get_object()));
        return made;
    };
    return with_object(answer, make);
}

}  // namespace tidings::detail
