// SPDX-License-Identifier: Apache-2.0
#include <tidings/client.hpp>

#include <iostream>

int main()
{
    tidings::Client client;
    tidings::Credits credits = client.credits().value();
    if (credits.remaining) std::cout << *credits.remaining << '\n';
}
