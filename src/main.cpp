// SPDX-License-Identifier: Apache-2.0
#include "base/log.hpp"
#include "cli/client_commands.hpp"
#include "cli/commands.hpp"
#include "config.hpp"
#include "gateway.hpp"
#include "smsc_command.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace {

using namespace tidings;

// What stands on the command line wins over the file.
struct ServeFlags {
    std::string config_file, data, listen;
    bool sandbox = false;

    void add_to(cli::Command command)
    {
        command.add_option("--config", config_file, "TOML file; `tidings config` prints one with all keys")
            .type_name("FILE");
        command.add_option("--data", data, "data folder (default: data)").type_name("DIR");
        command.add_option("--listen", listen, "where the API listens (default: 127.0.0.1:8080)")
            .type_name("HOST:PORT");
    }
    Config config() const
    {
        Config config = config_file.empty() ? Config() : read_config(config_file);
        if (!data.empty()) config.data = data;
        if (!listen.empty()) config.listen = listen;
        return config;
    }
};

int run(int argc, char** argv)
{
    cli::CommandLine line(
        "tidings", "Tidings, a self-hosted two-way messaging gateway: SMS by the MessageMedia Messages API.",
        "tidings " TIDINGS_VERSION);
    cli::Command root = line.root();

    ServeFlags flags;
    cli::Command serve_command = root.add_command("serve", "run the gateway until SIGTERM");
    flags.add_to(serve_command);
    serve_command.add_flag(
        "--sandbox", flags.sandbox,
        "run a simulated carrier inside, and make an account with keys in DATA/sandbox.json");
    cli::Command config_command =
        root.add_command("config", "print the configuration in force, with a comment on each key");
    flags.add_to(config_command);

    SmscFlags smsc;
    cli::Command smsc_command =
        root.add_command("smsc", "run the simulated carrier alone: an SMPP server for any client");
    smsc_command.add_option("--port", smsc.port, "SMPP port; 0: any free one")
        .between(0, 65535)
        .shows_default();
    smsc_command.add_option("--http", smsc.http, "also serve the handsets' HTTP interface there")
        .type_name("HOST:PORT");
    smsc_command.add_option("--data", smsc.folder, "folder for the journal; none: nothing survives a restart")
        .type_name("DIR");

    cli::Commands administration(root);
    cli::ClientCommands client(root);

    if (auto status = line.parse(argc, argv)) return *status;
    if (!serve_command.is_parsed()) let_hangups_through();
    if (smsc_command.is_parsed()) {
        run_smsc(smsc);
        return 0;
    }
    if (administration.action()) {
        administration.run();
        return 0;
    }
    if (client.action()) return client.action()();
    Config config = flags.config();
    base::set_log_level(log_level_of(config));
    if (config_command.is_parsed())
        std::fputs(describe(config).c_str(), stdout);
    else
        serve(config, flags.sandbox ? Sandbox::on : Sandbox::off, [&flags] { return flags.config(); });
    return 0;
}

}  // namespace

int main(int argc, char** argv)
{
    tidings::hold_hangups();
    try {
        return run(argc, argv);
    } catch (const std::exception& error) {
        fmt::print(stderr, "tidings: {}\n", error.what());
        return 1;
    }
}
