// SPDX-License-Identifier: Apache-2.0
#include "gateway.hpp"

#include "base/digest.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/json.hpp>

#include <cstdio>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace tidings::bench {

namespace asio = boost::asio;

namespace {

constexpr auto link_configuration = R"(
[[link]]
name = "{}"
port = {}
system_id = "bench"
password = "bench"
window = {}
reconnect_max_ms = 500
in_doubt_wait_s = 0
)";

std::string text_of(const std::filesystem::path& file)
{
    std::ostringstream out;
    out << std::ifstream(file).rdbuf();
    return out.str();
}

// Of a process or one of its threads, by its folder below /proc.
double cpu_seconds_of(const std::filesystem::path& folder)
{
    std::string stat = text_of(folder / "stat");
    std::istringstream fields(stat.substr(stat.rfind(')') + 2));
    std::string skipped;
    for (int i = 3; i < 14; ++i) fields >> skipped;  // proc(5): utime is field 14, stime field 15
    double user = 0, system = 0;
    fields >> user >> system;
    return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

}  // namespace

Gateway::Gateway(const std::filesystem::path& program, std::filesystem::path folder,
                 const std::vector<Link>& links)
    : program_(program), folder_(std::move(folder))
{
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    configure(links);
    start_again();
    auto account = boost::json::parse(text_of(folder_ / "data/sandbox.json"));
    auto text = [&](const char* name) { return std::string(account.at(name).as_string()); };
    authorization_ = "Basic " + base::to_base64(text("key") + ":" + text("secret"));
    admin_authorization_ = "Bearer " + text("admin_token");
}

void Gateway::configure(const std::vector<Link>& links) const
{
    std::ofstream configuration(folder_ / "tidings.toml");
    configuration << "log_level = \"error\"\n";
    for (const Link& link : links)
        configuration << fmt::format(link_configuration, link.name, link.port, link.window);
}

void Gateway::reload(const std::vector<Link>& links)
{
    configure(links);
    kill(pid_, SIGHUP);
}

void Gateway::start_again()
{
    int out[2];
    if (pipe(out) != 0) throw std::runtime_error("no pipe");
    std::string config = (folder_ / "tidings.toml").string(), data = (folder_ / "data").string();
    int log = open((folder_ / "log").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    pid_ = fork();
    if (pid_ == 0) {
        dup2(out[1], STDOUT_FILENO);
        dup2(log, STDERR_FILENO);
        close(out[0]);
        close(out[1]);
        execl(program_.c_str(), "tidings", "serve", "--sandbox", "--config", config.c_str(), "--data",
              data.c_str(), "--listen", "127.0.0.1:0", nullptr);
        _exit(127);
    }
    close(out[1]);
    close(log);
    std::string line;
    for (char c; read(out[0], &c, 1) == 1 && c != '\n';) line += c;
    close(out[0]);
    auto colon = line.rfind(':');
    if (colon == line.npos)
        throw std::runtime_error(
            fmt::format("{} does not start: {}", program_.string(), text_of(folder_ / "log")));
    port_ = static_cast<std::uint16_t>(std::stoi(line.substr(colon + 1)));
}

Gateway::~Gateway()
{
    if (!ended()) {
        kill(pid_, SIGKILL);
        waitpid(pid_, nullptr, 0);
    }
    std::string log = text_of(folder_ / "log");
    if (!log.empty()) fmt::print(stderr, "the gateway said:\n{}", log);
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

std::string Gateway::administer(const std::string& method, const std::string& path,
                                const std::string& body) const
{
    return ask(method, "/admin/v1" + path, body, admin_authorization_);
}

std::string Gateway::call(const std::string& method, const std::string& path, const std::string& body) const
{
    return ask(method, path, body, authorization_);
}

std::string Gateway::ask(const std::string& method, const std::string& path, const std::string& body,
                         const std::string& authorization) const
{
    asio::io_context context;
    asio::ip::tcp::socket socket(context);
    socket.connect({asio::ip::address_v4::loopback(), port_});
    std::string request = fmt::format(
        "{} {} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: {}\r\nContent-Type: application/json\r\n"
        "Connection: close\r\nContent-Length: {}\r\n\r\n{}",
        method, path, authorization, body.size(), body);
    asio::write(socket, asio::buffer(request));
    std::string answer;
    boost::system::error_code end;
    asio::read(socket, asio::dynamic_buffer(answer), end);
    if (!answer.starts_with("HTTP/1.1 2"))
        throw std::runtime_error(fmt::format("{} {} was answered: {}", method, path, answer));
    return answer.substr(answer.find("\r\n\r\n") + 4);
}

void Gateway::terminate() { kill(pid_, SIGTERM); }

bool Gateway::ended()
{
    if (pid_ > 0 && waitpid(pid_, nullptr, WNOHANG) == pid_) pid_ = -1;
    return pid_ < 0;
}

double Gateway::cpu_seconds() const { return cpu_seconds_of(fmt::format("/proc/{}", pid_)); }

double Gateway::cpu_seconds(const std::string& thread) const
{
    for (const auto& task : std::filesystem::directory_iterator(fmt::format("/proc/{}/task", pid_)))
        if (text_of(task.path() / "comm") == thread + "\n") return cpu_seconds_of(task.path());
    throw std::runtime_error("the gateway has no thread " + thread);
}

double Gateway::status_mib(const char* field) const
{
    std::string status = text_of(fmt::format("/proc/{}/status", pid_));
    auto at = status.find(field);
    if (at == status.npos) return 0;
    return std::stod(status.substr(at + std::char_traits<char>::length(field))) / 1024;
}

double Gateway::resident_mib() const { return status_mib("VmRSS:"); }
double Gateway::resident_peak_mib() const { return status_mib("VmHWM:"); }

double Gateway::log_mib() const
{
    auto log = database();
    log += "-wal";
    return static_cast<double>(std::filesystem::file_size(log)) / (1 << 20);
}

}  // namespace tidings::bench
