// SPDX-License-Identifier: Apache-2.0
// Rendering walks the tree of a template once, from front to back, and writes as it goes. It never fails:
// what a reference cannot find is written as it stands, as Velocity does. The one thing that ends it early
// is the budget, which every node, operand and text takes from; each function returns whether there is
// anything left, and nobody looks at what was written by then.
#include "webhook/template.hpp"
#include "webhook/tree.hpp"

#include <algorithm>
#include <cstdlib>
#include <ranges>
#include <utility>

namespace tidings::webhook {

namespace {

void write_plain(std::string& out, std::string_view text) { out += text; }

// One pass over a tree. Each function says whether to go on: not, once the budget is spent.
class Rendering {
public:
    Rendering(std::string& out, const Variables& variables, Template::Write write, Budget& budget)
        : out_(&out), variables_(variables), write_(write), budget_(budget)
    {
    }

    bool block(const Block& nodes)
    {
        return std::ranges::all_of(nodes, [&](const Node& it) { return budget_.step() && node(it); }) &&
               !budget_.is_spent();
    }

private:
    bool append(std::string_view text, Template::Write write)
    {
        // Counted by what came out and not by what went in: encoding makes a text up to three times as long.
        std::size_t before = out_->size();
        write(*out_, text);
        return budget_.text(out_->size() - before);
    }

    bool node(const Node& node)
    {
        if (auto it = std::get_if<Text>(&node.value)) return append(it->text, &write_plain);
        if (auto it = std::get_if<Reference>(&node.value)) return reference(*it);
        if (auto it = std::get_if<If>(&node.value)) return if_directive(*it);
        return foreach_directive(std::get<Foreach>(node.value));
    }

    // Backslashes before a reference escape it only if it stands for something: \$x is then "$x", and with
    // two of them a backslash and the value. Before a reference that stands for nothing they are just text.
    bool reference(const Reference& reference)
    {
        std::string scratch;
        std::string_view backslashes = reference.backslashes;
        Value value = value_of(reference);
        auto text = text_of(value, scratch, budget_);
        if (budget_.is_spent()) return false;
        if (text) {
            bool is_escaped = backslashes.size() % 2 != 0;
            backslashes = backslashes.substr(0, backslashes.size() / 2);
            if (is_escaped) text = reference.source;
        } else {
            bool is_silent = reference.is_quiet && backslashes.size() % 2 == 0;
            text = is_silent ? std::string_view() : reference.source;
        }
        return append(backslashes, &write_plain) && append(*text, write_);
    }

    bool if_directive(const If& directive)
    {
        for (const Branch& branch : directive.branches)
            if (is_true(evaluate(branch.condition))) return block(branch.body);
        return block(directive.otherwise);
    }

    // The loop variable, $foreach and the two names of Velocity 1 hide others of their names until its end.
    bool foreach_directive(const Foreach& directive)
    {
        Value list = evaluate(directive.list);
        return for_each_item(list, [&](Value item, Loop loop) {
            if (!budget_.step()) return false;
            std::size_t before = locals_.size();
            // For each item anew, and taken away before the next: a value must not outlive its round.
            locals_.push_back({directive.name, std::move(item)});
            locals_.push_back({"foreach", loop});
            locals_.push_back({"velocityHasNext", property(loop, "hasNext")});
            locals_.push_back({"velocityCount", property(loop, "count")});
            bool go_on = block(directive.body);
            locals_.resize(before);
            return go_on;
        });
    }

    // Loops may hide each other's variables and those of the notice; the innermost is meant.
    Value variable(std::string_view name) const
    {
        auto is_meant = [name](const Variable& variable) { return variable.name == name; };
        // A search by name through the variables of the notice and of the loops around. It takes no step of
        // the budget by itself, which is why the nesting and the length of names are bounded.
        auto innermost = std::find_if(locals_.rbegin(), locals_.rend(), is_meant);
        if (innermost != locals_.rend()) return innermost->value;
        auto found = std::find_if(variables_.begin(), variables_.end(), is_meant);
        return found == variables_.end() ? Value() : found->value;
    }

    Value value_of(const Reference& reference)
    {
        Value value = variable(reference.name);
        for (const Member& member : reference.members) {
            if (is_nothing(value)) return value;
            value = member_of(value, member);
        }
        return value;
    }

    Value member_of(const Value& value, const Member& member)
    {
        if (member.kind == Member::Kind::property) return property(value, member.name, budget_);
        std::vector<Value> arguments;
        for (const Expression& argument : member.arguments) arguments.push_back(evaluate(argument));
        if (member.kind == Member::Kind::element) return element(value, arguments[0], budget_);
        return call(value, member.name, arguments, budget_);
    }

    Value evaluate(const Expression& expression)
    {
        if (!budget_.step()) return {};
        auto operand = [&](std::size_t place) { return evaluate(expression.operands[place]); };
        switch (expression.op) {
        case Operator::value: return literal(expression);
        // The right side is evaluated, and takes steps, only when it decides.
        case Operator::either: return is_true(operand(0)) || is_true(operand(1));
        case Operator::both: return is_true(operand(0)) && is_true(operand(1));
        case Operator::negated: return !is_true(operand(0));
        case Operator::equal: return is_equal(operand(0), operand(1));
        case Operator::unequal: return !is_equal(operand(0), operand(1));
        case Operator::less: return is_less(operand(0), operand(1));
        case Operator::greater: return is_less(operand(1), operand(0));
        case Operator::less_or_equal: return is_at_most(operand(0), operand(1));
        case Operator::greater_or_equal: return is_at_most(operand(1), operand(0));
        }
        std::abort();
    }

    // A text in double quotes may hold references: it is rendered on the side, without the encoding of its
    // place.
    Value literal(const Expression& expression)
    {
        if (auto it = std::get_if<Reference>(&expression.value)) return value_of(*it);
        if (auto it = std::get_if<bool>(&expression.value)) return *it;
        if (auto it = std::get_if<std::int64_t>(&expression.value)) return *it;
        if (auto it = std::get_if<std::string>(&expression.value)) return std::string_view(*it);
        // When the budget is spent in here, whoever asked finds it so.
        std::string text;
        std::string* out = std::exchange(out_, &text);
        Template::Write write = std::exchange(write_, &write_plain);
        block(std::get<Block>(expression.value));
        out_ = out;
        write_ = write;
        return text;
    }

    // Only numbers have an order.
    static bool is_less(const Value& left, const Value& right)
    {
        auto a = std::get_if<std::int64_t>(&left), b = std::get_if<std::int64_t>(&right);
        return a && b && *a < *b;
    }
    static bool is_at_most(const Value& left, const Value& right)
    {
        auto a = std::get_if<std::int64_t>(&left), b = std::get_if<std::int64_t>(&right);
        return a && b && *a <= *b;
    }

    // Values of two kinds are equal if they read the same.
    bool is_equal(const Value& left, const Value& right)
    {
        std::string a, b;
        return text_of(left, a, budget_) == text_of(right, b, budget_);
    }

    std::string* out_;
    const Variables& variables_;
    Template::Write write_;
    Budget& budget_;
    Variables locals_;
};

}  // namespace

Template::Template(std::shared_ptr<const Tree> tree) : tree_(std::move(tree)) {}

base::Result<Template, TemplateFault> Template::parse(std::string source, Directives directives)
{
    auto tree = parse_tree(std::move(source), directives);
    if (!tree) return tree.error();
    return Template(std::move(*tree));
}

base::Result<void> Template::render(std::string& out, const Variables& variables, Budget& budget,
                                    Write write) const
{
    if (!Rendering(out, variables, write, budget).block(tree_->root)) return base::errc::bad_template;
    return {};
}

base::Result<void> Template::render(std::string& out, const Variables& variables, Budget& budget) const
{
    return render(out, variables, budget, &write_plain);
}

bool Template::is_constant() const
{
    return std::ranges::all_of(tree_->root, [](const Node& node) { return std::get_if<Text>(&node.value); });
}

}  // namespace tidings::webhook
