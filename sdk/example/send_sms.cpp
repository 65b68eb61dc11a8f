// SPDX-License-Identifier: Apache-2.0
// send_sms NUMBER TEXT
#include <tidings/client.hpp>

#include <iostream>

int main(int argc, char** argv)
{
    if (argc != 3) return 2;
    tidings::Client client;
    auto sent = client.messages().send({.content = argv[2], .destination_number = argv[1]});
    if (!sent) {
        std::cerr << sent.error().what() << '\n';
        return 1;
    }
    std::cout << sent->message_id << ' ' << sent->status.text() << '\n';
}
