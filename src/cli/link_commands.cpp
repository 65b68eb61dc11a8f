// SPDX-License-Identifier: Apache-2.0
#include "cli/leaves.hpp"

#include <boost/json.hpp>

namespace tidings::cli {

namespace {

constexpr Field fields[] = {
    {"name", "LINK"},
    {"bound", "BOUND"},
    {"binds", "OF"},
    {"waiting", "WAITING"},
    {"oldest_seconds", "OLDEST S"},
    {"window_in_use", "IN FLIGHT"},
    {"window", "WINDOW"},
    {"rate", "RATE", "no limit"},
    {"submits", "SUBMITS"},
    {"throttled", "THROTTLED"},
    {"refused", "REFUSED"},
    {"doubts", "DOUBTS"},
    {"state", "STATE"},
    {"unknown", "UNKNOWN WORDS"},
};

// In one word and, of a link that gave up, with its carrier's.
std::string state_of(const boost::json::object& link)
{
    if (const boost::json::value& stopped = link.at("stopped_by"); stopped.is_string())
        return "stopped by " + std::string(stopped.as_string());
    if (const boost::json::value& strained = link.at("strained_by"); strained.is_string())
        return "shares, for " + std::string(strained.as_string());
    return link.at("bound") == 0 ? "not bound" : "bound";
}

// As "PARKED 3,(none) 1".
boost::json::array unknown_words_of(const boost::json::object& link)
{
    boost::json::array words;
    for (const boost::json::value& each : link.at("unknown_words").as_array())
        words.emplace_back(shown(each.at("word")) + " " + shown(each.at("count")));
    return words;
}

std::string show_links(const boost::json::value& answer)
{
    boost::json::array rows;
    for (const boost::json::value& link : answer.at("links").as_array()) {
        boost::json::object row = link.as_object();
        row["state"] = state_of(row);
        row["unknown"] = unknown_words_of(row);
        rows.push_back(std::move(row));
    }
    return table_of(boost::json::object{{"links", std::move(rows)}}, "links", fields);
}

void add_link(Command leaf, Asked& asked)
{
    asked.argument(leaf, "link", "its name in the configuration").type_name("LINK");
}

const Leaf leaves[] = {
    {.name = "list",
     .description = "all links, with what waits for each, and words in their receipts that nobody knows",
     .path = "/links",
     .show = show_links},
    {.name = "restart",
     .description = "close a link in good order and bind it again; one that gave up tries anew",
     .examples = "  tidings link restart carrier\n",
     .method = "POST",
     .path = "/links/{link}/restart",
     .subject = "link {link}",
     .options = add_link,
     .done = "begins anew"},
};

}  // namespace

std::span<const Leaf> link_leaves() { return leaves; }

}  // namespace tidings::cli
