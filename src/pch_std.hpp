// SPDX-License-Identifier: Apache-2.0
// What values and pure rules are compiled with: the standard library and fmt. Asio, Beast or JSON would make
// each of their files twice as dear.
#pragma once

#include "base/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>
