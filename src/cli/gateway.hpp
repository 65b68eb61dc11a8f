// SPDX-License-Identifier: Apache-2.0
// The gateway that the commands talk to.
#pragma once

#include "cli/command_line.hpp"
#include "http/client.hpp"

#include <boost/json/value.hpp>

#include <functional>
#include <string>

namespace tidings::cli {

// One request to /admin/v1, and how people are shown its answer.
struct Action {
    std::string method;
    std::string target;     // path and query
    std::string body{};     // JSON; empty: none
    std::string subject{};  // what it is about, for errors: "account shop"; empty: nothing in particular
    std::function<std::string(const boost::json::value& answer)> show;
};

struct GatewayOptions {
    std::string url;         // empty: see url_of()
    std::string token_file;  // empty: see token_of()
    std::string data = "data";
    std::string ca_file;
    bool json = false;

    void add_to(Command command);
};

// What was said, else what the environment says, else where a gateway listens that was not told anything;
// without a slash at its end. Throws a sentence.
std::string url_of(const GatewayOptions& options);

struct Token {
    std::string text;
    std::string origin;  // "the environment variable …", for errors
};

// From the file that was named, else from the environment, else from the data folder. Throws a sentence.
Token token_of(const GatewayOptions& options);

// Does it and gives what is to be printed. Throws a sentence, perhaps with lines below it.
std::string perform(const Action& action, const GatewayOptions& options);

// Why an answer is none that was hoped for.
std::string complaint(const http::ClientAnswer& answer, const Action& action, const std::string& url,
                      const Token& token);

}  // namespace tidings::cli
