// SPDX-License-Identifier: Apache-2.0
#include "cli/client_commands.hpp"

#include "base/clock.hpp"
#include "base/spawn.hpp"
#include "cli/table.hpp"

#include <fmt/format.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json.hpp>

#include <cmath>
#include <csignal>
#include <cstdio>

#include <unistd.h>

namespace tidings::cli {

namespace asio = boost::asio;
namespace json = boost::json;

namespace {

constexpr std::size_t bar_width = 40;
// A hundred requests. More belong into a file, which can go on where it ended.
constexpr std::size_t numbers_max = 10'000;

void print(const std::string& text)
{
    std::fputs(text.c_str(), stdout);
    std::fflush(stdout);
}

// One line for people.
std::string line_of(const Message& message)
{
    return fmt::format("{}  {}  {}", message.message_id, message.destination_number, message.status.text());
}
std::string line_of(const Reply& reply)
{
    return fmt::format("{}  {}  {}", to_iso(reply.date_received), reply.source_number, reply.content);
}
std::string line_of(const DeliveryReport& report)
{
    return fmt::format("{}  {}  {} {}  {}", to_iso(report.submitted_date), report.source_number,
                       report.status.text(), report.error_code, report.message_id);
}
std::string line_of(const Credits& credits)
{
    return credits.remaining ? std::to_string(*credits.remaining) : "unlimited";
}

template <class T>
std::string shown(const T& value, bool as_json)
{
    return (as_json ? json::serialize(to_json(value)) : printable(line_of(value))) + "\n";
}

void draw(const Progress& progress)
{
    std::size_t done = progress.accepted + progress.failed;
    std::size_t filled = progress.total ? done * bar_width / progress.total : bar_width;
    std::string bar = std::string(filled, '#') + std::string(bar_width - filled, '.');
    fmt::print(stderr, "\r[{}] {} of {}{}", bar, done, progress.total,
               progress.failed ? fmt::format(", {} failed", progress.failed) : "");
}

// Prints what waits, and confirms it if that is wanted.
template <class T>
int list(const Inbox<T>& inbox, const ClientOptions& options, bool confirms)
{
    if (!confirms) {
        for (const T& item : inbox.list().value()) print(shown(item, options.json));
        return 0;
    }
    auto unconfirmed = inbox.unconfirmed();
    for (auto& item : unconfirmed) {
        print(shown(*item, options.json));
        // Only after it was printed. If printing fails, or the process is killed, it comes again.
        item.confirm();
    }
    return 0;
}

// Prints and confirms what waits, again and again. Each item is confirmed after it was printed, so that one
// which was not shown comes again.
asio::awaitable<void> follow(Client client, ClientOptions options, std::chrono::milliseconds interval)
{
    base::SystemClock clock;
    auto take = [json = options.json](const auto& item) {
        print(shown(item, json));
        return true;
    };
    std::function<bool(const Reply&)> take_reply = take;
    std::function<bool(const DeliveryReport&)> take_report = take;
    for (;;) {
        auto reports = co_await client.delivery_reports().async_each(take_report, asio::use_awaitable);
        reports.value();
        auto replies = co_await client.replies().async_each(take_reply, asio::use_awaitable);
        replies.value();
        co_await clock.wait_until(clock.steady() + interval);
    }
}

std::optional<Time> time_of(const std::string& text, const char* option)
{
    if (text.empty()) return {};
    auto time = parse_iso(text);
    if (!time) throw std::runtime_error(fmt::format("{} takes a date: 2030-01-31T09:00:00Z", option));
    return *time;
}

}  // namespace

ClientCommands::ClientCommands(Command app)
{
    add_send(app);
    Command status = add(app, "status", "how messages do", [this] { return this->status(); });
    status.add_option("id", ids_, "the messages' ids").type_name("ID").required();
    options_.add_to(status);
    Command cancel = add(app, "cancel", "cancel a scheduled message", [this] { return this->cancel(); });
    cancel.add_option("id", ids_, "the messages' ids").type_name("ID").required();
    options_.add_to(cancel);
    Command replies = add(app, "replies", "the replies that wait",
                          [this] { return list(client_of(options_).replies(), options_, confirms_); });
    Command reports = add(app, "reports", "the delivery reports that wait", [this] {
        return list(client_of(options_).delivery_reports(), options_, confirms_);
    });
    for (Command leaf : {replies, reports}) {
        leaf.add_flag("--confirm", confirms_, "all of them, and they will not be listed again");
        options_.add_to(leaf);
    }
    Command credits = add(app, "credits", "what may still be sent", [this] { return this->credits(); });
    options_.add_to(credits);
    Command watch =
        add(app, "watch", "print reports and replies as they come, and confirm them, until Ctrl-C",
            [this] { return this->watch(); });
    watch.add_option("--interval", interval_s_, "seconds between looks").between(0.1, 3600.0).shows_default();
    options_.add_to(watch);
}

Command ClientCommands::add(Command app, const char* name, const char* description,
                            std::function<int()> action)
{
    Command leaf = app.add_command(name, description);
    leaf.when_parsed([this, action = std::move(action)] { action_ = action; });
    return leaf;
}

void ClientCommands::add_send(Command app)
{
    Command leaf = add(app, "send", "send a message, or a file of messages", [this] { return send(); });
    leaf.footer(
        "Examples:\n  tidings send +61491570156 --text 'Hello'\n"
        "  tidings send --file customers.csv --text 'We have moved' --report");
    leaf.add_option("number", numbers_, "to whom").type_name("NUMBER");
    leaf.add_option("--text", text_, "what to send").type_name("TEXT");
    leaf.add_option(
            "--file", campaign_.file,
            "CSV file: a line with the names of the columns destination_number, content, source_number, "
            "scheduled, callback_url; others become metadata. Sent again, it goes on where it ended")
        .type_name("FILE")
        .existing_file();
    leaf.add_option("--results", campaign_.results, "what became of each line (else FILE.results)")
        .type_name("FILE");
    add_message(leaf);
    options_.add_to(leaf);
}

void ClientCommands::add_message(Command leaf)
{
    leaf.add_option("--from", message_.source_number, "source number").type_name("NUMBER");
    leaf.add_option("--at", scheduled_, "not before").type_name("TIME");
    leaf.add_option("--media", message_.media, "URL of a picture, which makes it an MMS").type_name("URL");
    leaf.add_option("--subject", message_.subject, "of an MMS").type_name("TEXT");
    leaf.add_option("--callback-url", message_.callback_url, "where reports and replies are POSTed")
        .type_name("URL");
    leaf.add_flag("--report", message_.delivery_report, "ask for delivery reports");
    leaf.add_option("--idempotency-key", idempotency_key_,
                    "any text; sent again with the same, nothing is sent twice")
        .type_name("TEXT");
}

int ClientCommands::send()
{
    message_.content = text_;
    message_.scheduled = time_of(scheduled_, "--at");
    if (!message_.media.empty()) message_.format = Format::mms;
    // Both or neither.
    if (!campaign_.file.empty() == !numbers_.empty())
        throw std::runtime_error("send takes either numbers or --file");
    Client client = client_of(options_);
    if (!campaign_.file.empty()) return send_file(client);
    if (text_.empty()) throw std::runtime_error("there is nothing to send: --text says what");
    if (numbers_.size() > numbers_max) throw std::runtime_error("so many numbers belong into a --file");
    std::vector<Message> messages(numbers_.size(), message_);
    for (std::size_t i = 0; i < numbers_.size(); ++i) messages[i].destination_number = numbers_[i];
    BulkOptions bulk{.idempotency_key = idempotency_key_};
    for (const Part& part : client.messages().send_all(messages, bulk).value())
        for (const Message& sent : part.result.value()) print(shown(sent, options_.json));
    return 0;
}

int ClientCommands::send_file(const Client& client)
{
    // A progress bar is for a person at a terminal; in a log it would be a thousand lines.
    bool has_bar = isatty(STDERR_FILENO) && !options_.json;
    campaign_.common = message_;
    if (has_bar) campaign_.on_progress = &draw;
    Progress progress = send_campaign(client, campaign_);
    if (has_bar) fmt::print(stderr, "\n");
    json::object totals{
        {"total", progress.total}, {"accepted", progress.accepted}, {"failed", progress.failed}};
    print(options_.json ? json::serialize(totals) + "\n"
                        : fmt::format("{} of {} accepted, {} failed\n", progress.accepted, progress.total,
                                      progress.failed));
    return progress.failed == 0 ? 0 : 1;
}

int ClientCommands::status() const
{
    Client client = client_of(options_);
    for (const std::string& id : ids_) print(shown(client.messages().get(id).value(), options_.json));
    return 0;
}

int ClientCommands::cancel() const
{
    Client client = client_of(options_);
    for (const std::string& id : ids_) print(shown(client.messages().cancel(id).value(), options_.json));
    return 0;
}

int ClientCommands::credits() const
{
    print(shown(client_of(options_).credits().value(), options_.json));
    return 0;
}

// A signal cancels the coroutine, whose end stops the waiting for signals; then nothing is left to do and
// run() returns.
int ClientCommands::watch() const
{
    asio::io_context context(1);
    asio::signal_set signals(context, SIGINT, SIGTERM);
    asio::cancellation_signal stop;
    bool is_stopped = false;
    std::exception_ptr failure;
    signals.async_wait([&](auto error, int) {
        is_stopped = !error;
        if (is_stopped) stop.emit(asio::cancellation_type::terminal);
    });
    auto end = [&](std::exception_ptr error) {
        failure = error;
        signals.cancel();
    };
    auto interval = std::chrono::milliseconds(std::lround(interval_s_ * 1000));
    base::spawn(context.get_executor(), follow(client_of(options_), options_, interval), end, stop.slot());
    context.run();
    // Ctrl-C is how one ends this, and no failure.
    if (failure && !is_stopped) std::rethrow_exception(failure);
    return 0;
}

}  // namespace tidings::cli
