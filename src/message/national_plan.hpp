// SPDX-License-Identifier: Apache-2.0
// How numbers are written within a country, and how that becomes E.164. People write a trunk prefix before a
// national number and an international prefix before a country code; both are dialled and belong to no
// number:
//
//     Australia    0491 570 156       0011 61 491 570 156      61 491 570 156
//     Russia       8 916 123 45 67    810 7 916 123 45 67      7 916 123 45 67
//     Italy        06 1234 5678       00 39 06 1234 5678       39 06 1234 5678   (the zero stays)
//
// Carriers and applications write all of these. Inside the gateway there is one form, the digits of E.164, so
// that a number is found again whoever wrote it.
#pragma once

#include <string>
#include <string_view>

namespace tidings::message {

// Whether `country` is the two capital letters of a country of which the plan is known.
bool has_national_plan(std::string_view country);

// What the writer says of a number beside its digits.
enum class Written {
    anyhow,      // nothing: what it begins with tells
    nationally,  // it is a national number (SMPP's TON 2), with or without its trunk prefix
};

// The digits of the E.164 number that `number`, with or without a +, means in `country`; without a country,
// or where it is no number of that country, its own digits as they are. Short codes stay what they are.
std::string e164_digits(std::string_view number, std::string_view country, Written written = Written::anyhow);

// Whether nobody can tell from these digits whose they are: no country code begins with 0.
bool lacks_country(std::string_view number);

// The way back: as people in `country` write a number of theirs; one of another country stays in E.164.
std::string national_digits(std::string_view e164, std::string_view country);

}  // namespace tidings::message
