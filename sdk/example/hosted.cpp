// SPDX-License-Identifier: Apache-2.0
// Prints where a client with these options would send to.
#include <tidings/client.hpp>

#include <iostream>

int main()
{
    tidings::Client hosted({.credentials = tidings::Hmac{"KEY", "SECRET"},
                            .base_uri = "https://api.messagemedia.com",
                            .account = "mySubAccount"});
    std::cout << hosted.base_uri() << '\n';
}
