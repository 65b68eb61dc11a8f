// SPDX-License-Identifier: Apache-2.0
// A parser by recursive descent, which looks at the source one character at a time and never goes back:
// `at_` only grows, but for a text in double quotes, whose inside is parsed again for its references. Depth
// and number of nodes are bounded, since applications write the templates; a fault leaves by an exception
// that parse_tree() turns into a line and a column.
//
// Most of what looks odd here is Velocity's: a directive takes the line end behind it along, # is text
// unless a word that is known follows, and $ unless a name does.
#include "webhook/tree.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <memory>
#include <optional>
#include <span>

namespace tidings::webhook {

namespace {

using namespace std::string_view_literals;

// They are told apart from text so that a template which relies on them is refused, instead of being sent as
// it stands.
constexpr std::array unsupported = {"set"sv,   "include"sv, "parse"sv, "evaluate"sv,
                                    "macro"sv, "define"sv,  "stop"sv,  "break"sv};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// Thrown by the parser and caught where it is begun: it leaves a recursion.
struct Fault {
    std::size_t at;
    std::string reason;
};

class Parser {
public:
    Parser(std::string_view source, Directives directives) : source_(source), directives_(directives) {}

    Block parse()
    {
        Block root = block();
        if (auto word = directive_at(at_); !word.empty())
            fail(at_, fmt::format("#{} without its beginning", word));
        return root;
    }

private:
    // Counts how deep the parser is.
    class Depth {
    public:
        explicit Depth(Parser& parser) : parser_(parser)
        {
            // The parser and the rendering are recursive: what an application writes must not decide how deep
            // the stack goes.
            if (++parser_.depth_ > nesting_max) parser_.fail(parser_.at_, "nested too deeply");
        }
        ~Depth() { --parser_.depth_; }
        Depth(const Depth&) = delete;
        Depth& operator=(const Depth&) = delete;

    private:
        Parser& parser_;
    };

    [[noreturn]] void fail(std::size_t at, std::string reason) const { throw Fault{at, std::move(reason)}; }

    char peek(std::size_t ahead = 0) const
    {
        return at_ + ahead < source_.size() ? source_[at_ + ahead] : '\0';
    }
    bool is_at(std::string_view text) const { return source_.substr(at_).starts_with(text); }
    bool skip(std::string_view text)
    {
        if (!is_at(text)) return false;
        at_ += text.size();
        return true;
    }
    void skip_spaces()
    {
        while (is_space(peek())) ++at_;
    }
    void expect(std::string_view text)
    {
        skip_spaces();
        if (!skip(text)) fail(at_, fmt::format("{} is missing", text));
    }

    std::string_view word_at(std::size_t at, std::string_view more) const
    {
        if (at >= source_.size() || !is_letter(source_[at])) return {};
        std::size_t end = at;
        while (end < source_.size() &&
               (is_letter(source_[end]) || is_digit(source_[end]) || more.find(source_[end]) != more.npos))
            ++end;
        return source_.substr(at, end - at);
    }
    std::string_view take_name()
    {
        std::string_view name = word_at(at_, "_-");
        if (name.size() > name_max) fail(at_, fmt::format("a name longer than {} bytes", name_max));
        at_ += name.size();
        return name;
    }

    // ---- text and directives

    // The name of the directive that begins at `at`, if there is one that we know or refuse.
    std::string_view directive_at(std::size_t at) const
    {
        if (directives_ == Directives::are_text || at >= source_.size() || source_[at] != '#') return {};
        bool is_formal = at + 1 < source_.size() && source_[at + 1] == '{';
        std::string_view word = word_at(at + 1 + is_formal, "_");
        std::size_t end = at + 1 + is_formal + word.size();
        if (is_formal && (end >= source_.size() || source_[end] != '}')) return {};
        for (std::string_view known : {"if"sv, "elseif"sv, "else"sv, "end"sv, "foreach"sv})
            if (word == known) return word;
        if (std::ranges::find(unsupported, word) == unsupported.end()) return {};
        // These two take no parentheses. Of the others a word without them is text: "#set" may be a hashtag.
        if (word == "stop" || word == "break") return word;
        end += is_formal;
        while (end < source_.size() && is_space(source_[end])) ++end;
        return end < source_.size() && source_[end] == '(' ? word : std::string_view();
    }

    void skip_directive_word(std::string_view word)
    {
        bool is_formal = peek(1) == '{';
        at_ += 1 + word.size() + (is_formal ? 2 : 0);
    }

    // The blanks and the line end behind a directive belong to it.
    void skip_line_end()
    {
        std::size_t end = at_;
        while (end < source_.size() && (source_[end] == ' ' || source_[end] == '\t')) ++end;
        if (source_.substr(end).starts_with("\r\n"))
            at_ = end + 2;
        else if (end < source_.size() && (source_[end] == '\n' || source_[end] == '\r'))
            at_ = end + 1;
    }

    Node node(Node made)
    {
        if (++nodes_ > nodes_max) fail(at_, fmt::format("more than {} parts", nodes_max));
        return made;
    }
    Node text_node(std::size_t from, std::size_t to) { return node({Text{source_.substr(from, to - from)}}); }

    // Up to the end of the source, or to a directive that ends or continues a block.
    Block block()
    {
        Depth depth(*this);
        Block nodes;
        std::size_t text = at_;  // where the text not yet added begins
        auto add_text = [&](std::size_t end) {
            if (text < end) nodes.push_back(text_node(text, end));
        };
        for (;;) {
            // Leaps over text: most of a template has no meaning to the parser.
            std::size_t here = at_ = std::min(source_.find_first_of("\\$#", at_), source_.size());
            std::string_view word = directive_at(here);
            if (here == source_.size() || word == "else" || word == "elseif" || word == "end") {
                add_text(here);
                return nodes;
            }
            Block found = special(word);
            // It meant nothing: the character belongs to the text around it, which is added as one node.
            if (at_ == here) {
                ++at_;
                continue;
            }
            add_text(here);
            std::ranges::move(found, std::back_inserter(nodes));
            text = at_;
        }
    }

    // What begins with the \, $ or # at hand; if that means nothing, the parser stays where it is.
    Block special(std::string_view word)
    {
        Block found;
        if (peek() == '\\') {
            found.push_back(after_backslashes());
        } else if (peek() == '$') {
            if (auto taken = reference()) found.push_back(node({std::move(*taken)}));
        } else if (directives_ == Directives::allowed) {
            if (skip_comment()) return found;
            if (is_at("#[["))
                found.push_back(verbatim());
            else if (!word.empty())
                found.push_back(directive(word));
        }
        return found;
    }

    Node after_backslashes()
    {
        std::size_t first = at_;
        while (peek() == '\\') ++at_;
        std::size_t end = at_;
        if (auto escaped = peek() == '$' ? reference() : std::nullopt) {
            escaped->backslashes = source_.substr(first, end - first);
            return node({std::move(*escaped)});
        }
        if (directive_at(end).empty()) return text_node(first, end);
        // Before a directive two backslashes are one, and an odd one makes it text.
        std::size_t half = (end - first) / 2;
        if ((end - first) % 2 == 0) return text_node(first, first + half);
        ++at_;
        return text_node(end - half, at_);
    }

    bool skip_comment()
    {
        if (is_at("##")) {
            at_ = std::min(source_.find('\n', at_), source_.size() - 1) + 1;
            return true;
        }
        if (!is_at("#*")) return false;
        std::size_t end = source_.find("*#", at_ + 2);
        at_ = end == source_.npos ? source_.size() : end + 2;
        return true;
    }

    Node verbatim()
    {
        std::size_t begin = at_ + 3;
        std::size_t end = source_.find("]]#", begin);
        if (end == source_.npos) fail(at_, "]]# is missing");
        at_ = end + 3;
        return text_node(begin, end);
    }

    Node directive(std::string_view word)
    {
        std::size_t begin = at_;
        if (word == "if") return node({if_directive(begin)});
        if (word == "foreach") return node({foreach_directive(begin)});
        fail(begin, fmt::format("#{} is not supported", word));
    }

    Expression condition()
    {
        expect("(");
        Expression found = expression();
        expect(")");
        skip_line_end();
        return found;
    }

    // Takes the directive at hand, which ended a block that began at `begin`.
    std::string_view take_end_of(std::size_t begin, std::string_view what)
    {
        std::string_view word = directive_at(at_);
        if (word.empty()) fail(begin, fmt::format("#{} without #end", what));
        skip_directive_word(word);
        // Behind #elseif there is a condition still, and its line end is taken with that.
        if (word != "elseif") skip_line_end();
        return word;
    }

    If if_directive(std::size_t begin)
    {
        If found;
        skip_directive_word("if");
        for (;;) {
            Branch& branch = found.branches.emplace_back(Branch{condition(), {}});
            branch.body = block();
            std::size_t here = at_;
            std::string_view word = take_end_of(begin, "if");
            if (word == "end") return found;
            if (word == "elseif") continue;
            found.otherwise = block();
            here = at_;
            word = take_end_of(begin, "if");
            if (word != "end") fail(here, fmt::format("#{} behind #else", word));
            return found;
        }
    }

    Foreach foreach_directive(std::size_t begin)
    {
        skip_directive_word("foreach");
        expect("(");
        skip_spaces();
        std::size_t here = at_;
        auto variable = peek() == '$' ? reference() : std::nullopt;
        if (!variable || !variable->members.empty()) fail(here, "#foreach wants a plain $name");
        expect("in");
        Foreach found{variable->name, expression(), {}};
        expect(")");
        skip_line_end();
        found.body = block();
        here = at_;
        std::string_view word = take_end_of(begin, "foreach");
        if (word != "end") fail(here, fmt::format("#{} within #foreach", word));
        return found;
    }

    // ---- references

    // Nothing: the $ at hand is text, and the parser stays where it is.
    std::optional<Reference> reference()
    {
        std::size_t begin = at_;
        Reference found;
        ++at_;
        found.is_quiet = skip("!");
        bool is_formal = skip("{");
        found.name = take_name();
        if (found.name.empty()) {
            at_ = begin;
            return {};
        }
        while (auto member = take_member()) found.members.push_back(std::move(*member));
        if (is_formal && !skip("}")) fail(at_, "} of a reference is missing");
        found.source = source_.substr(begin, at_ - begin);
        return found;
    }

    std::optional<Member> take_member()
    {
        Member found;
        if (peek() == '.' && is_letter(peek(1))) {
            ++at_;
            found.name = take_name();
            if (!skip("(")) return found;
            found.kind = Member::Kind::call;
            found.arguments = arguments();
            return found;
        }
        if (peek() != '[' || !begins_value(at_ + 1)) return {};
        ++at_;
        found.kind = Member::Kind::element;
        found.arguments.push_back(value());
        expect("]");
        return found;
    }

    // Whether an index can stand there. Behind a reference "[" may as well begin text in brackets, "$name
    // [sic]" or so.
    bool begins_value(std::size_t at) const
    {
        if (at >= source_.size()) return false;
        char c = source_[at];
        return c == '\'' || c == '"' || c == '$' || is_digit(c);
    }

    std::vector<Expression> arguments()
    {
        Depth depth(*this);
        std::vector<Expression> found;
        skip_spaces();
        if (skip(")")) return found;
        for (;;) {
            skip_spaces();
            found.push_back(value());
            skip_spaces();
            if (skip(")")) return found;
            if (!skip(",")) fail(at_, ") is missing");
        }
    }

    // ---- expressions

    struct Word {
        std::string_view text;
        Operator op;
    };
    static constexpr std::array either_words = {Word{"||", Operator::either}, Word{"or", Operator::either}};
    static constexpr std::array both_words = {Word{"&&", Operator::both}, Word{"and", Operator::both}};
    static constexpr std::array equality_words = {Word{"==", Operator::equal}, Word{"eq", Operator::equal},
                                                  Word{"!=", Operator::unequal},
                                                  Word{"ne", Operator::unequal}};
    static constexpr std::array order_words = {  // the longer first
        Word{"<=", Operator::less_or_equal},
        Word{"le", Operator::less_or_equal},
        Word{">=", Operator::greater_or_equal},
        Word{"ge", Operator::greater_or_equal},
        Word{"<", Operator::less},
        Word{"lt", Operator::less},
        Word{">", Operator::greater},
        Word{"gt", Operator::greater}};

    std::optional<Operator> take_operator(std::span<const Word> words)
    {
        skip_spaces();
        for (const Word& word : words) {
            bool is_name = is_letter(word.text[0]);
            if (is_name ? word_at(at_, "_-") == word.text : is_at(word.text)) {
                at_ += word.text.size();
                return word.op;
            }
        }
        return {};
    }

    using Operand = Expression (Parser::*)();

    // Operands with operators of one rank between, from the left.
    Expression chain(Operand operand, std::span<const Word> words)
    {
        Expression left = (this->*operand)();
        int length = 0;
        while (auto op = take_operator(words)) {
            // A chain is a tree that leans to the left, and as deep as it is long.
            if (++length > static_cast<int>(nesting_max)) fail(at_, "too many operators");
            Expression both;
            both.op = *op;
            both.operands.push_back(std::move(left));
            both.operands.push_back((this->*operand)());
            left = std::move(both);
        }
        return left;
    }

    Expression expression()
    {
        Depth depth(*this);
        return chain(&Parser::both, either_words);
    }
    Expression both() { return chain(&Parser::equality, both_words); }
    Expression equality() { return chain(&Parser::order, equality_words); }
    Expression order() { return chain(&Parser::unary, order_words); }

    Expression unary()
    {
        skip_spaces();
        bool is_negated = word_at(at_, "_-") == "not";
        if (is_negated)
            at_ += 3;
        else
            is_negated = peek() == '!' && skip("!");
        if (is_negated) {
            Depth depth(*this);
            Expression negation;
            negation.op = Operator::negated;
            negation.operands.push_back(unary());
            return negation;
        }
        if (!skip("(")) return value();
        Expression inner = expression();
        expect(")");
        return inner;
    }

    Expression value()
    {
        Depth depth(*this);
        std::size_t begin = at_;
        if (peek() == '$') {
            auto found = reference();
            if (!found) fail(begin, "a name is missing behind $");
            return constant(std::move(*found));
        }
        if (peek() == '\'' || peek() == '"') return text();
        if (is_digit(peek()) || (peek() == '-' && is_digit(peek(1)))) return integer();
        std::string_view word = take_name();
        if (word == "true" || word == "false") return constant(word == "true");
        fail(begin, "a reference, a text, a number, true or false is missing");
    }

    template <class T>
    static Expression constant(T value)
    {
        Expression made;
        made.value = std::move(value);
        return made;
    }

    Expression integer()
    {
        std::int64_t number = 0;
        const char* end = source_.data() + source_.size();
        auto result = std::from_chars(source_.data() + at_, end, number);
        if (result.ec != std::errc()) fail(at_, "a number too large");
        at_ = static_cast<std::size_t>(result.ptr - source_.data());
        return constant(number);
    }

    // A text in quotes. In double ones references are replaced, in single ones they are text; a quote within
    // is written twice.
    Expression text()
    {
        char quote = source_[at_];
        std::size_t begin = ++at_;
        std::string plain;
        for (;; plain += source_[at_++]) {
            if (at_ >= source_.size()) fail(begin - 1, "the end of a text in quotes is missing");
            if (source_[at_] != quote) continue;
            if (peek(1) != quote) break;
            ++at_;
        }
        std::string_view inner = source_.substr(begin, at_ - begin);
        ++at_;
        if (quote == '\'' || inner.find('$') == inner.npos) return constant(std::move(plain));
        return constant(references_in(begin, begin + inner.size()));
    }

    // The text between as references and what is between them. Directives have no meaning in it.
    Block references_in(std::size_t begin, std::size_t end)
    {
        std::size_t after = at_;
        std::string_view source = source_;
        Directives directives = directives_;
        // Cut at its end and parsed at its place, and not copied out: faults inside are told with their line
        // and column.
        source_ = source_.substr(0, end);
        directives_ = Directives::are_text;
        at_ = begin;
        Block found = block();
        source_ = source;
        directives_ = directives;
        at_ = after;
        return found;
    }

    std::string_view source_;
    Directives directives_;
    std::size_t at_ = 0;
    std::size_t depth_ = 0;
    std::size_t nodes_ = 0;
};

TemplateFault locate(std::string_view source, Fault fault)
{
    std::string_view before = source.substr(0, std::min(fault.at, source.size()));
    std::size_t line_begin = before.rfind('\n') + 1;  // npos + 1 is 0
    auto is_lead = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; };
    return {.line = static_cast<std::size_t>(std::ranges::count(before, '\n')) + 1,
            .column = static_cast<std::size_t>(std::ranges::count_if(before.substr(line_begin), is_lead)) + 1,
            .reason = std::move(fault.reason)};
}

}  // namespace

std::string TemplateFault::text() const
{
    return fmt::format("line {}, column {}: {}", line, column, reason);
}

base::Result<std::shared_ptr<const Tree>, TemplateFault> parse_tree(std::string source, Directives directives)
{
    if (source.size() > template_size_max)
        return TemplateFault{.reason = fmt::format("longer than {} bytes", template_size_max)};
    // The source moves into the tree before it is parsed: the nodes point into it.
    auto tree = std::make_shared<Tree>(Tree{std::move(source)});
    try {
        tree->root = Parser(tree->source, directives).parse();
    } catch (Fault& fault) {
        return locate(tree->source, std::move(fault));
    }
    return std::shared_ptr<const Tree>(std::move(tree));
}

}  // namespace tidings::webhook
