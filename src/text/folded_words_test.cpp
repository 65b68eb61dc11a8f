// SPDX-License-Identifier: Apache-2.0
#include "text/folded_words.hpp"

#include <gtest/gtest.h>

namespace tidings::text {

TEST(FoldedWords, AreSeparatedByWhateverIsNoLetterOrDigit)
{
    EXPECT_EQ(folded_words("  It's  Ｆｕｌｌ—width, №5!"), "its full width no5");
    EXPECT_EQ(folded_words("नमस्ते दुनिया"), "नमस्ते दुनिया") << "marks belong to words";
    EXPECT_EQ(folded_words("...!"), "");
}

}  // namespace tidings::text
