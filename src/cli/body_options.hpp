// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <boost/json/object.hpp>

#include <string>

namespace tidings::cli {

// Options that become fields of a request body. A field within an object is named "object/field".
class BodyOptions {
public:
    struct Names {
        std::string flag;
        std::string field;
        std::string description;
    };

    CLI::Option* text(CLI::App& command, Names names);
    CLI::Option* texts(CLI::App& command, Names names);  // may be repeated: a list; "" is no entry
    CLI::Option* number(CLI::App& command, Names names);
    CLI::Option* duration(CLI::App& command, Names names);  // 90s, 30m, 24h, 7d: in seconds
    CLI::Option* on_off(CLI::App& command, Names names);
    CLI::Option* time_or_never(CLI::App& command, Names names);

    void set(const std::string& field, boost::json::value value);
    void set_default(const std::string& field, boost::json::value value);  // unless it is set
    bool empty() const { return body_.empty(); }
    std::string json() const;

private:
    boost::json::object body_;
};

}  // namespace tidings::cli
