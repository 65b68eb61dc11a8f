// SPDX-License-Identifier: Apache-2.0
// Prints the replies that wait; they wait on until they are confirmed.
#include <tidings/client.hpp>

#include <iostream>

int main()
{
    tidings::Client client;
    for (const tidings::Reply& reply : client.replies().list().value())
        std::cout << tidings::to_iso(reply.date_received) << ' ' << reply.source_number << ": "
                  << reply.content << '\n';
}
