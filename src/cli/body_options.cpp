// SPDX-License-Identifier: Apache-2.0
#include "cli/body_options.hpp"

#include <boost/json.hpp>

namespace tidings::cli {

namespace json = boost::json;

CLI::Option* BodyOptions::text(CLI::App& command, Names names)
{
    auto take = [this, field = names.field](const std::string& text) { set(field, json::value(text)); };
    return command.add_option_function<std::string>(names.flag, take, names.description);
}

CLI::Option* BodyOptions::texts(CLI::App& command, Names names)
{
    auto take = [this, field = names.field](std::vector<std::string> texts) {
        std::erase(texts, "");
        set(field, json::value_from(texts));
    };
    return command.add_option_function<std::vector<std::string>>(names.flag, take, names.description)
        ->expected(1)
        ->take_all();
}

CLI::Option* BodyOptions::number(CLI::App& command, Names names)
{
    auto take = [this, field = names.field](const std::int64_t& number) { set(field, number); };
    return command.add_option_function<std::int64_t>(names.flag, take, names.description)->type_name("N");
}

CLI::Option* BodyOptions::duration(CLI::App& command, Names names)
{
    const std::map<std::string, std::int64_t> seconds = {{"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86400}};
    return number(command, std::move(names))
        ->transform(CLI::AsNumberWithUnit(seconds).description(""))
        ->type_name("TIME");
}

CLI::Option* BodyOptions::on_off(CLI::App& command, Names names)
{
    auto is_either = [](const std::string& word) {
        return word == "on" || word == "off" ? std::string() : "must be on or off";
    };
    auto take = [this, field = names.field](const std::string& word) { set(field, word == "on"); };
    return command.add_option_function<std::string>(names.flag, take, names.description)
        ->type_name("on|off")
        ->check(is_either);
}

CLI::Option* BodyOptions::time_or_never(CLI::App& command, Names names)
{
    auto take = [this, field = names.field](const std::string& text) {
        set(field, text == "never" ? json::value(nullptr) : json::value(text));
    };
    return command.add_option_function<std::string>(names.flag, take, names.description)
        ->type_name("TIME|never");
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
    if (!inner.is_object()) inner.emplace_object();
    inner.get_object()[field.substr(slash + 1)] = std::move(value);
}

std::string BodyOptions::json() const { return json::serialize(body_); }

}  // namespace tidings::cli
