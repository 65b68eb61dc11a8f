// SPDX-License-Identifier: Apache-2.0
// The commands that administer a gateway, as tables. A noun ("account") has leaves ("list", "set"), each of
// which is a row: what it is called, what it asks of the gateway, and how people are shown the answer.
//
// In paths and subjects {word} stands for what was said on the command line: an argument or option of that
// name. [what stands in brackets] is left out where nothing was said.
#pragma once

#include "cli/body_options.hpp"
#include "cli/gateway.hpp"
#include "cli/table.hpp"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace tidings::cli {

// What was said. One command is given at a time, and so all leaves share this.
struct Asked {
    std::map<std::string, std::string, std::less<>> words;
    BodyOptions body;

    // Adds what is said for a {word}; its name is that of the option without the dashes.
    Option argument(Command leaf, const std::string& name, const std::string& description);
    Option option(Command leaf, const std::string& name, const std::string& description);
    std::string word(std::string_view name) const;  // empty: it was not said
};

enum class Sends {
    nothing,
    body,    // what the options put into the body, be it {}
    change,  // the same, and something must have been said
};

using Show = std::function<std::string(const boost::json::value& answer)>;

struct Leaf {
    std::string_view name;
    std::string_view description;
    std::string_view examples{};  // below the help, one on each line
    std::string_view method = "GET";
    std::string_view path;                      // below /admin/v1
    std::span<const std::string_view> query{};  // words that go into the query
    std::string_view subject{};                 // what it is about, for errors; empty: nothing in particular
    void (*options)(Command leaf, Asked& asked) = nullptr;
    Sends sends = Sends::nothing;
    void (*complete)(Asked& asked) = nullptr;  // before the request is made; may throw UsageError
    void (*adjust)(Action& action, const Asked& asked) = nullptr;  // the request, where a row cannot say it
    Show show{};
    std::string_view done{};  // in the place of `show`: "is removed", said of the subject
};

struct Noun {
    std::string_view name;
    std::string_view description;
    std::span<const Leaf> leaves;
    std::span<const Leaf> more_leaves{};
};

// Adds it with its leaves. A leaf that was parsed leaves in `chosen` what it wants to be done.
struct Target {
    GatewayOptions& gateway;
    Asked& asked;
    std::optional<Action>& chosen;
};
void add_noun(Command app, const Noun& noun, const Target& target);

// How answers are shown: a list as a table, an object line by line. The fields must live as long.
Show table(std::string_view list, std::span<const Field> fields);
Show lines(std::span<const Field> fields);

// The nouns.
std::span<const Leaf> account_leaves();
std::span<const Leaf> callback_leaves();
std::span<const Leaf> clock_leaves();
std::span<const Leaf> key_leaves();
std::span<const Leaf> link_leaves();
std::span<const Leaf> message_leaves();
std::span<const Leaf> number_leaves();
std::span<const Leaf> route_leaves();
std::span<const Leaf> webhook_leaves();

}  // namespace tidings::cli
