// SPDX-License-Identifier: Apache-2.0
// The part of the Velocity Template Language 1.7 that webhooks are written in.
//
//     $x ${x} $!x $!{x}                    what x stands for; nothing: the source as it is, but empty after !
//     $x.name  $x.name(arguments)  $x[i]   properties and methods, in all four forms
//     \$x                                  "$x", if x stands for something; \\$x a backslash and what x is
//     #if(…) … #elseif(…) … #else … #end   == != < <= > >= && || ! and, or, not, eq, ne, lt, le, gt, ge
//     #foreach($e in $list) … #end         with $foreach.hasNext, .index, .count, .first, .last; also
//                                          $velocityHasNext, $velocityCount
//     #{if}(…) #{else} #{end}              the same, next to letters
//     \#if                                 "#if"
//     ## to the end of the line   #* … *#  comments     #[[ … ]]#  text as it stands
//
// Names are letters, digits, _ and -, so that $a-b is one reference: ${a}-b. A directive takes the line end
// behind it along. Not in it: #set, #include, #parse, #evaluate, #macro, #define, #stop, #break, arithmetic,
// lists and ranges. Where Velocity 1.7 contradicts its own guide (a lone $ or # at the end, three backslashes
// before a reference that stands for nothing) the guide is followed.
#pragma once

#include "base/error.hpp"
#include "webhook/budget.hpp"
#include "webhook/value.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace tidings::webhook {

constexpr std::size_t template_size_max = 64 << 10;  // ten times the longest that the vendor shows
constexpr std::size_t nodes_max = 10'000;            // texts, references and directives of a template
constexpr std::size_t nesting_max = 32;              // directives, parentheses and arguments in one another
constexpr std::size_t name_max = 256;                // bytes: names are compared at each step

// Why a template was refused. Line and column count from 1, the column in characters.
struct TemplateFault {
    std::size_t line = 1;
    std::size_t column = 1;
    std::string reason;

    std::string text() const;  // "line 2, column 7: #end is missing"
};

enum class Directives {
    allowed,
    are_text,  // # means nothing
};

struct Tree;

class Template {
public:
    static base::Result<Template, TemplateFault> parse(std::string source, Directives directives);

    // Appends the text; each reference's text is written by `write`, so that it can be encoded for its
    // place. bad_template: the budget is spent, and `out` is of no use.
    using Write = void (*)(std::string& out, std::string_view text);
    base::Result<void> render(std::string& out, const Variables& variables, Budget& budget,
                              Write write) const;
    base::Result<void> render(std::string& out, const Variables& variables, Budget& budget) const;

    // Whether nothing in it stands for something else: it is rendered the same each time, without variables.
    bool is_constant() const;

private:
    explicit Template(std::shared_ptr<const Tree> tree);

    std::shared_ptr<const Tree> tree_;  // shared with the copies, and never changed
};

}  // namespace tidings::webhook
