// SPDX-License-Identifier: Apache-2.0
// What a template is parsed into. Texts point into the source, which the tree keeps.
#pragma once

#include "base/error.hpp"
#include "webhook/template.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace tidings::webhook {

struct Node;
struct Expression;
using Block = std::vector<Node>;

struct Member {
    enum class Kind : std::uint8_t { property, call, element };
    Kind kind{};
    std::string_view name{};
    std::vector<Expression> arguments;  // of an element: its index
};

struct Reference {
    std::string_view source;  // as it stands, without backslashes
    std::string_view name;
    std::vector<Member> members{};
    std::string_view backslashes{};  // before it
    bool is_quiet = false;
};

enum class Operator : std::uint8_t {
    value,  // of Expression::value; all others are of the operands
    either,
    both,
    negated,
    equal,
    unequal,
    less,
    less_or_equal,
    greater,
    greater_or_equal,
};

// Without initialisers of its own: clang would look into a Node for them, which is not known here yet.
struct Expression {
    Operator op = Operator::value;
    std::variant<bool, std::int64_t, std::string, Reference, Block> value;  // Block: a text with references
    std::vector<Expression> operands;
};

struct Text {
    std::string_view text;
};

struct Branch {
    Expression condition;
    Block body;
};

struct If {
    std::vector<Branch> branches;
    Block otherwise;
};

struct Foreach {
    std::string_view name;
    Expression list;
    Block body;
};

struct Node {
    std::variant<Text, Reference, If, Foreach> value;
};

struct Tree {
    std::string source;
    Block root{};
};

base::Result<std::shared_ptr<const Tree>, TemplateFault> parse_tree(std::string source,
                                                                    Directives directives);

}  // namespace tidings::webhook
