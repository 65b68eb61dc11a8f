// SPDX-License-Identifier: Apache-2.0
#include "base/utf8.hpp"
#include "text/charset.hpp"
#include "text/segments.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace tidings::text;
    constexpr std::size_t size_max = 8000;  // what 255 parts surely hold
    if (size < 1 || size > size_max) return 0;
    std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    UserData user_data = parse_user_data(bytes);
    auto charset = static_cast<Charset>(data[0] % 10);
    std::string text = to_utf8(charset, user_data.text, user_data.header);
    if (!tidings::base::is_utf8(text) || text.find('\0') != text.npos) std::abort();

    auto link_charset = static_cast<Charset>(data[0] / 10 % 4);
    auto form = static_cast<LongForm>(data[0] / 40 % 4);
    Segments segments = segments_of(text, link_charset, form);
    if (segments.parts.size() != count_segments(text, link_charset, form)) std::abort();
    TextHeader header{.size = segments.parts.size() > 1 ? header_size(form) : 0, .languages = {}};
    std::string again;
    for (const std::string& part : segments.parts) again += to_utf8(segments.charset, part, header);
    // A part that begins with a byte order mark loses it, and packed text a CR at the end of its last octet.
    bool may_differ = segments.charset == Charset::gsm7_packed || text.find("\uFEFF") != text.npos ||
                      text.find("\uFFFE") != text.npos;
    if (again != text && !may_differ) std::abort();
    return 0;
}
