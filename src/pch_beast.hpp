// SPDX-License-Identifier: Apache-2.0
// What speaks HTTP is compiled with.
#pragma once

#include "pch_asio.hpp"

#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
