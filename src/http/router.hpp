// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/error.hpp"
#include "http/request.hpp"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tidings::http {

// Finds the operation for a method and a path. Patterns are paths in which a whole segment may be a {name},
// which stands for any one segment that is not empty. A literal segment wins over a {name}. A trailing slash
// is part of the pattern. HEAD and OPTIONS are methods like any other.
class Router {
public:
    struct Match {
        const Judge* judge = nullptr;         // nullptr: no such path, or no such method on it
        std::string_view pattern;  // of the operation; for logs, since paths may hold phone numbers
        std::vector<std::string> parameters;  // percent-decoded
        std::string allow;                    // "GET, POST" when the path exists but not with this method
    };

    Router();
    Router(Router&&) noexcept;
    Router& operator=(Router&&) noexcept;
    ~Router();

    // Throws std::invalid_argument for a pattern that is malformed or was added before.
    void add(boost::beast::http::verb method, std::string_view pattern, Judge judge);
    // An operation that lets everybody in, with their bodies.
    void add(boost::beast::http::verb method, std::string_view pattern, Handler handler);

    // `path` is percent-encoded and without query. The match points into the router.
    Match match(boost::beast::http::verb method, std::string_view path) const;

private:
    struct Node;
    static void find(const Node& node, std::string_view rest, boost::beast::http::verb method,
                     std::vector<std::string_view>& raw, Match& match);
    std::unique_ptr<Node> root_;
};

// Nothing when an escape is broken.
base::Result<std::string> percent_decoded(std::string_view text);

}  // namespace tidings::http
