// SPDX-License-Identifier: Apache-2.0
// Prints the delivery reports that wait.
#include <tidings/client.hpp>

#include <iostream>

int main()
{
    tidings::Client client;
    for (const tidings::DeliveryReport& report : client.delivery_reports().list().value())
        std::cout << report.message_id << ' ' << report.status.text() << ' ' << report.error_code << '\n';
}
