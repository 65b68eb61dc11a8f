#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes src/message/number_plan_data.inc from the data of libphonenumber, as Debian's python3-phonenumbers has it:
    /usr/bin/python3 tools/number-plan.py
What a number begins with tells its country, its type and the time zones where it may be. The table has the fewest
prefixes from which the longest one that fits gives what the patterns and the zones of libphonenumber give for every
number that they know; what it gives for others is whatever is near."""
import collections, functools, pathlib, sre_parse

import phonenumbers
from phonenumbers.phonemetadata import NumberFormat, PhoneMetadata
from phonenumbers.tzdata import TIMEZONE_DATA

OUT = pathlib.Path(__file__).resolve().parent.parent / "src/message/number_plan_data.inc"
DIGITS = "0123456789"
DEPTH_MAX = 6  # digits of the national number that are looked at; more tell little and cost much
COLUMNS_MAX = 110

# In the order in which libphonenumber tries them.
TYPES = ["premium_rate", "toll_free", "shared_cost", "voip", "personal_number", "pager", "uan", "voicemail",
         "fixed_line", "mobile"]
NAMES = {"fixed_line": "fixed", "personal_number": "personal"}


class Automaton:
    """The pattern of a national number, as states and what leads from one to another."""

    def __init__(self):
        self.steps = []  # for each state its (digits, next state)
        self.free = []  # for each state those that follow without a digit

    def state(self):
        self.steps.append([])
        self.free.append([])
        return len(self.steps) - 1

    def add(self, pattern, begin):
        """Adds a parsed pattern behind `begin`; the state behind it."""
        for kind, what in pattern:
            begin = getattr(self, "add_" + str(kind).lower())(what, begin)
        return begin

    def step(self, digits, begin):
        end = self.state()
        self.steps[begin].append((digits, end))
        return end

    def add_literal(self, code, begin):
        return self.step(chr(code), begin)

    def add_in(self, items, begin):
        digits = ""
        for kind, what in items:
            kind = str(kind)
            if kind == "LITERAL":
                digits += chr(what)
            elif kind == "RANGE":
                digits += "".join(map(chr, range(what[0], what[1] + 1)))
            else:
                assert kind == "CATEGORY" and str(what) == "CATEGORY_DIGIT", (kind, what)
                digits += DIGITS
        return self.step(digits, begin)

    def add_subpattern(self, what, begin):
        return self.add(what[-1], begin)

    def add_branch(self, what, begin):
        end = self.state()
        for branch in what[1]:
            self.free[self.add(branch, begin)].append(end)
        return end

    def add_max_repeat(self, what, begin):
        least, most, pattern = what
        end = self.state()
        for count in range(most):
            if count >= least:
                self.free[begin].append(end)
            begin = self.add(pattern, begin)
        self.free[begin].append(end)
        return end

    def closure(self, states):
        found, todo = set(states), list(states)
        while todo:
            for state in self.free[todo.pop()]:
                if state not in found:
                    found.add(state)
                    todo.append(state)
        return frozenset(found)

    @functools.cache
    def after(self, states, digit):
        return self.closure({end for state in states for digits, end in self.steps[state] if digit in digits})


def patterns():
    """For each country code its automaton, and for what each first state stands: (country, type), in the order in
    which libphonenumber would find them."""
    for code, regions in phonenumbers.COUNTRY_CODE_TO_REGION_CODE.items():
        automaton, kinds = Automaton(), []
        for region in regions:
            plan = PhoneMetadata.metadata_for_nongeo_region(code) if region == "001" else \
                PhoneMetadata.metadata_for_region(region)
            for kind in TYPES:
                description = getattr(plan, kind)
                if not description or not description.national_number_pattern:
                    continue
                begin = automaton.state()
                automaton.add(sre_parse.parse(description.national_number_pattern), begin)
                kinds.append((("" if region == "001" else region, NAMES.get(kind, kind)), begin))
        yield str(code), automaton, kinds


def kind_of(alive):
    """Of numbers that may be of these kinds. Where only their length or last digits would tell, what else begins as
    mobile numbers do, as voicemail, is rare beside them."""
    country = alive[0][0]
    types = {kind for region, kind in alive if region == country}
    if len(types) == 1:
        return country, types.pop()
    if "mobile" in types:
        return country, "fixed_or_mobile" if "fixed" in types else "mobile"
    return country, "unknown"


class Table:
    def __init__(self):
        self.entries = {}
        self.inner = {key[:size] for key in TIMEZONE_DATA for size in range(len(key))}

    def add_country(self, code, automaton, kinds):
        first = tuple((kind, automaton.closure({begin})) for kind, begin in kinds)
        zones = ()
        for size in range(1, len(code) + 1):
            zones = TIMEZONE_DATA.get(code[:size], zones)
        self.code, self.automaton, self.memo = code, automaton, {}
        self.emit(code, self.tree(code, first, zones), None)

    def tree(self, prefix, alive, zones):
        """A node: the values that need the fewest entries below it, and its children."""
        zones = TIMEZONE_DATA.get(prefix, zones)
        depth = len(prefix) - len(self.code)
        key = None if prefix in self.inner else (depth, alive, zones)
        if key not in self.memo:
            node = self.make_tree(prefix, alive, zones, depth)
            if key is None:
                return node
            self.memo[key] = node
        return self.memo[key]

    def make_tree(self, prefix, alive, zones, depth):
        if not alive and prefix not in self.inner:
            return None
        if depth >= DEPTH_MAX and prefix not in self.inner:
            return {(*kind_of([kind for kind, _ in alive]), zones)}, ()
        children = []
        for digit in DIGITS:
            following = tuple((kind, states) for kind, states in
                              ((kind, self.automaton.after(states, digit)) for kind, states in alive) if states)
            children.append(self.tree(prefix + digit, following, zones))
        votes = collections.Counter(value for child in children if child for value in child[0])
        if not votes:
            return ({(*kind_of([kind for kind, _ in alive]), zones)}, ()) if alive else None
        most = max(votes.values())
        return {value for value, count in votes.items() if count == most}, children

    def emit(self, prefix, node, inherited):
        if not node:
            return
        values, children = node
        if inherited not in values:
            inherited = min(values)
            self.entries[prefix] = inherited
        for digit, child in zip(DIGITS, children):
            self.emit(prefix + digit, child, inherited)


def lines(items):
    line = ""
    for item in items:
        if len(line) + len(item) + 2 > COLUMNS_MAX:
            yield line.rstrip()
            line = ""
        line += item + ", "
    yield line.rstrip()


def main():
    table = Table()
    for code, automaton, kinds in patterns():
        table.add_country(code, automaton, kinds)
    values = sorted(set(table.entries.values()))
    zone_lists = sorted({zones for _, _, zones in values})
    out = ["// SPDX-License-Identifier: Apache-2.0",
           f"// Made by tools/number-plan.py from libphonenumber {phonenumbers.__version__} (Apache-2.0). "
           "Not to be edited.",
           "",
           "constexpr std::string_view zone_lists[] = {"]
    out += [f'    "{" ".join(zones)}",' for zones in zone_lists]
    out += ["};", "", "constexpr Value values[] = {"]
    out += lines(f'{{"{country}", NumberType::{kind}, {zone_lists.index(zones)}}}' for country, kind, zones in values)
    out += ["};", "", "constexpr Entry entries[] = {"]
    out += lines(f"{{{prefix}, {values.index(value)}}}" for prefix, value in
                 sorted(table.entries.items(), key=lambda entry: (len(entry[0]), entry[0])))
    out += ["};"]
    OUT.write_text("\n".join(out) + "\n")
    print(f"{len(table.entries)} prefixes, {len(values)} values, {len(zone_lists)} lists of zones")


if __name__ == "__main__":
    main()
