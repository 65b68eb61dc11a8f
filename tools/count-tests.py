#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Adds up the results of .ci/run and prints them as its closing line, `N passed, N failed`.

ctest's JUnit file counts `tidy` and `crash` as one. Each file of integration tests, say `integration/api`, and each
share of the unit tests is one entry there, for which the tests of its TAP or XML file are counted instead. Results that
should be there and are not count as one failure, and so does a suite that failed without a failing test (a crash at its
end, a time-out).
"""
import pathlib, re, sys
import xml.etree.ElementTree as xml

passed = failed = 0


def count(good, bad):
    global passed, failed
    passed, failed = passed + good, failed + bad


def count_tap(path):
    """Counts from the summary that node:test writes at its end; says how many failed."""
    if not path.exists():
        return None
    found = dict(re.findall(r"^# (pass|fail|cancelled) (\d+)$", path.read_text(), re.M))
    if "pass" not in found:
        return None
    bad = int(found["fail"]) + int(found["cancelled"])
    count(int(found["pass"]), bad)
    return bad


def count_ctest(folder):
    path = folder / "ctest.xml"
    if not path.exists():
        print(f"no results in {path}", file=sys.stderr)
        return count(0, 1)
    for case in xml.parse(path).getroot().iter("testcase"):
        bad = case.get("status") != "run"
        name = case.get("name")
        if name.startswith(("integration/", "hostile/")):
            failures = count_tap(folder / f"{name}.tap")
        elif name.startswith("unit_"):
            failures = count_gtest(folder / f"{name}.xml")
        else:
            count(not bad, bad)
            continue
        if failures is None or (bad and not failures):
            count(0, 1)


def count_gtest(path):
    """Says how many failed."""
    if not path.exists():
        print(f"no results in {path}", file=sys.stderr)
        return None
    failures = 0
    for case in xml.parse(path).getroot().iter("testcase"):
        if case.get("status") == "run" and case.find("skipped") is None:
            bad = case.find("failure") is not None
            failures += bad
            count(not bad, bad)
    return failures


count_ctest(pathlib.Path(sys.argv[1]))
shares = sorted(pathlib.Path(sys.argv[2]).glob("unit_*.xml"))
if not shares:
    print(f"no results in {sys.argv[2]}", file=sys.stderr)
    count(0, 1)
for share in shares:
    count_gtest(share)
print(f"{passed} passed, {failed} failed")
sys.exit(failed > 0 or passed == 0)
