// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command_line.hpp"

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

    Option text(Command command, Names names);
    Option texts(Command command, Names names);  // may be repeated: a list; "" is no entry
    Option number(Command command, Names names);
    Option duration(Command command, Names names);  // 90s, 30m, 24h, 7d: in seconds
    Option on_off(Command command, Names names);
    Option time_or_never(Command command, Names names);

    void set(const std::string& field, boost::json::value value);
    void set_default(const std::string& field, boost::json::value value);  // unless it is set
    bool empty() const { return body_.empty(); }
    std::string json() const;

private:
    boost::json::object body_;
};

}  // namespace tidings::cli
