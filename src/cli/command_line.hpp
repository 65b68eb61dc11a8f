// SPDX-License-Identifier: Apache-2.0
// Commands within commands, their options, and the help about them. This is the part of CLI11 that we use:
// its header takes several seconds to compile, and so command_line.cpp alone includes it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace tidings::cli {

// What was asked for does not fit together. Ends the parse, with the status of a wrong command line.
struct UsageError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// Gives why a word is none that is wanted; an empty text: it is.
using Check = std::function<std::string(const std::string& word)>;

// An option or an argument of a command. A handle: it lives as long as its CommandLine.
class Option {
public:
    explicit Option(CLI::Option* option) : option_(option) {}

    Option type_name(const std::string& name) const;  // how help calls its value
    Option group(const std::string& name) const;      // under which help shows it
    Option required() const;
    Option shows_default() const;
    Option may_be_repeated() const;  // each time with one value
    Option excludes(Option other) const;
    Option check(Check check) const;
    Option one_of(const std::vector<std::string>& words) const;
    Option existing_file() const;
    Option between(int least, int most) const;
    Option between(double least, double most) const;
    Option words_for(const std::map<std::string, std::string>& values) const;  // or a value itself
    Option with_unit(const std::map<std::string, std::int64_t>& factors) const;

private:
    CLI::Option* option_;
};

// A command. A handle, as Option is.
class Command {
public:
    explicit Command(CLI::App* app) : app_(app) {}

    Command add_command(const std::string& name, const std::string& description) const;
    void needs_a_command() const;                        // one of those below it
    void footer(const std::string& text) const;          // below its help
    void when_parsed(std::function<void()> then) const;  // may throw UsageError
    bool is_parsed() const;

    // A name without dashes is that of an argument.
    Option add_option(const std::string& name, std::string& value, const std::string& description) const;
    Option add_option(const std::string& name, std::filesystem::path& value,
                      const std::string& description) const;
    Option add_option(const std::string& name, std::vector<std::string>& values,
                      const std::string& description) const;
    Option add_option(const std::string& name, int& value, const std::string& description) const;
    Option add_option(const std::string& name, double& value, const std::string& description) const;
    Option add_flag(const std::string& name, bool& value, const std::string& description) const;

    using TakeText = std::function<void(const std::string&)>;
    using TakeTexts = std::function<void(const std::vector<std::string>&)>;
    using TakeNumber = std::function<void(std::int64_t)>;
    Option take_text(const std::string& name, TakeText take, const std::string& description) const;
    Option take_texts(const std::string& name, TakeTexts take, const std::string& description) const;
    Option take_number(const std::string& name, TakeNumber take, const std::string& description) const;
    Option take_flag(const std::string& name, std::function<void()> take,
                     const std::string& description) const;

private:
    CLI::App* app_;
};

class CommandLine {
public:
    CommandLine(const std::string& name, const std::string& description, const std::string& version);
    ~CommandLine();

    Command root() const { return Command(app_.get()); }
    // Nothing: it was parsed. Else help, the version or a complaint was printed, and the process is to end
    // with this.
    std::optional<int> parse(int argc, char** argv);
    // The same for the words after the program's name; gives the complaint.
    std::string parse(std::vector<std::string> words);

private:
    std::unique_ptr<CLI::App> app_;
};

}  // namespace tidings::cli
