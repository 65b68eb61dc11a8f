// SPDX-License-Identifier: Apache-2.0
// get_status MESSAGE-ID
#include <tidings/client.hpp>

#include <iostream>

int main(int argc, char** argv)
{
    if (argc != 2) return 2;
    tidings::Client client;
    auto message = client.messages().get(argv[1]);
    if (!message && message.error().status == 404) {
        std::cerr << "there is no such message\n";
        return 1;
    }
    switch (message.value().status) {
    case tidings::Status::delivered: std::cout << "it has arrived\n"; break;
    case tidings::Status::scheduled: std::cout << "it waits for its time\n"; break;
    default: std::cout << message->status.text() << '\n';  // also one that this library does not know
    }
}
