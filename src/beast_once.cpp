// SPDX-License-Identifier: Apache-2.0
// The one file that compiles Beast; all others see declarations only.
#include <boost/beast/src.hpp>
