// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/time.hpp"
#include "message/limits.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tidings::api {

struct Range {
    std::int64_t min = 0;
    std::int64_t max = 0;
};

// Reads the fields of a request body and collects what is wrong with them, one line for each field. A field
// within an object is named "object/field".
class BodyFields {
public:
    enum class Reading {
        strict,   // a field that nobody asked for is a fault, and null stands for nothing but itself
        lenient,  // for /v1, whose clients are what they are: neither counts
    };
    explicit BodyFields(std::string_view body, Reading reading = Reading::strict);

    // Nothing: the field is absent, or it is not as it must be, which then is a fault.
    // A text is too long with more than so many characters, and must not contain U+0000.
    std::optional<std::string> text(std::string_view name, std::size_t characters_max = message::field_max);
    std::optional<std::vector<std::string>> texts(std::string_view name,
                                                  std::size_t characters_max = message::field_max);
    // An object of texts, in the order given. Read with lenience it may be [], as PHP writes an empty one.
    std::optional<std::vector<std::pair<std::string, std::string>>> pairs(std::string_view name);
    std::optional<bool> boolean(std::string_view name);
    std::optional<std::int64_t> integer(std::string_view name, Range range);
    std::optional<base::Time> time(std::string_view name);
    std::string required_text(std::string_view name,
                              std::size_t characters_max = message::field_max);  // empty: a fault
    // One of a few words, each with what it stands for.
    template <class T>
    std::optional<T> choice(std::string_view name, std::span<const std::pair<std::string_view, T>> words)
    {
        auto word = text(name);
        if (!word) return {};
        std::string known;
        for (const auto& [text, value] : words) {
            if (*word == text) return value;
            known.append(known.empty() ? "" : ", ").append(text);
        }
        fault(name, "must be one of " + known);
        return {};
    }
    // Takes the field if it is null; who reads it afterwards finds it absent.
    bool take_null(std::string_view name);

    bool has(std::string_view name) const;  // with whatever value, also after take_null

    // Only the first fault of a field counts, and none of a body that is no object.
    void fault(std::string_view name, std::string_view what);
    void require_any();                                                  // of the fields read so far
    void require_one_of(std::initializer_list<std::string_view> names);  // and not two of them
    // When all fields have been read: whatever else is in the body is a fault, too, unless reading is
    // lenient.
    std::vector<std::string> faults();

private:
    const boost::json::value* find(std::string_view name) const;
    const boost::json::value* read(std::string_view name);
    void find_unknown(const boost::json::object& object, const std::string& prefix);

    Reading reading_;
    boost::json::object body_;
    std::vector<std::string> names_;  // that were asked for
    std::vector<std::string> nulls_;  // that were taken
    std::vector<std::string> faults_;
    bool is_object_ = true;
    bool found_any_ = false;
    bool requires_any_ = false;
};

}  // namespace tidings::api
