// SPDX-License-Identifier: Apache-2.0
// Options that become fields of a request. The gateway judges their values, so that its sentences are the
// only ones about them; what is checked here is what would not fit into JSON otherwise.
#include "cli/body_options.hpp"

#include <boost/json.hpp>

namespace tidings::cli {

namespace json = boost::json;

Option BodyOptions::text(Command command, Names names)
{
    auto take = [this, field = names.field](const std::string& text) { set(field, json::value(text)); };
    return command.take_text(names.flag, take, names.description);
}

Option BodyOptions::texts(Command command, Names names)
{
    auto take = [this, field = names.field](std::vector<std::string> texts) {
        // An empty text stands for the empty list: `--source ""` takes all away, which an option that is
        // absent does not.
        std::erase(texts, "");
        set(field, json::value_from(texts));
    };
    return command.take_texts(names.flag, take, names.description).may_be_repeated();
}

Option BodyOptions::number(Command command, Names names)
{
    auto take = [this, field = names.field](const std::int64_t& number) { set(field, number); };
    return command.take_number(names.flag, take, names.description).type_name("N");
}

Option BodyOptions::duration(Command command, Names names)
{
    const std::map<std::string, std::int64_t> seconds = {{"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86400}};
    return number(command, std::move(names)).with_unit(seconds).type_name("TIME");
}

Option BodyOptions::on_off(Command command, Names names)
{
    auto is_either = [](const std::string& word) {
        return word == "on" || word == "off" ? std::string() : "must be on or off";
    };
    auto take = [this, field = names.field](const std::string& word) { set(field, word == "on"); };
    return command.take_text(names.flag, take, names.description).type_name("on|off").check(is_either);
}

Option BodyOptions::time_or_never(Command command, Names names)
{
    auto take = [this, field = names.field](const std::string& text) {
        set(field, text == "never" ? json::value(nullptr) : json::value(text));
    };
    return command.take_text(names.flag, take, names.description).type_name("TIME|never");
}

void BodyOptions::set_default(const std::string& field, json::value value)
{
    if (!body_.contains(field)) set(field, std::move(value));
}

void BodyOptions::set(const std::string& field, json::value value)
{
    std::size_t slash = field.find('/');
    if (slash == field.npos) {
        body_[field] = std::move(value);
        return;
    }
    json::value& inner = body_[field.substr(0, slash)];
    // Several options may fill the same object, as those of features do.
    if (!inner.is_object()) inner.emplace_object();
    inner.get_object()[field.substr(slash + 1)] = std::move(value);
}

std::string BodyOptions::json() const { return json::serialize(body_); }

}  // namespace tidings::cli
