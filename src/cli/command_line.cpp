// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>

namespace tidings::cli {

namespace {

constexpr int usage_status = 2;  // of a process whose command line was wrong

}  // namespace

Option Option::type_name(const std::string& name) const
{
    option_->type_name(name);
    return *this;
}

Option Option::group(const std::string& name) const
{
    option_->group(name);
    return *this;
}

Option Option::required() const
{
    option_->required();
    return *this;
}

Option Option::shows_default() const
{
    option_->capture_default_str();
    return *this;
}

Option Option::may_be_repeated() const
{
    option_->expected(1)->take_all();
    return *this;
}

Option Option::excludes(Option other) const
{
    option_->excludes(other.option_);
    return *this;
}

Option Option::check(Check check) const
{
    option_->check(std::move(check));
    return *this;
}

// The descriptions of CLI11's own checks would stand in the help beside type names that say the same.
Option Option::one_of(const std::vector<std::string>& words) const
{
    option_->check(CLI::IsMember(words).description(""));
    return *this;
}

Option Option::existing_file() const
{
    option_->check(CLI::Validator(CLI::ExistingFile).description(""));
    return *this;
}

Option Option::between(int least, int most) const
{
    option_->check(CLI::Range(least, most));
    return *this;
}

Option Option::between(double least, double most) const
{
    option_->check(CLI::Range(least, most));
    return *this;
}

Option Option::words_for(const std::map<std::string, std::string>& values) const
{
    option_->transform(CLI::Transformer(values).description(""));
    return *this;
}

Option Option::with_unit(const std::map<std::string, std::int64_t>& factors) const
{
    option_->transform(CLI::AsNumberWithUnit(factors).description(""));
    return *this;
}

Command Command::add_command(const std::string& name, const std::string& description) const
{
    return Command(app_->add_subcommand(name, description));
}

void Command::needs_a_command() const { app_->require_subcommand(1); }

void Command::footer(const std::string& text) const { app_->footer(text); }

void Command::when_parsed(std::function<void()> then) const
{
    app_->callback([then = std::move(then)] {
        try {
            then();
        } catch (const UsageError& error) {
            // Thrown on as an error of CLI11, so that it ends as every other mistake in a command line does.
            throw CLI::ValidationError(error.what());
        }
    });
}

bool Command::is_parsed() const { return app_->parsed(); }

Option Command::add_option(const std::string& name, std::string& value, const std::string& description) const
{
    return Option(app_->add_option(name, value, description));
}

Option Command::add_option(const std::string& name, std::filesystem::path& value,
                           const std::string& description) const
{
    return Option(app_->add_option(name, value, description));
}

Option Command::add_option(const std::string& name, std::vector<std::string>& values,
                           const std::string& description) const
{
    return Option(app_->add_option(name, values, description));
}

Option Command::add_option(const std::string& name, int& value, const std::string& description) const
{
    return Option(app_->add_option(name, value, description));
}

Option Command::add_option(const std::string& name, double& value, const std::string& description) const
{
    return Option(app_->add_option(name, value, description));
}

Option Command::add_flag(const std::string& name, bool& value, const std::string& description) const
{
    return Option(app_->add_flag(name, value, description));
}

Option Command::take_text(const std::string& name, TakeText take, const std::string& description) const
{
    return Option(app_->add_option_function<std::string>(name, std::move(take), description));
}

Option Command::take_texts(const std::string& name, TakeTexts take, const std::string& description) const
{
    return Option(app_->add_option_function<std::vector<std::string>>(name, std::move(take), description));
}

Option Command::take_number(const std::string& name, TakeNumber take, const std::string& description) const
{
    return Option(app_->add_option_function<std::int64_t>(name, std::move(take), description));
}

Option Command::take_flag(const std::string& name, std::function<void()> take,
                          const std::string& description) const
{
    return Option(app_->add_flag_callback(name, std::move(take), description));
}

CommandLine::CommandLine(const std::string& name, const std::string& description, const std::string& version)
    : app_(std::make_unique<CLI::App>(description, name))
{
    app_->require_subcommand(1);
    app_->set_version_flag("--version", version);
}

CommandLine::~CommandLine() = default;

std::optional<int> CommandLine::parse(int argc, char** argv)
{
    try {
        app_->parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        // CLI11 throws for --help and --version, too, which are no mistakes; all others end with the one
        // status for a wrong command line.
        return app_->exit(error) == 0 ? 0 : usage_status;
    }
    return std::nullopt;
}

std::string CommandLine::parse(std::vector<std::string> words)
{
    std::ranges::reverse(words);  // as CLI11 wants them
    try {
        app_->parse(words);
    } catch (const CLI::ParseError& error) {
        return error.what();
    }
    return {};
}

}  // namespace tidings::cli
