#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes src/message/number_plan_data.inc and national_plan_data.inc from the data of libphonenumber, as Debian's
python3-phonenumbers has it:
    /usr/bin/python3 tools/number-plan.py
What a number begins with tells its country, its type and the time zones where it may be. The table has the fewest
prefixes from which the longest one that fits gives what the patterns and the zones of libphonenumber give for every
number that they know; what it gives for others is whatever is near.
How numbers are written within each country stands in the other file: its rows are those of libphonenumber, which has
them from the national plans that the ITU publishes (E.129, E.164)."""
import collections, functools, pathlib, sre_parse

import phonenumbers
from phonenumbers.phonemetadata import NumberFormat, PhoneMetadata
from phonenumbers.tzdata import TIMEZONE_DATA

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "src/message"
OUT = FOLDER / "number_plan_data.inc"
NATIONAL_OUT = FOLDER / "national_plan_data.inc"
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


def spellings(pattern):
    """All digits that a parsed pattern without open ends matches; none if it takes a part of the number along."""
    found = [""]
    for kind, what in pattern:
        kind = str(kind)
        if kind == "LITERAL":
            more = [chr(what)]
        elif kind == "IN":
            automaton = Automaton()
            automaton.add_in(what, automaton.state())
            more = list(automaton.steps[0][0][0])
        elif kind == "BRANCH":
            more = [text for branch in what[1] for text in spellings(branch)]
        elif kind == "MAX_REPEAT":
            least, most, repeated = what
            more = [text * count for count in range(least, most + 1) for text in spellings(repeated)]
        elif kind == "SUBPATTERN" and what[0] is None:
            more = spellings(what[-1])
        else:
            return []
        found = [begin + end for begin in found for end in more]
    return found


def international_prefixes(plan):
    """What is dialled before a country code, the longest first. Those that choose a carrier and do not begin as the
    country's other prefixes do are for people with a telephone, and never met in a message."""
    prefixes = {text for text in spellings(sre_parse.parse(plan.international_prefix or "")) if text}
    if plan.preferred_international_prefix:
        prefixes.add(plan.preferred_international_prefix.replace("~", ""))
    prefixes = {text for text in prefixes if text.startswith(("0", "8"))}
    return sorted(prefixes, key=lambda text: (-len(text), text))


def trunk_prefixes(plan):
    """What may stand before a national number, the longest first."""
    prefixes = set(spellings(sre_parse.parse(plan.national_prefix_for_parsing or "")))
    prefixes.add(plan.national_prefix or "")
    return sorted(prefixes - {""}, key=lambda text: (-len(text), text))


def written_trunk_prefix(plan):
    """That which people write: in North America none, although 1 is dialled."""
    rules = [form.national_prefix_formatting_rule or "" for form in plan.number_format]
    prefix = plan.national_prefix or ""
    return prefix if prefix and any(prefix in rule for rule in rules) else ""


def lengths(*descriptions):
    return sorted({length for it in descriptions if it for length in it.possible_length if length > 0})


def keeps_zero(plan):
    """Whether numbers of handsets begin with a zero that belongs to them, as Italian ones do."""
    for description in filter(None, (plan.fixed_line, plan.mobile)):
        automaton = Automaton()
        begin = automaton.state()
        automaton.add(sre_parse.parse(description.national_number_pattern or "x"), begin)
        if automaton.after(automaton.closure([begin]), "0"):
            return True
    return False


def write_national_plans():
    rows = []
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        plan = PhoneMetadata.metadata_for_region(region)
        usual = lengths(plan.fixed_line, plan.mobile)
        general = lengths(plan.general_desc)
        rows.append(f'{{"{region}", "{plan.country_code}", "{written_trunk_prefix(plan)}", '
                    f'"{" ".join(trunk_prefixes(plan))}", "{" ".join(international_prefixes(plan))}", '
                    f'{usual[0]}, {usual[-1]}, {general[-1]}, {str(keeps_zero(plan)).lower()}}},')
    out = ["// SPDX-License-Identifier: Apache-2.0",
           f"// Made by tools/number-plan.py from libphonenumber {phonenumbers.__version__} (Apache-2.0). "
           "Not to be edited.",
           "",
           "constexpr NationalPlan national_plans[] = {"]
    out += ["    " + row for row in rows]
    out += ["};"]
    NATIONAL_OUT.write_text("\n".join(out) + "\n")
    print(f"{len(rows)} national plans")


def main():
    write_national_plans()
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
