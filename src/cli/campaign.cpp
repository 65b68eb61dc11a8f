// SPDX-License-Identifier: Apache-2.0
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

// What a result file says: a line "run,NAME" and then for each message its line in the CSV file, its number,
// its status, and its id or what was wrong. The last word about a line holds.
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

Results read_results(const std::filesystem::path& file, std::size_t count)
{
    Results results{.run = {}, .is_sent = std::vector<bool>(count)};
    if (!std::filesystem::exists(file)) return results;
    auto foreign = [&file] {
        return std::runtime_error(
            fmt::format("{} is no file of results for this one: name another with "
                        "--results",
                        file.string()));
    };
    for (const CsvRow& row : parse_csv(base::read_file(file))) {
        if (row.size() == 2 && row[0] == "run") {
            results.run = row[1];
            continue;
        }
        // The last line may be cut off where the machine died.
        if (row.size() != 4) continue;
        if (row[0].find_first_not_of("0123456789") != std::string::npos || row[0].size() > 9) throw foreign();
        std::size_t line = std::stoul("0" + row[0]);
        if (line < line_of_first || line - line_of_first >= count) throw foreign();
        results.is_sent[line - line_of_first] = row[2] == "queued";
    }
    if (results.run.empty()) throw foreign();
    return results;
}

// A request is sent whole or not at all, so that a part of which some lines are known to be sent is another
// one.
std::set<std::size_t> parts_sent(const Results& results)
{
    std::set<std::size_t> parts;
    for (std::size_t first = 0; first < results.is_sent.size(); first += messages_max) {
        std::size_t end = std::min(first + messages_max, results.is_sent.size());
        std::size_t sent = 0;
        for (std::size_t i = first; i < end; ++i) sent += results.is_sent[i];
        if (sent == end - first)
            parts.insert(first / messages_max);
        else if (sent > 0)
            throw std::runtime_error(fmt::format(
                "lines {} to {} are not those that were sent: has the file changed? Lines that were added "
                "belong into a file of their own",
                first + line_of_first, end - 1 + line_of_first));
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
    void write(const CsvRow& row)
    {
        out_ << csv_line(row) << std::flush;
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

// What was wrong with message `index` of a part, as far as the gateway says.
std::string complaint(const Error& error, std::size_t index)
{
    std::string prefix = fmt::format("/messages/{}/", index);
    std::string text = error.message;
    if (!error.details.empty()) text = "not sent because of another line";
    for (const std::string& detail : error.details)
        if (detail.starts_with(prefix)) text = detail.substr(prefix.size());
    return text;
}

void note(ResultFile& file, const Part& part, const std::vector<Message>& messages)
{
    for (std::size_t i = 0; i < part.count; ++i) {
        const Message& asked = messages[part.first + i];
        CsvRow row{std::to_string(part.first + i + line_of_first), asked.destination_number};
        if (part.result && i < part.result->size()) {
            const Message& sent = (*part.result)[i];
            row.insert(row.end(), {std::string(sent.status.text()), sent.message_id});
        } else {
            row.insert(row.end(), {"failed", part.result ? "" : complaint(part.result.error(), i)});
        }
        file.write(row);
    }
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
        file.write({"run", results.run});
    }
    bulk.idempotency_key = results.run;
    Progress last{.total = messages.size(), .accepted = 0, .failed = 0};
    for (bool is_sent : results.is_sent) last.accepted += is_sent;
    bulk.on_part = [&](const Part& part, const Progress& progress) {
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
