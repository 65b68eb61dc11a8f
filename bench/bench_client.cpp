// SPDX-License-Identifier: Apache-2.0
// The C++ client beside the official Node SDK: both send the same batches of 100 messages to a stub that
// answers at once, four requests at a time, each in a process of its own whose CPU time is taken when it
// ends. Without --server this is the stub, which starts the two.
#include "base/clock.hpp"
#include "http/server.hpp"
#include "tidings/client.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>

#include <stdexcept>
#include <thread>

namespace {

using namespace tidings;
namespace asio = boost::asio;
namespace json = boost::json;
using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t concurrency = 4;
constexpr const char* text = "Your parcel arrives today between 14:00 and 16:00. Reply STOP to opt out.";

std::vector<Message> messages_of(std::size_t batches)
{
    Message message{.content = text, .destination_number = "+61491570156", .delivery_report = true};
    return std::vector<Message>(batches * messages_max, message);
}

// As a gateway answers a batch.
std::string answer_body()
{
    json::object message{{"content", text},
                         {"delivery_report", true},
                         {"destination_number", "+61491570156"},
                         {"format", "SMS"},
                         {"message_id", "877c19ef-fa2e-4cec-827a-e1df9b5509f7"},
                         {"status", "queued"}};
    return json::serialize(json::object{{"messages", json::array(messages_max, message)}});
}

asio::awaitable<http::Response> accept(const std::string& body)
{
    http::Response response;
    response.status = 202;
    response.body = body;
    co_return response;
}

// The client that is measured: one thread.
void send(const std::string& server, std::size_t batches)
{
    Options options{.credentials = Basic{"KEY", "SECRET"}, .base_uri = server};
    asio::io_context context(1);
    Client client(context.get_executor(), options);
    BulkOptions bulk{.concurrency = concurrency};
    bool is_good = false;
    auto take = [&is_good](Result<std::vector<Part>> parts) {
        is_good =
            std::ranges::all_of(*parts, [](const Part& part) { return part.result->size() == part.count; });
    };
    client.messages().async_send_all(messages_of(batches), bulk, take);
    auto begin = SteadyClock::now();
    context.run();
    if (!is_good) throw std::runtime_error("the stub refused something");
    fmt::print("{}\n", std::chrono::duration<double>(SteadyClock::now() - begin).count());
}

struct Run {
    double per_second;
    double per_cpu_second;
};

double seconds(const timeval& time)
{
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
}

// Runs a client that prints how long sending took.
Run measure(std::vector<std::string> command, std::size_t batches)
{
    int out[2];
    if (pipe(out) != 0) throw std::runtime_error("no pipe");
    std::vector<char*> arguments;
    for (std::string& argument : command) arguments.push_back(argument.data());
    arguments.push_back(nullptr);
    pid_t child = fork();
    if (child == 0) {
        dup2(out[1], STDOUT_FILENO);
        execvp(arguments[0], arguments.data());
        _exit(127);
    }
    close(out[1]);
    std::string printed;
    char buffer[256];
    for (ssize_t size; (size = read(out[0], buffer, sizeof buffer)) > 0;)
        printed.append(buffer, static_cast<std::size_t>(size));
    close(out[0]);
    int status = 0;
    rusage used{};
    wait4(child, &status, 0, &used);
    if (status != 0) throw std::runtime_error(fmt::format("{} failed", command[0]));
    auto count = static_cast<double>(batches * messages_max);
    return {count / std::stod(printed), count / (seconds(used.ru_utime) + seconds(used.ru_stime))};
}

void compare(const std::string& program, const std::string& node_client, std::size_t batches)
{
    asio::io_context context(1);
    base::SystemClock clock;
    http::Router router;
    router.add(boost::beast::http::verb::post, "/v1/messages",
               [body = answer_body()](const http::Request&) { return accept(body); });
    http::ServerOptions options;
    options.port = 0;
    http::Server server({&context}, clock, std::move(router), options);
    server.start();
    std::thread thread([&context] { context.run(); });
    std::string url = fmt::format("http://127.0.0.1:{}", server.port());
    auto stop = [&] {
        context.stop();
        thread.join();
    };
    try {
        Run ours = measure({program, "--server", url, "--batches", std::to_string(batches)}, batches);
        fmt::print("C++ client   {:>9.0f} messages/s {:>9.0f} messages per CPU-second\n", ours.per_second,
                   ours.per_cpu_second);
        // Node is given less to do, so that both take about as long.
        std::size_t fewer = std::max<std::size_t>(batches / 8, 1);
        Run node = measure({"node", node_client, url, std::to_string(fewer)}, fewer);
        fmt::print("Node SDK     {:>9.0f} messages/s {:>9.0f} messages per CPU-second\n", node.per_second,
                   node.per_cpu_second);
        fmt::print("ratio, messages per CPU-second: {:.1f}\n", ours.per_cpu_second / node.per_cpu_second);
    } catch (...) {
        stop();
        throw;
    }
    stop();
}

}  // namespace

int main(int argc, char** argv)
{
    CLI::App app("Measures the C++ client beside the official Node SDK.", "bench_client");
    std::string server, node_client = "bench/client.mjs";
    std::size_t batches = 4000;
    app.add_option("--server", server, "only send, there");
    app.add_option("--node-client", node_client, "the program around the Node SDK")->check(CLI::ExistingFile);
    app.add_option("--batches", batches, "of 100 messages")->check(CLI::Range(1, 1'000'000));
    CLI11_PARSE(app, argc, argv);
    try {
        server.empty() ? compare(argv[0], node_client, batches) : send(server, batches);
    } catch (const std::exception& error) {
        fmt::print(stderr, "bench_client: {}\n", error.what());
        return 1;
    }
}
