// SPDX-License-Identifier: Apache-2.0
#include "cli/leaves.hpp"

#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

namespace tidings::cli {

std::string encoded(std::string_view text)
{
    return boost::urls::encode(text, boost::urls::unreserved_chars);
}

std::string path_of(std::string_view root, std::initializer_list<std::string_view> segments)
{
    std::string path = "/admin/v1";
    path += root;
    for (std::string_view segment : segments) path += "/" + encoded(segment);
    return path;
}

}  // namespace tidings::cli
