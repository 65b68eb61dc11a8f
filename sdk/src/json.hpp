// SPDX-License-Identifier: Apache-2.0
// From JSON to the types of the API and back. Each type has one list of its fields, fields.hpp, which a
// Reader or a Writer visits.
#pragma once

#include "tidings/message.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <string>
#include <string_view>
#include <type_traits>

namespace tidings::detail {

namespace json = boost::json;

inline void read(const json::value& value, std::string& text)
{
    if (const json::string* string = value.if_string())
        text.assign(string->data(), string->size());
    else if (value.is_number())
        text = json::serialize(value);
}
inline void read(const json::value& value, json::object& object)
{
    if (const json::object* given = value.if_object()) object = *given;
}
inline void read(const json::value& value, bool& yes)
{
    if (const bool* given = value.if_bool()) yes = *given;
}
inline void read(const json::value& value, std::int64_t& number)
{
    boost::system::error_code error;
    auto given = value.to_number<std::int64_t>(error);
    if (!error) number = given;
}
inline void read(const json::value& value, Time& time)
{
    if (!value.is_string()) return;
    if (auto given = parse_iso(value.get_string())) time = *given;
}
template <class Enum>
void read(const json::value& value, Open<Enum>& given)
{
    if (const json::string* string = value.if_string()) given = Open<Enum>(std::string_view(*string));
}
inline void read(const json::value& value, Metadata& pairs)
{
    if (const json::object* object = value.if_object())
        for (const auto& [name, text] : *object) read(text, pairs[std::string(name)]);
}
template <class T>
void read(const json::value& value, std::vector<T>& list)
{
    const json::array* array = value.if_array();
    for (std::size_t i = 0; array && i < array->size(); ++i) read((*array)[i], list.emplace_back());
}
template <class T>
void read(const json::value& value, std::optional<T>& given)
{
    if (!value.is_null()) read(value, given.emplace());
}

// Takes fields out of an object. A field of a kind that is not expected stays empty: a gateway that is newer
// than this library must not make a whole list unreadable.
class Reader {
public:
    explicit Reader(json::object object) : object_(std::move(object)) {}

    template <class T>
    void operator()(std::string_view name, T& field)
    {
        auto found = object_.find(name);
        if (found == object_.end()) return;
        read(found->value(), field);
        object_.erase(found);
    }
    // A field that says nothing, by which it is no loss.
    void drop_empty(std::string_view name)
    {
        auto found = object_.find(name);
        if (found == object_.end()) return;
        const json::array* list = found->value().if_array();
        if (found->value().is_null() || (list && list->empty())) object_.erase(found);
    }
    // What nobody has taken.
    json::object rest() { return json::object(object_, {}); }

private:
    json::object object_;
};

inline json::value written(const std::string& text) { return json::value(text); }
inline json::value written(bool yes) { return yes; }
inline json::value written(std::int64_t number) { return number; }
inline json::value written(Time time) { return json::value(to_iso(time)); }
template <class Enum>
json::value written(const Open<Enum>& value)
{
    return json::value(value.text());
}
inline json::value written(const Metadata& pairs)
{
    json::object object;
    for (const auto& [name, text] : pairs) object[name] = text;
    return object;
}
template <class T>
json::value written(const std::vector<T>& list)
{
    json::array array;
    array.reserve(list.size());
    for (const T& item : list) array.push_back(written(item));
    return array;
}

template <class T>
bool is_given(const T& field)
{
    if constexpr (std::is_same_v<T, bool>)
        return field;
    else if constexpr (std::is_arithmetic_v<T>)
        return true;
    else if constexpr (std::is_same_v<T, Time>)
        return field != Time();
    else if constexpr (requires { field.has_value(); })
        return field.has_value();
    else
        return !field.empty();
}

// Puts fields that are given into an object.
class Writer {
public:
    template <class T>
    void operator()(std::string_view name, const T& field)
    {
        if (!is_given(field)) return;
        if constexpr (requires { field.has_value(); })
            object_.emplace(name, written(*field));
        else
            object_.emplace(name, written(field));
    }
    json::object take() { return std::move(object_); }

private:
    json::object object_;
};

}  // namespace tidings::detail
