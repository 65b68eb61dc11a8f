// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/time.hpp"
#include "base/uuid.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tidings::wire {

// Appends `text` as a JSON string with its quotes. UTF-8 passes as it is, and other octets as base::escaped()
// writes them: rows of older versions hold what carriers sent, and must be listed and confirmed, too.
void append_json_string(std::string& out, std::string_view text);

// Appends a JSON array; `append(out, item)` writes one item.
template <class Items, class Append>
void append_list(std::string& out, const Items& items, Append append)
{
    out += '[';
    bool first = true;
    for (const auto& item : items) {
        if (!first) out += ',';
        first = false;
        append(out, item);
    }
    out += ']';
}

// Appends a compact JSON object field by field; the closing brace comes with the destructor. Names are
// constants of ours and written unescaped; a name that is not is written with member().
class JsonObject {
public:
    explicit JsonObject(std::string& out) : out_(out) { out_ += '{'; }
    ~JsonObject() { out_ += '}'; }
    JsonObject(const JsonObject&) = delete;
    JsonObject& operator=(const JsonObject&) = delete;

    void text(std::string_view name, std::string_view value);
    void number(std::string_view name, std::int64_t value);
    void boolean(std::string_view name, bool value);
    void null(std::string_view name);
    void text_or_null(std::string_view name, std::string_view value);  // empty: null
    void id(std::string_view name, const base::Uuid& value);
    void time(std::string_view name, base::Time value);  // ISO 8601
    void time_or_null(std::string_view name, std::optional<base::Time> value);
    void number_or_null(std::string_view name, std::optional<std::int64_t> value);
    // A name and a text that both may need escapes.
    void member(std::string_view name, std::string_view value);
    template <class Items, class Append>
    void list(std::string_view name, const Items& items, Append append)
    {
        append_list(value(name), items, append);
    }
    template <class Texts>
    void texts(std::string_view name, const Texts& texts)
    {
        list(name, texts, append_json_string);
    }
    // Writes the name; the caller appends the value to the same string.
    std::string& value(std::string_view name);

private:
    std::string& out_;
    bool first_ = true;
};

}  // namespace tidings::wire
