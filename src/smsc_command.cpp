// SPDX-License-Identifier: Apache-2.0
#include "smsc_command.hpp"

#include "base/file.hpp"
#include "base/process.hpp"
#include "base/spawn.hpp"
#include "listen_address.hpp"
#include "sandbox/standalone.hpp"

#include <fmt/format.h>
#include <boost/asio/signal_set.hpp>

#include <cstdio>

namespace tidings {

void run_smsc(const SmscFlags& flags)
{
    base::prepare_process();
    for (const char* file : {"", "lock", "journal"})
        if (!flags.folder.empty()) base::make_private(std::filesystem::path(flags.folder) / file);
    boost::asio::io_context context(1);
    base::SystemClock clock;
    sandbox::StandaloneOptions options;
    options.smsc.port = static_cast<std::uint16_t>(flags.port);
    options.smsc.folder = flags.folder;
    if (!flags.http.empty()) {
        ListenAddress address = ListenAddress::parse(flags.http);
        options.http.emplace().host = address.host;
        options.http->port = address.port;
    }
    sandbox::Standalone smsc(context, clock, std::move(options));

    boost::asio::signal_set signals(context, SIGTERM, SIGINT);
    signals.async_wait([&smsc](boost::system::error_code error, int) {
        if (!error) smsc.stop();
    });
    auto ended = [&context](std::exception_ptr error) {
        context.stop();
        if (error) std::rethrow_exception(error);
    };
    base::spawn(context.get_executor(), smsc.run(), ended);
    fmt::print("smsc listening on 127.0.0.1:{}\n", smsc.smpp_port());
    if (smsc.http_port()) {
        std::string_view host = std::string_view(flags.http).substr(0, flags.http.rfind(':'));
        fmt::print("handsets on http://{}:{}/sandbox/handsets\n", host, *smsc.http_port());
    }
    std::fflush(stdout);
    context.run();
}

}  // namespace tidings
