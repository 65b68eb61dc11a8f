// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command_line.hpp"
#include "cli/gateway.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace tidings::cli {

struct LeafText {
    std::string name;
    std::string description;
    std::string examples{};  // below the help, one on each line
};

// Commands that do something, as "list" in `tidings account list`: each knows the gateway's options and says,
// when it was parsed, what it wants to be done.
class Leaves {
public:
    Leaves(GatewayOptions& gateway, std::optional<Action>& chosen) : gateway_(gateway), chosen_(chosen) {}

    // `make` gives the Action. It may throw UsageError.
    template <class Make>
    Command add(Command parent, const LeafText& text, Make make)
    {
        Command leaf = parent.add_command(text.name, text.description);
        if (!text.examples.empty()) leaf.footer("Examples:\n" + text.examples);
        leaf.when_parsed([this, make] { chosen_ = make(); });
        return leaf;
    }
    // After the leaf's own options, so that help shows those first.
    void add_gateway(Command leaf) { gateway_.add_to(leaf); }

private:
    GatewayOptions& gateway_;
    std::optional<Action>& chosen_;
};

std::string encoded(std::string_view text);  // for an URL, in percent

// "/admin/v1/accounts", and below it for each further name a segment, percent-encoded.
std::string path_of(std::string_view root, std::initializer_list<std::string_view> segments);

}  // namespace tidings::cli
