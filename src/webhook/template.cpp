// SPDX-License-Identifier: Apache-2.0
#include "webhook/template.hpp"
#include "webhook/tree.hpp"

#include <algorithm>
#include <cstdlib>
#include <ranges>

namespace tidings::webhook {

namespace {

// One pass over a tree. Each function says whether to go on: not, once a limit is reached.
class Rendering {
public:
    Rendering(std::string& out, const Variables& variables, Template::Write write)
        : out_(out), size_before_(out.size()), variables_(variables), write_(write)
    {
    }

    bool block(const Block& nodes)
    {
        return std::ranges::all_of(nodes, [&](const Node& it) { return step() && node(it); }) &&
               steps_ <= steps_max;
    }

private:
    bool step() { return ++steps_ <= steps_max; }
    bool has_room() const { return out_.size() - size_before_ <= output_size_max; }

    bool node(const Node& node)
    {
        if (auto it = std::get_if<Text>(&node.value)) {
            out_ += it->text;
            return has_room();
        }
        if (auto it = std::get_if<Reference>(&node.value)) return reference(*it);
        if (auto it = std::get_if<If>(&node.value)) return if_directive(*it);
        return foreach_directive(std::get<Foreach>(node.value));
    }

    bool reference(const Reference& reference)
    {
        std::string text;
        std::string_view backslashes = reference.backslashes;
        if (append_text(text, value_of(reference))) {
            bool is_escaped = backslashes.size() % 2 != 0;
            backslashes = backslashes.substr(0, backslashes.size() / 2);
            if (is_escaped) text = reference.source;
        } else {
            bool is_silent = reference.is_quiet && backslashes.size() % 2 == 0;
            text = is_silent ? std::string_view() : reference.source;
        }
        out_ += backslashes;
        write_(out_, text);
        return has_room();
    }

    bool if_directive(const If& directive)
    {
        for (const Branch& branch : directive.branches)
            if (is_true(evaluate(branch.condition))) return block(branch.body);
        return block(directive.otherwise);
    }

    bool foreach_directive(const Foreach& directive)
    {
        Value list = evaluate(directive.list);
        return for_each_item(list, [&](Value item, Loop loop) {
            if (!step()) return false;
            std::size_t before = locals_.size();
            locals_.push_back({directive.name, std::move(item)});
            locals_.push_back({"foreach", loop});
            locals_.push_back({"velocityHasNext", property(loop, "hasNext")});
            locals_.push_back({"velocityCount", property(loop, "count")});
            bool go_on = block(directive.body);
            locals_.resize(before);
            return go_on;
        });
    }

    Value variable(std::string_view name) const
    {
        auto is_meant = [name](const Variable& variable) { return variable.name == name; };
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
        if (member.kind == Member::Kind::property) return property(value, member.name);
        std::vector<Value> arguments;
        for (const Expression& argument : member.arguments) arguments.push_back(evaluate(argument));
        if (member.kind == Member::Kind::element) return element(value, arguments[0]);
        return call(value, member.name, arguments);
    }

    Value evaluate(const Expression& expression)
    {
        if (!step()) return {};
        auto operand = [&](std::size_t place) { return evaluate(expression.operands[place]); };
        switch (expression.op) {
        case Operator::value: return literal(expression);
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

    Value literal(const Expression& expression)
    {
        if (auto it = std::get_if<Reference>(&expression.value)) return value_of(*it);
        if (auto it = std::get_if<bool>(&expression.value)) return *it;
        if (auto it = std::get_if<std::int64_t>(&expression.value)) return *it;
        if (auto it = std::get_if<std::string>(&expression.value)) return std::string_view(*it);
        // A limit that is reached in here is reached again by whoever asked.
        std::string text;
        Rendering inner(text, variables_, [](std::string& out, std::string_view it) { out += it; });
        inner.locals_ = locals_;
        inner.steps_ = steps_;
        inner.block(std::get<Block>(expression.value));
        steps_ = inner.steps_;
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
    static bool is_equal(const Value& left, const Value& right)
    {
        std::string a, b;
        bool has_a = append_text(a, left), has_b = append_text(b, right);
        return has_a == has_b && a == b;
    }

    std::string& out_;
    std::size_t size_before_;
    const Variables& variables_;
    Template::Write write_;
    Variables locals_;
    std::size_t steps_ = 0;
};

}  // namespace

Template::Template(std::shared_ptr<const Tree> tree) : tree_(std::move(tree)) {}

base::Result<Template, TemplateFault> Template::parse(std::string source, Directives directives)
{
    auto tree = parse_tree(std::move(source), directives);
    if (!tree) return tree.error();
    return Template(std::move(*tree));
}

base::Result<void> Template::render(std::string& out, const Variables& variables, Write write) const
{
    if (!Rendering(out, variables, write).block(tree_->root)) return base::errc::bad_template;
    return {};
}

base::Result<void> Template::render(std::string& out, const Variables& variables) const
{
    return render(out, variables, [](std::string& to, std::string_view text) { to += text; });
}

}  // namespace tidings::webhook
