// SPDX-License-Identifier: Apache-2.0
// receiver PORT SECRET: takes callbacks that are signed as Standard Webhooks, and prints the replies among
// them. One after the other: a real receiver would answer many at a time.
#include <tidings/message.hpp>
#include <tidings/signature.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <iostream>

namespace http = boost::beast::http;
using boost::asio::ip::tcp;

http::status take(const http::request<http::string_body>& request, const std::string& secret)
{
    tidings::StandardWebhook webhook{.id = request["webhook-id"],
                                     .timestamp = request["webhook-timestamp"],
                                     .signature = request["webhook-signature"],
                                     .body = request.body()};
    if (!tidings::verify(webhook, secret)) return http::status::unauthorized;
    if (auto reply = tidings::parse_reply(request.body()); reply && !reply->reply_id.empty())
        std::cout << reply->source_number << ": " << reply->content << std::endl;
    return http::status::ok;  // once it has been kept: what is not answered so comes again
}

int main(int argc, char** argv)
{
    if (argc != 3) return 2;
    boost::asio::io_context context;
    auto port = static_cast<unsigned short>(std::stoi(argv[1]));
    tcp::acceptor acceptor(context, {boost::asio::ip::address_v4::loopback(), port});
    std::cout << "listening on " << acceptor.local_endpoint().port() << std::endl;
    for (;;) {
        tcp::socket socket = acceptor.accept();
        boost::beast::flat_buffer buffer;
        http::request<http::string_body> request;
        boost::system::error_code error;
        http::read(socket, buffer, request, error);
        if (error) continue;
        http::response<http::empty_body> response(take(request, argv[2]), request.version());
        response.keep_alive(false);
        response.prepare_payload();
        http::write(socket, response, error);
    }
}
