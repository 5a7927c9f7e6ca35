"""The rules of the house, measured: sizes, names, who may commit, what may not stand in the project."""

import ast
import re
import subprocess
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("app", "bot", "handlers", "models", "posters", "scheduler", "distribution", "wechat", "web", "simulator")
EXEMPT = ("tests/cases/", "tests/corpus/", "models/migrations/versions/")

LONGEST_FILE = 300
LONGEST_FUNCTION = 40
MOST_POSITIONAL = 4
BAD_NAMES = {"utils", "helpers", "manager", "service", "base", "common", "data", "info", "process"}

#: Where a transaction may be opened: one message, one page, one command, one claim, one outcome.
EDGES = ("app/", "web/", "scheduler/", "bot/dispatcher.py", "bot/inbox.py", "models/database.py")
#: Where the machine's clock may be read as business time, and why nowhere else.
CLOCKS = ("app/clock.py", "simulator/clock.py")


@cache
def python_files() -> tuple[str, ...]:
    listed = subprocess.run(["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True, check=True)
    return tuple(name for name in listed.stdout.split() if not name.startswith(EXEMPT) and (ROOT / name).exists())


def ours() -> tuple[str, ...]:
    return tuple(name for name in python_files() if name.startswith(tuple(f"{room}/" for room in ROOMS)))


@cache
def tree(name: str) -> ast.Module:
    return ast.parse((ROOT / name).read_text("utf-8"))


def functions(name: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree(name)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def calls(name: str) -> Iterator[tuple[str, int]]:
    """The last word and the line of everything a file calls, with the word before it if there is one."""
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node.lineno


def none_of(offences: list[str]) -> None:
    assert not offences, "\n" + "\n".join(offences)


def test_no_file_is_longer_than_300_lines() -> None:
    lengths = {name: len((ROOT / name).read_text("utf-8").splitlines()) for name in python_files()}

    none_of([f"{name}: {length} lines" for name, length in lengths.items() if length > LONGEST_FILE])


def test_no_function_is_longer_than_40_lines() -> None:
    sizes = [
        (f"{name}:{each.lineno} {each.name}", (each.end_lineno or 0) - each.lineno + 1)
        for name in python_files()
        for each in functions(name)
    ]

    none_of([f"{where}: {size} lines" for where, size in sizes if size > LONGEST_FUNCTION])


def test_no_function_of_ours_takes_more_than_four_positional_arguments() -> None:
    none_of(
        [
            f"{name}:{each.lineno} {each.name} takes {positional(each)}"
            for name in ours()
            for each in functions(name)
            if positional(each) > MOST_POSITIONAL and not each.name.startswith("__")
        ]
    )


def positional(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    named = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
    return len(named) - (named[:1] in (["self"], ["cls"]))


def test_nothing_is_called_by_a_word_that_says_nothing() -> None:
    none_of([name for name in ours() if BAD_NAMES & set(re.split(r"[/_.]", name.removesuffix(".py")))])


def test_every_module_says_in_one_line_what_lives_there() -> None:
    def says(name: str) -> bool:
        text = ast.get_docstring(tree(name))
        return bool(text) and len(text.splitlines()[0]) <= 120

    empty = {name for name in ours() if not (ROOT / name).read_text("utf-8").strip()}
    none_of([name for name in ours() if name not in empty and not says(name)])


def test_only_the_edges_open_a_transaction() -> None:
    opening = re.compile(r"(^|\.)(transaction|write)$")
    writers = re.compile(r"(database|db)\.(transaction|write|reading)$")
    none_of(
        [
            f"{name}:{line} {called}"
            for name in ours()
            if not name.startswith((*EDGES, "simulator/"))
            for called, line in calls(name)
            if opening.search(called) and writers.search(called)
        ]
    )


def test_only_the_one_transaction_commits() -> None:
    none_of(
        [
            f"{name}:{line} {called}"
            for name in ours()
            if not name.startswith(("models/database.py", "models/schema.py", "simulator/"))
            for called, line in calls(name)
            if called.endswith(".commit")
        ]
    )


def test_business_time_comes_from_a_clock() -> None:
    machine = re.compile(r"(^|\.)(datetime\.now|datetime\.utcnow|datetime\.today|date\.today|time\.time|time_ns)$")
    none_of(
        [
            f"{name}:{line} {called}"
            for name in ours()
            if name not in CLOCKS
            for called, line in calls(name)
            if machine.search(called)
        ]
    )


def test_nothing_is_printed() -> None:
    none_of([f"{name}:{line}" for name in ours() for called, line in calls(name) if called == "print"])


def test_no_stored_value_is_pickled() -> None:
    offending = re.compile(r"^\s*(import|from)\s+(pickle|marshal|shelve|dill)\b", re.MULTILINE)
    none_of([name for name in ours() if offending.search((ROOT / name).read_text("utf-8"))])


def test_money_is_never_a_float() -> None:
    """No annotation of an amount or a rate says float."""
    names = re.compile(r"_(fen|bp)$|^(fen|bp)$")
    none_of(
        [
            f"{name}:{node.lineno}"
            for name in ours()
            for node in ast.walk(tree(name))
            if isinstance(node, ast.AnnAssign | ast.arg)
            and names.search(ast.unparse(node.target) if isinstance(node, ast.AnnAssign) else node.arg)
            and node.annotation is not None
            and "float" in ast.unparse(node.annotation)
        ]
    )


def test_every_refusal_has_a_sentence() -> None:
    wording = pytest.importorskip("bot.wording")
    from distribution.refusals import Code

    known = {code for code in Code if code in wording.SENTENCES}
    none_of([str(code) for code in Code if code not in known])


@cache
def text_files() -> tuple[str, ...]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    kinds = (".py", ".md", ".toml", ".yaml", ".yml", ".txt", ".html", ".css", ".js", ".mako", ".sql")
    chosen = [name for name in listed.stdout.splitlines() if name.endswith(kinds) or "/" not in name or ".ci/" in name]
    return tuple(name for name in chosen if (ROOT / name).is_file() and name != "tests/test_house.py")


def test_no_path_of_a_machine_and_no_registry_stands_in_the_project() -> None:
    own = re.escape(str(ROOT))
    places = re.compile(rf"{own}/|/home/[a-z]|/Users/|pypi\.org|pythonhosted|index-url|npmjs|/simple/")
    none_of(
        [
            f"{name}:{number} {line.strip()[:80]}"
            for name in text_files()
            for number, line in enumerate((ROOT / name).read_text("utf-8", "replace").splitlines(), 1)
            if places.search(line)
        ]
    )


def test_nothing_is_left_half_done() -> None:
    unfinished = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    none_of([f"{name}:{line}" for name in ours() for text, line in comments(name) if unfinished.search(text)])


def comments(name: str) -> Iterator[tuple[str, int]]:
    with tokenize.open(ROOT / name) as file:
        for token in tokenize.generate_tokens(file.readline):
            if token.type == tokenize.COMMENT:
                yield token.string, token.start[0]


def test_test_files_have_names_of_their_own() -> None:
    """Test modules are imported by their bare names, so two of one name would hide each other."""
    names = [
        Path(name).name for name in python_files() if name.startswith("tests/") and not name.endswith("conftest.py")
    ]
    none_of(sorted({name for name in names if names.count(name) > 1}))
