// SPDX-License-Identifier: Apache-2.0
// send_many COUNT: any number of messages, in requests of 100, four at a time.
#include <tidings/client.hpp>

#include <iostream>

int main(int argc, char** argv)
{
    if (argc != 2) return 2;
    std::vector<tidings::Message> messages(std::stoul(argv[1]),
                                           {.content = "To all", .destination_number = "+61491570156"});
    tidings::BulkOptions options;
    options.idempotency_key = "newsletter-42";  // started again, it sends what is missing and nothing twice
    options.on_part = [](const tidings::Part& part, const tidings::Progress& progress) {
        if (!part.result) std::cerr << part.result.error().what() << '\n';
        std::cout << progress.accepted << " of " << progress.total << '\n';
    };
    tidings::Client client;
    auto parts = client.messages().send_all(messages, options).value();
    std::size_t failed = 0;
    for (const tidings::Part& part : parts)
        if (!part.result) failed += part.count;
    return failed == 0 ? 0 : 1;
}
