// SPDX-License-Identifier: Apache-2.0
// The kinds of field a PDU is made of. Each kind knows its size, whether a value fits, and how to write, read
// and print itself; the tables in pdu.cpp say which member of which struct is of which kind, under which name
// of the standard.
#pragma once

#include "base/digest.hpp"
#include "base/utf8.hpp"
#include "smpp/pdu.hpp"

#include <fmt/format.h>

#include <cstring>
#include <iterator>
#include <limits>

namespace tidings::smpp {

inline char* put_number(char* at, std::uint32_t value, int octets)
{
    for (int shift = 8 * (octets - 1); shift >= 0; shift -= 8) *at++ = static_cast<char>(value >> shift);
    return at;
}

inline char* put_bytes(char* at, std::string_view bytes)
{
    if (!bytes.empty()) std::memcpy(at, bytes.data(), bytes.size());
    return at + bytes.size();
}

inline std::uint32_t get_number(std::string_view bytes, std::size_t at, int octets)
{
    std::uint32_t value = 0;
    for (int i = 0; i < octets; ++i) value = value << 8 | static_cast<std::uint8_t>(bytes[at + i]);
    return value;
}

// Walks a body from front to back. Every read says whether it was possible; if not, decoding ends. An
// optional parameter that is cut short, or says that it is longer than the PDU, ends the look through them;
// what stands before it counts, where the manner allows it.
class Reader {
public:
    enum class Manner {
        strict,
        parameters_may_be_cut,  // for what carriers deliver, who would only send it again
        may_end_early,          // anywhere: for responses
    };

    Reader(std::string_view bytes, Manner manner) : rest_(bytes), manner_(manner) {}

    bool octet(std::uint8_t& value)
    {
        if (rest_.empty()) return manner_ == Manner::may_end_early;
        value = static_cast<std::uint8_t>(rest_.front());
        rest_.remove_prefix(1);
        return true;
    }

    bool text(std::string& value)
    {
        std::size_t end = rest_.find('\0');
        if (end == rest_.npos && manner_ != Manner::may_end_early) return false;
        value.assign(rest_.substr(0, end));
        rest_ = end == rest_.npos ? std::string_view{} : rest_.substr(end + 1);
        return true;
    }

    bool bytes(std::string& value, std::size_t size)
    {
        if (rest_.size() < size) return false;
        value.assign(rest_.substr(0, size));
        rest_.remove_prefix(size);
        return true;
    }

    bool tlvs(Tlvs& value)
    {
        while (rest_.size() >= 4) {
            std::size_t size = get_number(rest_, 2, 2);
            auto tag = static_cast<std::uint16_t>(get_number(rest_, 0, 2));
            if (rest_.size() - 4 < size) {
                cut_ = tag;
                return manner_ != Manner::strict;
            }
            value.push_back({tag, std::string(rest_.substr(4, size))});
            rest_.remove_prefix(4 + size);
        }
        return true;
    }

    std::optional<std::uint16_t> cut() const { return cut_; }  // the tag of the parameter that is

private:
    std::string_view rest_;
    Manner manner_;
    std::optional<std::uint16_t> cut_;
};

template <class T>
struct Octet {
    const char* name;
    std::uint8_t T::*member;

    std::size_t size(const T&) const { return 1; }
    bool fits(const T&) const { return true; }
    char* put(char* at, const T& body) const { return put_number(at, body.*member, 1); }
    bool get(Reader& in, T& body) const { return in.octet(body.*member); }
    void show(std::string& out, const T& body) const
    {
        fmt::format_to(std::back_inserter(out), " {}={}", name, body.*member);
    }
};

inline bool fits_text(std::string_view value, std::size_t size_max)
{
    return value.size() < size_max && value.find('\0') == value.npos;
}

// A C-octet string; size_max counts the NUL, as the standard does.
template <class T>
struct Text {
    const char* name;
    std::string T::*member;
    std::size_t size_max;

    std::size_t size(const T& body) const { return (body.*member).size() + 1; }
    bool fits(const T& body) const { return fits_text(body.*member, size_max); }
    char* put(char* at, const T& body) const { return put_number(put_bytes(at, body.*member), 0, 1); }
    bool get(Reader& in, T& body) const { return in.text(body.*member); }
    void show(std::string& out, const T& body) const
    {
        fmt::format_to(std::back_inserter(out), " {}={}", name, base::escaped(body.*member));
    }
};

// Type of number, numbering plan and a C-octet string: always these three, in this order.
template <class T>
struct Party {
    const char* name;
    Address T::*member;
    std::size_t size_max;

    std::size_t size(const T& body) const { return 3 + (body.*member).number.size(); }
    bool fits(const T& body) const { return fits_text((body.*member).number, size_max); }
    char* put(char* at, const T& body) const
    {
        const Address& address = body.*member;
        at = put_number(put_number(at, address.ton, 1), address.npi, 1);
        return put_number(put_bytes(at, address.number), 0, 1);
    }
    bool get(Reader& in, T& body) const
    {
        Address& address = body.*member;
        return in.octet(address.ton) && in.octet(address.npi) && in.text(address.number);
    }
    void show(std::string& out, const T& body) const
    {
        const Address& address = body.*member;
        fmt::format_to(std::back_inserter(out), " {}={}/{}/{}", name, address.ton, address.npi,
                       base::escaped(address.number));
    }
};

// One octet of length, then that many octets of anything.
template <class T>
struct Counted {
    const char* name;
    std::string T::*member;
    std::size_t size_max;

    std::size_t size(const T& body) const { return 1 + (body.*member).size(); }
    bool fits(const T& body) const { return (body.*member).size() <= size_max; }
    char* put(char* at, const T& body) const
    {
        const std::string& bytes = body.*member;
        return put_bytes(put_number(at, static_cast<std::uint32_t>(bytes.size()), 1), bytes);
    }
    bool get(Reader& in, T& body) const
    {
        std::uint8_t size = 0;
        return in.octet(size) && in.bytes(body.*member, size);
    }
    void show(std::string& out, const T& body) const
    {
        fmt::format_to(std::back_inserter(out), " {}={}", name, base::to_hex(body.*member));
    }
};

// Optional parameters, to the end of the PDU.
template <class T>
struct Optional {
    Tlvs T::*member;

    std::size_t size(const T& body) const
    {
        std::size_t sum = 0;
        for (const Tlv& tlv : body.*member) sum += 4 + tlv.value.size();
        return sum;
    }
    bool fits(const T& body) const
    {
        for (const Tlv& tlv : body.*member)
            if (tlv.value.size() > std::numeric_limits<std::uint16_t>::max()) return false;
        return true;
    }
    char* put(char* at, const T& body) const
    {
        for (const Tlv& tlv : body.*member) {
            at = put_number(put_number(at, tlv.tag, 2), static_cast<std::uint32_t>(tlv.value.size()), 2);
            at = put_bytes(at, tlv.value);
        }
        return at;
    }
    bool get(Reader& in, T& body) const { return in.tlvs(body.*member); }
    void show(std::string& out, const T& body) const
    {
        for (const Tlv& tlv : body.*member)
            fmt::format_to(std::back_inserter(out), " {:04x}={}", tlv.tag, base::to_hex(tlv.value));
    }
};

template <class T>
Octet(const char*, std::uint8_t T::*) -> Octet<T>;
template <class T>
Text(const char*, std::string T::*, std::size_t) -> Text<T>;
template <class T>
Party(const char*, Address T::*, std::size_t) -> Party<T>;
template <class T>
Counted(const char*, std::string T::*, std::size_t) -> Counted<T>;
template <class T>
Optional(Tlvs T::*) -> Optional<T>;

}  // namespace tidings::smpp
