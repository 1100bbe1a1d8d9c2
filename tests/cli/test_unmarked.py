"""Nothing is said to a person that the catalogue cannot know: no f-string, no unmarked words."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from string import Formatter

import pytest

from cli.pages.words import chinese
from ledger.entries import BY_KIND
from tests.catalogue import MARKS, extracted

ROOT = Path(__file__).parents[2]
SPEAKERS = re.compile(
    r"Error$|^Refusal$|^refusal$|^Finding$|^_Wrong$|^HeaderFault$|^_Claim$|^echo$|^remark$"
)
NO_SPEAKERS = {
    *("NotImplementedError", "KeyError", "TypeError", "TimeoutError", "IntegrityError"),
    *("ImportError", "OSError", "AssertionError", "NotAllowedError"),
}
WORDS = re.compile(r"[A-Za-z]{2,}")

EXCEPTIONS = {
    "cli/pages/app.py": "what `say` says, which test_words.py looks after",
    "cli/pages/guard.py": "two answers to programs, which ask for no language",
}
"""Files where more is said than the catalogue knows."""

NO_SENTENCES = {
    *("tally: ", "static/", "  tally verify  --by NAME", "  tally verify   --by NAME"),
    *("at line 1 column", "at character", "must be one of", "translate host"),
    *("BEGIN EXCLUSIVE", "BEGIN IMMEDIATE"),
    *("the ledger is append-only", "positions follow one another"),
    *("tally explain  2016Q3 --ledger ", "tally history  --ledger "),
    "tally score --unit  --through 2016-07-31 --as-of 2016-08-01 --ledger ",
    *("tally %(version)s", " (comma or repeated)", "The ledger (TALLY_LEDGER; else )."),
    *("解释口径的名称，见 tally rules", "该口径可取的值之一，见 tally rules"),
    *("ATTACH DATABASE ? AS anew", "DETACH DATABASE anew"),
    "a page keeps no findings; score the unit's own entries",
    *("another thread has been writing", "follow the ledger with select_notifications"),
    *(": no upcast from version ", "the plan has no  ", "Callable[..., Any]"),
    "导入：tally import 文件.xlsx --by 登记人；有误时加 --errors-to 错误.xlsx。",
}
"""Command lines to copy, words of other programs, what is part of a help that is looked up whole,
and what only a programmer can meet."""

WORDLESS = {
    *("ledger/identifiers.py", "cli/workbooks/rows.py"),
    *("cli/commands/record.py", "cli/output/workbooks/errors.py"),
}
"""Files whose f-strings without words of their own hold no sentence in them."""

CODE = re.compile(
    r"notification_id|in state\) >|SELECT|INSERT|PRAGMA|CREATE |WHERE|"
    r"COPY |KEY \(|UNIQUE|CHECK|DELETE|^A  |%p |\{%|CAST\(|instr\(|topic IN|position [,<>=]+|"
    r"position, originator_id"
)
CODE_FILES = {
    *("cli/commands/record.py", "cli/output/workbooks/book.py", "cli/pages/guard.py"),
    *("cli/workbooks/persons.py", "ledger/stores/postgres_schema.py", "cli/pages/rendering.py"),
}
"""Files with options of examples, formats of cells, headers of HTTP, patterns, SQL."""


def every_file():
    """All but the made-up year and the bulletin, which is Chinese."""
    for folder in ("ledger", "projections", "cli"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if not {"sample", "bulletin"} & set(path.parts):
                yield path


def files():
    """All but what says its English in words.toml, which has its own test."""
    for path in every_file():
        if "views" not in path.parts:
            yield path


def name_of(call):
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def words_in(node):
    """The words of a literal, without those in what it fills in."""
    if isinstance(node, ast.JoinedStr):
        parts = (part.value for part in node.values if isinstance(part, ast.Constant))
        return " ".join(filter(WORDS.search, parts))
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
        return node.value if WORDS.search(node.value) else ""
    return ""


def spoken(node):
    """Literals that a call or a generator gives to a person without a mark."""
    if isinstance(node, ast.Call) and name_of(node) in MARKS:
        # Its own template is marked; values may hold sentences themselves.
        places = 2 if name_of(node) == "wrong" else 1
        for child in [*node.args[places:], *(one.value for one in node.keywords)]:
            yield from spoken(child)
        if node.args and isinstance(node.args[0], ast.JoinedStr):
            yield node.args[0]
        return
    if isinstance(node, ast.JoinedStr) or words_in(node):
        # Without words of its own an f-string may still hold a sentence, and make it English.
        yield node
        return
    if isinstance(node, ast.Subscript | ast.Compare | ast.Lambda):
        return
    for child in ast.iter_child_nodes(node):
        yield from spoken(child)


def unmarked(tree):
    """(line, words) of what is said without a mark."""
    for node in ast.walk(tree):
        told = []
        if isinstance(node, ast.Call):
            name = name_of(node)
            if name in MARKS or (SPEAKERS.search(name) and name not in NO_SPEAKERS):
                told = [node]
        elif isinstance(node, ast.Yield) and node.value is not None:
            told = [node.value]
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            told = [node.value] if node.targets[0].id in {"words", "message", "why", "what"} else []
        for one in told:
            for literal in spoken(one):
                if words_in(literal) or not (isinstance(node, ast.Call) and name == "echo"):
                    yield literal.lineno, words_in(literal)


@pytest.mark.parametrize("path", list(files()), ids=lambda path: str(path.relative_to(ROOT)))
def test_all_that_is_said_is_marked(path):
    if str(path.relative_to(ROOT)) in EXCEPTIONS:
        pytest.skip(EXCEPTIONS[str(path.relative_to(ROOT))])
    found = sorted(set(unmarked(ast.parse(path.read_text(encoding="utf-8")))))
    passed = {*NO_SENTENCES, *([""] if str(path.relative_to(ROOT)) in WORDLESS else [])}
    assert not [one for one in found if one[1] not in passed]


def aside(tree):
    """Literals that nobody is told: docstrings, assertions, annotations, marked templates."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value
        elif isinstance(node, ast.Assert) and node.msg is not None:
            yield from ast.walk(node.msg)
        elif isinstance(node, ast.JoinedStr):
            yield from (child for child in ast.walk(node) if child is not node)
        elif isinstance(node, ast.Call) and name_of(node) in {*MARKS, "TypeVar", "cast"}:
            yield from node.args[:2]


def phrase(node):
    """A literal of two words or more; what an f-string fills in is left out."""
    told = ""
    if isinstance(node, ast.JoinedStr):
        told = "".join(part.value for part in node.values if isinstance(part, ast.Constant))
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        told = node.value
    return told if " " in told.strip() and len(WORDS.findall(told)) > 1 else ""


@pytest.fixture(scope="module")
def known():
    """The phrases that have their Chinese, here or on the pages, and parts of helps."""
    fields = [field for kind in BY_KIND.values() for field in kind.FIELDS.values()]
    described = {field.description for field in fields}
    return {message.id for message in extracted()} | set(chinese()) | described


@pytest.mark.parametrize("path", list(every_file()), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_phrase_has_its_chinese(path, known):
    """The other way round: whatever reads like English is in a catalogue, or told to nobody."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    if str(path.relative_to(ROOT)) in CODE_FILES:
        return
    passed = set(aside(tree))
    told = {phrase(node) for node in ast.walk(tree) if node not in passed}
    found = {one for one in told if one and not CODE.search(one) and "Example:" not in one}
    assert found - known - NO_SENTENCES == set()


def names_in(template):
    """The places of a template, in their order."""
    return [name for _, name, _, _ in Formatter().parse(template) if name is not None]


def unfilled(tree):
    """(line, template) of marked templates that are given other values than they ask for."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or name_of(node) not in MARKS or not node.args:
            continue
        at = MARKS[name_of(node)]
        template = node.args[at] if at < len(node.args) else None
        if not isinstance(template, ast.Constant) or not isinstance(template.value, str):
            continue
        if name_of(node) == "Working":
            given = node.args[1:2]
            count = len(given[0].elts) if given and isinstance(given[0], ast.Tuple) else None
            wrong = count is not None and names_in(template.value) != [""] * count
        else:
            given = {one.arg for one in node.keywords} - {"field" if at else None}
            named = given and None not in given
            wrong = named and set(names_in(template.value)) != given
        if wrong:
            yield node.lineno, template.value


@pytest.mark.parametrize("path", list(every_file()), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_template_is_given_its_values(path):
    """So that no message fails in the very moment that it is needed."""
    assert not list(unfilled(ast.parse(path.read_text(encoding="utf-8"))))


def test_the_test_finds_what_is_not_filled_in():
    said = 'Said("{x} is gone", y=1)\nWorking("{} of {}", (1,))\ntell("{x}", x=1, y=2)\n'
    assert [line for line, _ in unfilled(ast.parse(said))] == [1, 2, 3]


def test_the_test_finds_what_is_unmarked():
    said = (
        'raise OptionError("x", f"{y} is no day")\nremark(f"{x} written")\nyield f"{x} is gone"\n'
    )
    assert [line for line, _ in unmarked(ast.parse(said))] == [1, 2, 3]
    marked = 'raise OptionError("x", Said("{y} is no day", y=y))\nclick.echo(f"  {words}")\n'
    assert not list(unmarked(ast.parse(marked)))
