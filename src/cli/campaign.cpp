// SPDX-License-Identifier: Apache-2.0
// A file of messages is sent in parts, each with an idempotency key that follows from the name of the run.
// Beside it grows a file of results, line by line as parts are answered. Whoever starts the same command
// again, after Ctrl-C or a crash, goes on where it ended: parts whose lines are all noted are left out, and
// one that was sent and not noted is sent with the same key, so that the gateway, as long as it knows the
// key, answers and sends nothing twice.
//
// So the first line of the results, with the name of the run, is written before anything is sent.
#include "cli/campaign.hpp"

#include "base/digest.hpp"
#include "base/file.hpp"
#include "cli/csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <stdexcept>

namespace tidings::cli {

namespace {

constexpr std::size_t run_digits = 20;    // of the run's name: no two runs share it
constexpr std::size_t line_of_first = 2;  // below the names of the columns

// What a result file says: a line "run,NAME,COUNT" and then for each message its line in the CSV file, its
// number, its status, and its id or what was wrong. The last word about a line holds.
struct Results {
    std::string run;
    std::vector<bool> is_sent;
};

Time time_of(const std::string& text)
{
    auto time = parse_iso(text);
    if (!time) throw std::runtime_error("scheduled is no date: write 2030-01-31T09:00:00Z");
    return *time;
}

void set_field(Message& message, const std::string& column, const std::string& value)
{
    // An empty cell leaves what the options of the command say for all messages.
    if (value.empty()) return;
    if (column == "destination_number")
        message.destination_number = value;
    else if (column == "content")
        message.content = value;
    else if (column == "source_number")
        message.source_number = value;
    else if (column == "callback_url")
        message.callback_url = value;
    else if (column == "scheduled")
        message.scheduled = time_of(value);
    else
        message.metadata[column] = value;
}

Message message_of(const CsvRow& columns, const CsvRow& row, const Message& common)
{
    if (row.size() != columns.size())
        throw std::runtime_error(fmt::format("{} fields where {} are due", row.size(), columns.size()));
    Message message = common;
    for (std::size_t i = 0; i < row.size(); ++i) set_field(message, columns[i], row[i]);
    if (message.destination_number.empty()) throw std::runtime_error("no destination_number");
    if (message.content.empty()) throw std::runtime_error("no content");
    return message;
}

// Throws when the results are those of a file with another number of messages.
void check_run(const CsvRow& run, std::size_t count)
{
    // Parts are counted by lines. With other lines the same key would come with another body, which the
    // gateway refuses.
    if (run[2] != std::to_string(count))
        throw std::runtime_error(
            fmt::format("there were {} messages when this was sent first, and now there are {}: lines that "
                        "were added belong "
                        "into a file of their own",
                        run[2], count));
}

void take_result(Results& results, const CsvRow& row, std::size_t count)
{
    bool is_number = row[0].size() < 10 && row[0].find_first_not_of("0123456789") == std::string::npos;
    std::size_t line = is_number ? std::stoul("0" + row[0]) : 0;
    if (line < line_of_first || line - line_of_first >= count)
        throw std::runtime_error("there is no line " + row[0]);
    // The last line about a message counts: one that failed may have been sent by a later run.
    results.is_sent[line - line_of_first] = row[2] == "queued";
}

Results read_results(const std::filesystem::path& file, std::size_t count)
{
    Results results{.run = {}, .is_sent = std::vector<bool>(count)};
    if (!std::filesystem::exists(file)) return results;
    try {
        for (const CsvRow& row : parse_csv(base::read_file(file))) {
            if (row.size() == 4) take_result(results, row, count);
            if (row.size() != 3 || row[0] != "run")
                continue;  // or a line that was cut off when the machine died
            check_run(row, count);
            results.run = row[1];
        }
        if (results.run.empty()) throw std::runtime_error("it holds no results");
    } catch (const std::exception& error) {
        throw std::runtime_error(fmt::format("{}: {}; --results names another", file.string(), error.what()));
    }
    return results;
}

// A part whose lines are not all noted is sent again, with the same key: the gateway answers as it did
// before.
std::set<std::size_t> parts_sent(const Results& results)
{
    std::set<std::size_t> parts;
    for (std::size_t first = 0; first < results.is_sent.size(); first += messages_max) {
        std::size_t end = std::min(first + messages_max, results.is_sent.size());
        bool is_sent = true;
        for (std::size_t i = first; i < end; ++i) is_sent = is_sent && results.is_sent[i];
        if (is_sent) parts.insert(first / messages_max);
    }
    return parts;
}

class ResultFile {
public:
    explicit ResultFile(const std::filesystem::path& path) : path_(path)
    {
        // A line that was cut off stays by itself.
        bool is_cut = std::filesystem::exists(path) && !base::read_file(path).ends_with('\n');
        out_.open(path, std::ios::app);
        if (is_cut) out_ << '\n';
        check();
    }
    void write(const std::string& lines)
    {
        out_ << lines << std::flush;
        check();
    }

private:
    void check() const
    {
        if (!out_) throw std::runtime_error(fmt::format("{} cannot be written", path_.string()));
    }
    std::filesystem::path path_;
    std::ofstream out_;
};

// Why message `index` of a part was not sent: the gateway names the field of the message that was wrong, or
// refused the request as a whole.
std::string complaint(const Error& error, std::size_t index)
{
    std::string prefix = fmt::format("/messages/{}/", index);
    std::string text = error.message;
    // The gateway takes all messages of a request or none.
    if (!error.details.empty()) text = "not sent because of another line";
    for (const std::string& detail : error.details)
        if (detail.starts_with(prefix)) text = detail.substr(prefix.size());
    return text;
}

void note(ResultFile& file, const Part& part, const std::vector<Message>& messages)
{
    std::string lines;
    for (std::size_t i = 0; i < part.count; ++i) {
        const Message& asked = messages[part.first + i];
        CsvRow row{std::to_string(part.first + i + line_of_first), asked.destination_number};
        if (part.result && i < part.result->size()) {
            const Message& sent = (*part.result)[i];
            row.insert(row.end(), {std::string(sent.status.text()), sent.message_id});
        } else {
            row.insert(row.end(), {"failed", part.result ? "" : complaint(part.result.error(), i)});
        }
        lines += csv_line(row);
    }
    file.write(lines);
}

}  // namespace

std::vector<Message> messages_of_csv(std::string_view text, const Message& common)
{
    std::vector<CsvRow> rows = parse_csv(text);
    if (rows.empty()) throw std::runtime_error("the file is empty");
    const CsvRow& columns = rows.front();
    if (std::ranges::find(columns, "destination_number") == columns.end())
        throw std::runtime_error("the first line names no column destination_number");
    std::vector<Message> messages;
    messages.reserve(rows.size() - 1);
    for (std::size_t i = 1; i < rows.size(); ++i) {
        try {
            messages.push_back(message_of(columns, rows[i], common));
        } catch (const std::exception& error) {
            throw std::runtime_error(fmt::format("row {}: {}", i + 1, error.what()));
        }
    }
    return messages;
}

Progress send_campaign(const Client& client, const CampaignOptions& options)
{
    std::vector<Message> messages = messages_of_csv(base::read_file(options.file), options.common);
    std::filesystem::path path = options.results;
    if (path.empty()) path = options.file.string() + ".results";
    Results results = read_results(path, messages.size());
    BulkOptions bulk{.skip = parts_sent(results)};
    ResultFile file(path);
    if (results.run.empty()) {
        results.run = base::random_text(run_digits);
        file.write(csv_line({"run", results.run, std::to_string(messages.size())}));
    }
    bulk.idempotency_key = results.run;
    Progress last{.total = messages.size(), .accepted = 0, .failed = 0};
    for (bool is_sent : results.is_sent) last.accepted += is_sent;
    bulk.on_part = [&](const Part& part, const Progress& progress) {
        // First noted, then shown: what a progress bar has counted is not sent again.
        note(file, part, messages);
        last = progress;
        if (options.on_progress) options.on_progress(progress);
    };
    for (const Part& part : client.messages().send_all(messages, bulk).value())
        if (!part.result && part.result.error().code == boost::asio::error::operation_aborted)
            throw std::runtime_error(fmt::format("{} cannot be written", path.string()));
    return last;
}

}  // namespace tidings::cli
