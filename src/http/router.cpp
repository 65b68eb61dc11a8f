// SPDX-License-Identifier: Apache-2.0
// Patterns lie in a tree by their segments, and a path walks down it. A literal segment is tried before a
// {name}; if nothing below it has the method, the walk goes back and tries the {name}. What it meets on the
// way with other methods makes the header Allow.
#include "http/router.hpp"

#include "base/hex.hpp"

#include <boost/beast/http/verb.hpp>

#include <algorithm>
#include <stdexcept>

namespace tidings::http {

using boost::beast::http::verb;

// A tree of segments: "/v1/messages/{id}" is root → "v1" → "messages" → any.
struct Router::Node {
    std::map<std::string, Node, std::less<>> literal;
    std::unique_ptr<Node> any;
    std::string pattern;  // set where a pattern ends
    std::map<verb, Judge> judges;
};

Router::Router() : root_(std::make_unique<Node>()) {}
Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;
Router::~Router() = default;

namespace {

// Takes "/segment" off the front of a path that begins with a slash.
std::string_view take_segment(std::string_view& path)
{
    std::size_t end = std::min(path.find('/', 1), path.size());
    std::string_view segment = path.substr(1, end - 1);
    path.remove_prefix(end);
    return segment;
}

bool is_parameter(std::string_view segment)
{
    return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

bool decode_all(const std::vector<std::string_view>& raw, std::vector<std::string>& decoded)
{
    for (std::string_view text : raw) {
        auto one = percent_decoded(text);
        if (!one) return false;
        decoded.push_back(std::move(*one));
    }
    return true;
}

}  // namespace

base::Result<std::string> percent_decoded(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        if (text.size() - i < 3) return base::errc::bad_url;
        int high = base::hex_value(text[i + 1]), low = base::hex_value(text[i + 2]);
        if (high < 0 || low < 0) return base::errc::bad_url;
        out += static_cast<char>(high << 4 | low);
        i += 2;
    }
    return out;
}

void Router::add(verb method, std::string_view pattern, Handler handler)
{
    add(method, pattern, Judge([handler = std::move(handler)](const Request&) {
            return Judgement{.answer = handler, .reads_body = true};
        }));
}

// Makes the nodes on the way that are not there yet.
void Router::add(verb method, std::string_view pattern, Judge judge)
{
    if (!pattern.starts_with('/')) throw std::invalid_argument("a pattern begins with a slash");
    Node* node = root_.get();
    for (std::string_view rest = pattern; !rest.empty();) {
        std::string_view segment = take_segment(rest);
        if (!is_parameter(segment)) {
            if (segment.find_first_of("{}") != segment.npos)
                throw std::invalid_argument("malformed pattern: " + std::string(pattern));
            node = &node->literal[std::string(segment)];
            continue;
        }
        if (!node->any) node->any = std::make_unique<Node>();
        node = node->any.get();
    }
    if (!node->judges.emplace(method, std::move(judge)).second)
        throw std::invalid_argument("two operations for one method: " + std::string(pattern));
    node->pattern = pattern;
}

// Goes on after a node without the method, so that POST /a/b and GET /a/{x} can stand beside each other.
void Router::find(const Node& node, std::string_view rest, verb method, std::vector<std::string_view>& raw,
                  Match& match)
{
    if (rest.empty()) {
        if (auto found = node.judges.find(method); found != node.judges.end()) {
            // A path with a broken escape names nothing that there is: 404.
            if (!decode_all(raw, match.parameters)) return match.parameters.clear();
            match.judge = &found->second;
            match.pattern = node.pattern;
            return;
        }
        for (const auto& [allowed, judge] : node.judges) {
            std::string_view name = boost::beast::http::to_string(allowed);
            if (match.allow.find(name) != match.allow.npos) continue;  // no name is a part of another
            if (!match.allow.empty()) match.allow += ", ";
            match.allow += name;
        }
        return;
    }
    std::string_view segment = take_segment(rest);
    if (auto found = node.literal.find(segment); found != node.literal.end()) {
        find(found->second, rest, method, raw, match);
        if (match.judge) return;
    }
    // Patterns have few segments, so that going back costs little: no path makes it try more than two ways at
    // each.
    if (node.any && !segment.empty()) {
        raw.push_back(segment);
        find(*node.any, rest, method, raw, match);
        raw.pop_back();
    }
}

Router::Match Router::match(verb method, std::string_view path) const
{
    Match match;
    std::vector<std::string_view> raw;
    if (path.starts_with('/')) find(*root_, path, method, raw, match);
    if (match.judge) match.allow.clear();
    return match;
}

}  // namespace tidings::http
