// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tidings::wire {

// Appends `text` as a JSON string with its quotes. UTF-8 passes as it is, and other octets as base::escaped()
// writes them: rows of older versions hold what carriers sent, and must be listed and confirmed, too.
void append_json_string(std::string& out, std::string_view text);

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
    // A name and a text that both may need escapes.
    void member(std::string_view name, std::string_view value);
    // Writes the name; the caller appends the value to the same string.
    std::string& value(std::string_view name);

private:
    void separate();

    std::string& out_;
    bool first_ = true;
};

}  // namespace tidings::wire
