// SPDX-License-Identifier: Apache-2.0
// Takes all replies and reports that wait, and confirms them.
#include <tidings/client.hpp>

#include <iostream>

int main()
{
    tidings::Client client;
    for (auto& reply : client.replies().unconfirmed()) {
        std::cout << reply->source_number << ": " << reply->content << '\n';
        reply.confirm();  // it will not come again
    }
    for (auto& report : client.delivery_reports().unconfirmed()) {
        std::cout << report->message_id << ' ' << report->status.text() << '\n';
        report.confirm();
    }
}
