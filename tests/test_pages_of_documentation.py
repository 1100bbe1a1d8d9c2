"""README, CONTRIBUTING, CHANGELOG and docs/: links, commands and files that they name exist."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from cli.main import COMMANDS, tally
from projections.kinds import KINDS

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]

_LINK = re.compile(r"\]\((?!https?:)([^)\s]*)\)")
_CODE = re.compile(r"`([^`\n]+)`")
_FILE = re.compile(r"(?:cli|ledger|projections|tests|docs|\.ci)/[\w./-]*")
_PLACEHOLDER = re.compile(r"\b[A-Z]{2,}\b")
"""NAME in `cli/commands/NAME.py`: what the reader puts in its place."""


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    text = page.read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", one).lower().replace(" ", "-") for one in headings}


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_every_link_leads_to_a_file_and_a_heading_that_exist(page):
    for link in _LINK.findall(page.read_text(encoding="utf-8")):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("page", [one for one in PAGES if one.name != "CHANGELOG.md"], ids=str)
def test_every_file_of_the_program_that_is_named_exists(page):
    for code in _CODE.findall(page.read_text(encoding="utf-8")):
        if _FILE.fullmatch(code) and not _PLACEHOLDER.search(code):
            assert (ROOT / code).exists() or list(ROOT.glob(code)), code


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_every_command_and_option_that_is_named_exists(page):
    """In code, as `tally measure new` or `tally score --unit V025`."""
    text = page.read_text(encoding="utf-8")
    blocks = re.findall(r"^```sh\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    lines = [line for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    for line in [*lines, *_CODE.findall(text)]:
        for part in re.findall(r"(?:^|&& )(tally [a-z].*?)(?= &&| #|$)", line):
            words = part.split()[1:]
            assert words[0] in COMMANDS, line
            found = tally.get_command(click.Context(tally), words[0])
            assert found is not None
            if isinstance(found, click.Group) and words[0] != "record":
                found = found.get_command(click.Context(tally), words[1]) or found
            known = {name for one in found.params for name in (*one.opts, *one.secondary_opts)}
            known |= {"--help"}
            options = set(re.findall(r"(?<!\S)(--[a-z-]+)", part))
            if not isinstance(found, click.Group):
                assert options <= known, line


def test_every_kind_of_clause_is_in_the_table_of_what_the_text_says():
    text = (ROOT / "docs" / "measures.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\(measures/kinds\.md#(\w+)\)", text)) == set(KINDS) - {"warned"}
