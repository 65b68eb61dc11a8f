// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/auth.hpp"
#include "base/clock.hpp"
#include "store/store.hpp"

#include <boost/asio/awaitable.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace tidings {

// The account that --sandbox makes at the first start, and again when it was removed, and the file
// FOLDER/sandbox.json (0600) from which people and tests learn its keys. The store keeps only what it needs
// to check them.
class SandboxAccount {
public:
    SandboxAccount(store::Store& store, std::filesystem::path folder, api::AuthOptions auth,
                   base::Clock& clock);

    // Makes what is missing, and writes the file anew, since ports may differ from one start to the next.
    // What it had to do otherwise than at a first start, it logs and notes in the file.
    boost::asio::awaitable<void> open(const std::string& base_url, std::uint16_t smpp_port);

    // Why a request to /sandbox is refused, by its headers; nothing: it has a Basic key of this account.
    std::optional<http::Response> refuse(const http::Request& head) const;

private:
    struct Keys {
        std::string key, secret, hmac_key, hmac_secret;
    };
    boost::asio::awaitable<void> find_account();
    boost::asio::awaitable<bool> make_account(const std::string& id);
    boost::asio::awaitable<void> give_number();
    std::optional<Keys> read_keys() const;
    boost::asio::awaitable<Keys> make_keys();
    void note(std::string what);

    store::Store& store_;
    const std::filesystem::path folder_;
    const api::AuthOptions auth_;
    base::Clock& clock_;
    std::string id_;
    store::AccountKey account_{};
    std::vector<std::string> notes_;
};

}  // namespace tidings
