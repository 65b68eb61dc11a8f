// SPDX-License-Identifier: Apache-2.0
#include "cli/leaves.hpp"

#include <fmt/format.h>
#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

namespace tidings::cli {

namespace {

std::string encoded(const std::string& text)
{
    // Slashes, too: a word of the command line is one segment of the path.
    return boost::urls::encode(text, boost::urls::unreserved_chars);
}

// Takes the text up to `end` off the front, and `end` with it.
std::string_view take_until(std::string_view& text, char end)
{
    std::string_view taken = text.substr(0, text.find(end));
    text.remove_prefix(std::min(text.size(), taken.size() + 1));
    return taken;
}

// The pattern of a path or subject with the words of the command line put in (leaves.hpp), each written by
// `write`: percent-encoded in a path, and in a sentence with blanks for what would move the cursor.
std::string filled(std::string_view text, const Asked& asked, std::string (*write)(const std::string& word))
{
    std::string out;
    while (!text.empty()) {
        char c = text.front();
        text.remove_prefix(1);
        if (c == '{') {
            out += write(asked.word(take_until(text, '}')));
        } else if (c == '[') {
            std::string_view part = take_until(text, ']');
            std::string_view after = part.substr(part.find('{') + 1);
            // What stands in brackets is left out with the word that it is about.
            if (!asked.word(take_until(after, '}')).empty()) out += filled(part, asked, write);
        } else {
            out += c;
        }
    }
    return out;
}

std::string printed(const std::string& word) { return printable(word); }

// The request that a row stands for, once the command line has been parsed.
Action action_of(const Noun& noun, const Leaf& leaf, Asked& asked)
{
    // Before anything is made of what was said: it may fill in what an option left out, or refuse a
    // combination.
    if (leaf.complete) leaf.complete(asked);
    if (leaf.sends == Sends::change && asked.body.empty())
        throw UsageError(fmt::format("{} {}: say what to change; see --help", noun.name, leaf.name));
    Action action;
    action.method = leaf.method;
    action.target = "/admin/v1" + filled(leaf.path, asked, &encoded);
    char before = '?';
    for (std::string_view name : leaf.query) {
        if (asked.word(name).empty()) continue;
        action.target.append(1, before).append(name).append("=").append(encoded(asked.word(name)));
        before = '&';
    }
    if (leaf.sends != Sends::nothing) action.body = asked.body.json();
    action.subject = filled(leaf.subject, asked, &printed);
    action.show = leaf.show;
    if (!leaf.done.empty())
        action.show = [text = fmt::format("{} {}\n", action.subject, leaf.done)](const auto&) {
            return text;
        };
    // Last, on the finished request, for what a row of the table cannot say.
    if (leaf.adjust) leaf.adjust(action, asked);
    return action;
}

void add_leaf(Command parent, const Noun& noun, const Leaf& leaf, const Target& target)
{
    Command command = parent.add_command(std::string(leaf.name), std::string(leaf.description));
    if (!leaf.examples.empty()) command.footer("Examples:\n" + std::string(leaf.examples));
    command.when_parsed([noun, &leaf, target] { target.chosen = action_of(noun, leaf, target.asked); });
    if (leaf.options) leaf.options(command, target.asked);
    target.gateway.add_to(command);  // last, so that help shows the leaf's own options first
}

}  // namespace

Option Asked::argument(Command leaf, const std::string& name, const std::string& description)
{
    return leaf.add_option(name, words[name], description).required();
}

Option Asked::option(Command leaf, const std::string& name, const std::string& description)
{
    return leaf.add_option("--" + name, words[name], description);
}

std::string Asked::word(std::string_view name) const
{
    auto found = words.find(name);
    return found == words.end() ? std::string() : found->second;
}

void add_noun(Command app, const Noun& noun, const Target& target)
{
    Command command = app.add_command(std::string(noun.name), std::string(noun.description));
    command.needs_a_command();
    for (const Leaf& leaf : noun.leaves) add_leaf(command, noun, leaf, target);
    for (const Leaf& leaf : noun.more_leaves) add_leaf(command, noun, leaf, target);
}

Show table(std::string_view list, std::span<const Field> fields)
{
    return [list, fields](const boost::json::value& answer) { return table_of(answer, list, fields); };
}

Show lines(std::span<const Field> fields)
{
    return [fields](const boost::json::value& answer) { return lines_of(answer, fields); };
}

}  // namespace tidings::cli
