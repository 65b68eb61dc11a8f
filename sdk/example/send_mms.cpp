// SPDX-License-Identifier: Apache-2.0
// send_mms NUMBER URL
#include <tidings/client.hpp>

#include <iostream>

int main(int argc, char** argv)
{
    if (argc != 3) return 2;
    tidings::Client client;
    tidings::Message message = client.messages()
                                   .send({.content = "Hello world!",
                                          .destination_number = argv[1],
                                          .format = tidings::Format::mms,
                                          .media = {argv[2]},
                                          .subject = "This is an MMS message"})
                                   .value();  // throws tidings::Error
    std::cout << message.message_id << '\n';
}
