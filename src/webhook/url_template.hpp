// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "webhook/template.hpp"

namespace tidings::webhook {

constexpr std::size_t rendered_url_max = 64 << 10;  // a text of 5,000 characters, percent-encoded: 45,000

// The URL of a webhook. References may stand in path and query only, or a handset's text could choose the
// host; what they stand for is percent-encoded. There are no directives in a URL, and no fragment: that would
// never be sent.
class UrlTemplate {
public:
    static base::Result<UrlTemplate, TemplateFault> parse(const std::string& source);

    // bad_url: too long, or its path would lead somewhere else (".."). bad_template: the budget is spent.
    base::Result<std::string> render(const Variables& variables, Budget& budget) const;

    bool is_constant() const { return is_constant_; }  // has no references

private:
    UrlTemplate(std::string origin, Template rest)
        : origin_(std::move(origin)), rest_(std::move(rest)), is_constant_(rest_.is_constant())
    {
    }

    std::string origin_;  // scheme and authority
    Template rest_;
    bool is_constant_;
};

}  // namespace tidings::webhook
