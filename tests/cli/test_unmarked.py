"""Nothing is said to a person that the catalogue cannot know: no f-string, no unmarked words."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MARKS = {"Said", "Working", "tell", "remark", "wrong"}
SPEAKERS = re.compile(
    r"Error$|^Refusal$|^refusal$|^Finding$|^_Wrong$|^HeaderFault$|^_Claim$|^echo$|^remark$"
)
NO_SPEAKERS = {
    *("NotImplementedError", "KeyError", "TypeError", "TimeoutError", "IntegrityError"),
    *("ImportError", "OSError", "AssertionError", "NotAllowedError"),
}
WORDS = re.compile(r"[A-Za-z]{2,}")

EXCEPTIONS = {
    "cli/commands/checking.py": "the kept note, and rows of a proof as they are stored",
    "cli/commands/correcting.py": "a command line to copy",
    "cli/pages/app.py": "what `say` says, which test_words.py looks after",
    "cli/pages/guard.py": "two answers to programs, which ask for no language",
    "cli/commands/making.py": "command lines to copy",
}
"""Files whose f-strings with words are no sentences."""


NO_SENTENCES = {"tally: ", "static/"}


def files():
    """All but what is Chinese anyway, or says its English in words.toml, which has its own test."""
    for folder in ("ledger", "projections", "cli"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if (
                "sample" not in path.parts
                and "bulletin" not in path.parts
                and "views" not in path.parts
            ):
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
    if isinstance(node, ast.JoinedStr | ast.Constant) and words_in(node):
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
                yield literal.lineno, words_in(literal)


@pytest.mark.parametrize("path", list(files()), ids=lambda path: str(path.relative_to(ROOT)))
def test_all_that_is_said_is_marked(path):
    if str(path.relative_to(ROOT)) in EXCEPTIONS:
        pytest.skip(EXCEPTIONS[str(path.relative_to(ROOT))])
    found = sorted(set(unmarked(ast.parse(path.read_text(encoding="utf-8")))))
    assert not [one for one in found if one[1] not in NO_SENTENCES]


def test_the_test_finds_what_is_unmarked():
    said = (
        'raise OptionError("x", f"{y} is no day")\nremark(f"{x} written")\nyield f"{x} is gone"\n'
    )
    assert [line for line, _ in unmarked(ast.parse(said))] == [1, 2, 3]
    marked = 'raise OptionError("x", Said("{y} is no day", y=y))\nclick.echo(f"  {words}")\n'
    assert not list(unmarked(ast.parse(marked)))
