// SPDX-License-Identifier: Apache-2.0
// Callbacks go wherever an application says. So that nobody can make the gateway talk to its own neighbours,
// the addresses of special use are refused (IANA's special-purpose registries, RFC 6890), after the name was
// looked up and for each address that is connected to. IPv6 can carry an IPv4 address in several ways; what
// is carried is judged, too.
#include "http/address_policy.hpp"

#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

namespace tidings::http {

namespace ip = boost::asio::ip;

namespace {

// A network: an address of it, and how many of its bits count.
struct SpecialV4 {
    std::uint32_t address;
    unsigned prefix;
};

constexpr std::uint32_t v4(unsigned a, unsigned b, unsigned c, unsigned d)
{
    return a << 24 | b << 16 | c << 8 | d;
}

constexpr SpecialV4 special_v4[] = {
    {v4(0, 0, 0, 0), 8},        // this network
    {v4(10, 0, 0, 0), 8},       // private
    {v4(100, 64, 0, 0), 10},    // shared by carriers' NAT
    {v4(127, 0, 0, 0), 8},      // loopback
    {v4(169, 254, 0, 0), 16},   // link-local; clouds serve credentials here
    {v4(172, 16, 0, 0), 12},    // private
    {v4(192, 0, 0, 0), 24},     // protocol assignments
    {v4(192, 0, 2, 0), 24},     // documentation
    {v4(192, 88, 99, 0), 24},   // relays of 6to4
    {v4(192, 168, 0, 0), 16},   // private
    {v4(198, 18, 0, 0), 15},    // benchmarks
    {v4(198, 51, 100, 0), 24},  // documentation
    {v4(203, 0, 113, 0), 24},   // documentation
    {v4(224, 0, 0, 0), 4},      // multicast
    {v4(240, 0, 0, 0), 4},      // reserved, broadcast
};

bool is_special(const ip::address_v4& address)
{
    return std::ranges::any_of(special_v4, [&](const SpecialV4& network) {
        return (address.to_uint() ^ network.address) >> (32 - network.prefix) == 0;
    });
}

using Bytes = ip::address_v6::bytes_type;

bool same_prefix(const Bytes& a, const Bytes& b, unsigned prefix)
{
    unsigned whole = prefix / 8, rest = prefix % 8;
    if (!std::equal(a.begin(), a.begin() + whole, b.begin())) return false;
    return rest == 0 || (a[whole] ^ b[whole]) >> (8 - rest) == 0;
}

bool is_in(const ip::address_v6& address, const char* network, unsigned prefix)
{
    return same_prefix(address.to_bytes(), ip::make_address_v6(network).to_bytes(), prefix);
}

ip::address_v4 v4_at(const ip::address_v6& address, std::size_t offset)
{
    Bytes bytes = address.to_bytes();
    return ip::address_v4({bytes[offset], bytes[offset + 1], bytes[offset + 2], bytes[offset + 3]});
}

// The IPv4 address that packets to this one would reach.
std::optional<ip::address_v4> carried_v4(const ip::address_v6& address)
{
    // A connection to ::ffff:10.0.0.1 goes to 10.0.0.1 by IPv4. The other forms need a gateway on the way,
    // which there may be.
    if (address.is_v4_mapped()) return v4_at(address, 12);
    if (is_in(address, "64:ff9b::", 96)) return v4_at(address, 12);  // NAT64
    if (is_in(address, "2002::", 16)) return v4_at(address, 2);      // 6to4
    bool is_compatible = is_in(address, "::", 96) && !address.is_loopback() && !address.is_unspecified();
    if (is_compatible) return v4_at(address, 12);
    return std::nullopt;
}

// IANA gives global unicast addresses out of 2000::/3 alone. All others are special, and so are some within
// it.
bool is_special(const ip::address_v6& address)
{
    return !is_in(address, "2000::", 3) || is_in(address, "2001::", 23) ||    // protocols, Teredo among them
           is_in(address, "2001:db8::", 32) || is_in(address, "3fff::", 20);  // documentation
}

}  // namespace

bool Network::holds(const ip::address& other) const
{
    if (address.is_v4() != other.is_v4()) return false;
    if (address.is_v6()) return same_prefix(address.to_v6().to_bytes(), other.to_v6().to_bytes(), prefix);
    std::uint32_t difference = address.to_v4().to_uint() ^ other.to_v4().to_uint();
    return prefix == 0 || difference >> (32 - prefix) == 0;
}

base::Result<Network> Network::parse(std::string_view text)
{
    const auto invalid = make_error_code(boost::system::errc::invalid_argument);
    std::size_t slash = text.find('/');
    boost::system::error_code error;
    Network network;
    network.address = ip::make_address(text.substr(0, slash), error);
    if (error) return invalid;
    unsigned bits = network.address.is_v4() ? 32 : 128;
    network.prefix = bits;
    if (slash == text.npos) return network;
    std::string_view number = text.substr(slash + 1);
    auto [end, failure] = std::from_chars(number.data(), number.data() + number.size(), network.prefix);
    bool is_number = failure == std::errc() && end == number.data() + number.size();
    if (!is_number || network.prefix > bits) return invalid;
    return network;
}

// What the operator allows is allowed, however special. Else an address of special use is not.
bool AddressPolicy::allows(const ip::address& address) const
{
    if (std::ranges::any_of(allowed, [&](const Network& network) { return network.holds(address); }))
        return true;
    if (address.is_v4()) {
        if (allow_loopback && address.is_loopback()) return true;
        return !is_special(address.to_v4());
    }
    // Judged once more as a whole, so that what the operator allows of IPv4 is allowed in this form, too.
    if (auto carried = carried_v4(address.to_v6())) return allows(*carried);
    if (allow_loopback && address.is_loopback()) return true;
    return !is_special(address.to_v6());
}

}  // namespace tidings::http
