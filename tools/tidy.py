#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that a compiler does not make. Run by ctest as `tidy`; prints one line per violation."""
import pathlib, re, sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SRC = ROOT / "src"

MAY_INCLUDE = {  # folder: folders it may include, besides itself
    "base": "", "text": "base", "smpp": "base", "http": "base",
    "message": "base text", "wire": "base text message", "webhook": "base text message wire",
    "store": "base text message", "sandbox": "base text message wire smpp http", "cli": "base http",
    "relay": "base text message wire webhook smpp http store",
    "api": "base text message wire webhook http store",
}
# What carries out an interface is known to whoever makes it, and to its own tests and measurements.
ONLY_INCLUDED_BY = {"store/sqlite": {"gateway.cpp"}}
# What decides knows neither what carries it out nor a thread, a socket or a database.
PURE = "store/rules/"
IMPURE_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*[<"](boost/asio|sqlite3|thread|mutex|store/store\.hpp|'
                            r'store/sqlite/|store/memory/(?!key_hash))', re.M)
FILE_LINES_MAX, FUNCTION_LINES_MAX = 600, 70
COLUMNS_MAX, SCRIPT_COLUMNS_MAX = 110, 120
SPDX = "SPDX-License-Identifier: Apache-2.0"
SPDX_LINES = 2  # a script's first line is its #!

# Time and chance come from base::Clock alone.
TIME_OR_CHANCE = re.compile(
    r"\b(steady_timer|system_timer|high_resolution_timer|deadline_timer|system_clock|steady_clock|random_device|"
    r"mt19937(_64)?|sleep_for|sleep_until|gettimeofday|clock_gettime)\b|\bstd::(time|rand|srand)\s*\(")
CLOCK_FILES = {"base/clock.cpp"}
SQL = re.compile(r"\b(SELECT\s[^\"]*\bFROM|INSERT\s+(OR\s+\w+\s+)?INTO|UPDATE\s+\w+\s+SET|"
                 r"DELETE\s+FROM|CREATE\s+(UNIQUE\s+)?(TABLE|INDEX)|PRAGMA\s)\b")
EMPTY_NAMES = re.compile(r"(^|_)(manager|helper|util)s?(_|$)")
TODO_WITHOUT_ISSUE = re.compile(r"\bTODO\b(?!\(#\d+\))|\bFIXME\b|\bXXX\b")
DIARY = re.compile(r"//\s*(NEW|FIXED|Fixed|CHANGED|Changed|ADDED|Added)\b\s*:")

errors = []


def say(path, line, what):
    errors.append(f"{path.relative_to(ROOT)}:{line}: {what}")


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


TOKEN = re.compile(r'''//[^\n]*|/\*.*?\*/|R"(\w*)\((.*?)\)\1"|"(?:\\.|[^"\\\n])*"|'''
                   r"""(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'""", re.S)


def masked(text):
    """The same text with comments and literals blanked out, line for line and column for column."""
    return TOKEN.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)


def literals(text):
    for found in TOKEN.finditer(text):
        if found[0].startswith(('"', 'R"')):
            yield found.start(), found[0]


def check_every_file(path, text):
    columns_max = COLUMNS_MAX if path.suffix in {".cpp", ".hpp"} else SCRIPT_COLUMNS_MAX
    if SPDX not in "\n".join(text.splitlines()[:SPDX_LINES]):
        say(path, 1, f"the first line must be: {SPDX}")
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > columns_max: say(path, number, f"{len(line)} columns, {columns_max} are the limit")
        if line != line.rstrip(): say(path, number, "blanks at the end of the line")
        if "\t" in line and path.name != "Makefile": say(path, number, "tabulator")
        if path != pathlib.Path(__file__) and TODO_WITHOUT_ISSUE.search(line):
            say(path, number, "a TODO needs the number of an issue, TODO(#7), and is the only such mark")
    if text and not text.endswith("\n"): say(path, line_of(text, len(text)), "no line end at the end of the file")


def check_size(path, text):
    if path.stem.endswith("_test"): return
    lines = text.splitlines()
    if len(lines) > FILE_LINES_MAX: say(path, 1, f"{len(lines)} lines, {FILE_LINES_MAX} are the limit: split by noun")
    # A function opens its brace on a line of its own; what else opens there is no longer than a function may be.
    for start, line in enumerate(lines):
        if line.strip() != "{": continue
        closing = line.replace("{", "}")
        end = next((i for i in range(start, len(lines)) if lines[i].startswith(closing)), start)
        if end - start - 1 > FUNCTION_LINES_MAX:
            say(path, start + 1, f"function of {end - start - 1} lines, {FUNCTION_LINES_MAX} are the limit")


def includes_of(text):
    for number, line in enumerate(text.splitlines(), 1):
        if found := re.match(r'\s*#\s*include\s+"([^"]+)"', line): yield number, found[1]


def check_includes(path, text):
    folder = path.relative_to(SRC).parts[0]
    for number, name in includes_of(text):
        roots = [SRC, ROOT / "sdk/include", *([ROOT / "test"] if path.stem.endswith("_test") else [])]
        if not any((root / name).exists() for root in roots):
            say(path, number, f'"{name}": include as "folder/file.hpp", counted from src/')
        target = name.split("/")[0]
        allowed = {folder, *MAY_INCLUDE.get(folder, "").split()}
        if folder == "cli": allowed.add("tidings")  # the client library of sdk/
        if folder in MAY_INCLUDE and target in MAY_INCLUDE and target not in allowed:
            say(path, number, f"{folder}/ may not include {target}/")
        check_carried_out(path, number, name)


def check_carried_out(path, number, name):
    own = path.relative_to(SRC).as_posix()
    for folder, users in ONLY_INCLUDED_BY.items():
        if not name.startswith(folder + "/") or own.startswith(folder + "/"): continue
        if own not in users and not path.stem.endswith("_test"):
            say(path, number, f"{folder}/ is included by {', '.join(sorted(users))} alone")


def check_cycles(files):
    graph = {path.relative_to(SRC).as_posix(): [name for _, name in includes_of(text)] for path, text in files.items()}
    done, open_names = set(), []

    def visit(name):
        if name in open_names:
            circle = " -> ".join([*open_names[open_names.index(name):], name])
            return say(SRC / name, 1, f"includes itself: {circle}")
        if name in done or name not in graph: return
        open_names.append(name)
        for target in graph[name]: visit(target)
        open_names.pop()
        done.add(name)

    for name in graph: visit(name)


# g++ 12.2 destroys some temporaries twice when co_await shares their statement; style: name it, then await it.
# A statement is looked at from the co_await to its end or to the block that it opens, and back to its beginning.
STATEMENT_BEGIN = re.compile(r"[;}]|(?:\)|\belse|\bdo|\btry|\bconst|\bnoexcept|\bmutable|>)\s*\{")
STATEMENT_END = re.compile(r";|\)\s*\{")
STATEMENT_SIZE_MAX = 4000
CAPTURING_LAMBDA = r"(?<![\w)\]])\[(?!\s*(?:this\s*|&\s*\w*\s*(?:,\s*&\s*\w+\s*)*)?\])[^\]]*\]\s*[({]"
TEMPORARY_AFTER = re.compile(CAPTURING_LAMBDA + r"|[\w>]\s*\{\s*[^}\s]|[(,]\s*\{\s*[^}\s]|\?")
TEMPORARY_BEFORE = re.compile(CAPTURING_LAMBDA + r"|[\w=(,]\s*\{[^{}]*$|\?")
# It awaits the right side of && and || whatever the left side says, and gets loops wrong whose head awaits.
LOGICAL_BEFORE = re.compile(r"\|\||\s&&\s")
LOOP_BEFORE = re.compile(r"\b(while|for)\s*$")


def open_parentheses(code, offset):
    """Where the parentheses open that are still open at `offset`, up to the enclosing brace."""
    depth = 0
    for i in range(offset - 1, -1, -1):
        if code[i] in ")}": depth += 1
        elif code[i] in "({":
            if depth: depth -= 1
            elif code[i] == "(": yield i
            else: return


def without_closed_parentheses(code):
    count = 1
    while count: code, count = re.subn(r"\([^()]*\)", "", code)
    return code


def check_awaits(path, code):
    for found in re.finditer(r"\bco_await\b", code):
        end = STATEMENT_END.search(code, found.end())
        after = code[found.end():end.start() if end else len(code)]
        window = code[max(0, found.start() - STATEMENT_SIZE_MAX):found.start()]
        begin = max((mark.end() for mark in STATEMENT_BEGIN.finditer(window)), default=0)
        if TEMPORARY_AFTER.search(after) or TEMPORARY_BEFORE.search(window[begin:]):
            say(path, line_of(code, found.start()), "name it, then await it: g++ 12 destroys such a temporary twice")
        if LOGICAL_BEFORE.search(without_closed_parentheses(window[begin:])):
            say(path, line_of(code, found.start()), "not behind && or ||: g++ 12 awaits it whatever stands before")
        if any(LOOP_BEFORE.search(code, 0, i) for i in open_parentheses(code, found.start())):
            say(path, line_of(code, found.start()), "not in the head of a loop: g++ 12 gets it wrong; await it before")


def check_product(path, text):
    name, code = path.relative_to(SRC).as_posix(), masked(text)
    is_test = path.stem.endswith("_test")
    check_awaits(path, code)
    if name not in CLOCK_FILES and not is_test:
        for found in TIME_OR_CHANCE.finditer(code):
            say(path, line_of(code, found.start()), f"{found[0]}: time and chance come from base::Clock")
    if not name.startswith("store/" if is_test else "store/sqlite/"):
        for start, literal in literals(text):
            if SQL.search(literal): say(path, line_of(text, start), "SQL belongs to store/sqlite/")
    if name.startswith(PURE):
        for found in IMPURE_INCLUDE.finditer(text):
            say(path, line_of(text, found.start()), f"{PURE} decides without {found[1]}")
    for found in re.finditer(r"catch\s*\([^)]*\)\s*\{\s*\}", code):
        if "//" in text[found.start():found.end()]: continue  # that says why there is nothing to do
        say(path, line_of(code, found.start()), "swallowed error: handle it, let it pass, or say why not")
    for found in TOKEN.finditer(text):
        if found[0].startswith("/*"): say(path, line_of(text, found.start()), "comments are // only")
    for found in DIARY.finditer(text):
        say(path, line_of(text, found.start()), "a comment says what is, not what changed")
    if EMPTY_NAMES.search(path.stem): say(path, 1, "a name that says nothing: name the noun")
    if path.suffix == ".hpp" and "#pragma once" not in text: say(path, 1, "no #pragma once")


# The client library is built and installed without the gateway.
def check_client(path, text):
    check_size(path, text)
    check_awaits(path, masked(text))
    for number, name in includes_of(text):
        if not any((ROOT / "sdk" / root / name).exists() for root in ("include", "src", "test")):
            say(path, number, f'"{name}": the client library includes only what is its own')


def main():
    sources = {path: path.read_text() for path in sorted(SRC.rglob("*.[ch]pp"))}
    for path, text in sources.items():
        check_every_file(path, text)
        check_size(path, text)
        check_includes(path, text)
        check_product(path, text)
    check_cycles(sources)
    others = [ROOT / "Makefile", ROOT / ".ci/run"]
    others += [path for folder in ("tools", "test", "bench", "sdk") for path in sorted((ROOT / folder).rglob("*"))
               if path.is_file() and "node_modules" not in path.parts
               and (path.suffix in {".py", ".mjs", ".cpp", ".hpp", ".cmake"} or not path.suffix)]
    for path in others:
        if path.exists(): check_every_file(path, path.read_text())
    for path in sorted((ROOT / "sdk").rglob("*.[ch]pp")): check_client(path, path.read_text())
    print("\n".join(errors) if errors else f"tidy: {len(sources)} sources, nothing to say")
    return bool(errors)


if __name__ == "__main__":
    sys.exit(main())
