"""The Chinese manual quotes what the desk shows: words in 「」, pictures, files, keys."""

from __future__ import annotations

import re

import pytest

from cli.desk.pages import navigation
from cli.language.translating import translator
from tests.cli.running import ROOT

MANUAL = ROOT / "docs" / "手册.md"
TEXT = MANUAL.read_text(encoding="utf-8")
CATALOGUE = ROOT / "cli/language/locale/zh_CN/LC_MESSAGES/tally.po"
START = ROOT / "deploy" / "windows" / "启动工作台.bat"


def shown():
    """Return the Chinese texts of the catalogue, also up to their first bracket or blank."""
    texts = re.findall(r'^msgstr "(.+)"$', CATALOGUE.read_text(encoding="utf-8"), re.MULTILINE)
    return {*texts, *(re.split("[（{ ]", text)[0] for text in texts), *kinds()}


def kinds():
    from ledger.kinds import Kinds  # noqa: PLC0415
    from projections.adopted import Measures  # noqa: PLC0415

    known = Kinds.of(Measures({}))
    return {translator("zh").kind(known, kind) for kind in known}


@pytest.mark.parametrize("quoted", sorted(set(re.findall("「(.+?)」", TEXT))))
def test_the_desk_shows_what_the_manual_quotes(quoted):
    assert quoted in shown()


def test_the_pictures_and_pages_that_the_manual_shows_are_there():
    links = re.findall(r"\]\(([^)#:]+)\)", TEXT)
    assert [one for one in links if not (MANUAL.parent / one).is_file()] == []
    assert sum(one.startswith("screenshots/desk/") for one in links) > 10


def test_access_keys_of_the_manual_lead_where_it_says():
    """The keys are the places in the navigation of a recorder and of a verifier."""
    said = dict(re.findall(r"Alt\+(\d) (\w+)", TEXT))
    translate = translator("zh")
    for role in ("clerk", "verifier"):
        labels = [translate(label) for _, label in navigation(role)]
        assert {key: labels[int(key) - 1] for key in said} == said


def test_the_start_file_is_what_windows_runs():
    """UTF-8 with its code page set before any Chinese, and lines that end as Windows ends them."""
    content = START.read_bytes()
    assert content.count(b"\n") == content.count(b"\r\n")
    lines = content.decode("utf-8").splitlines()
    page = lines.index("chcp 65001 >nul")
    assert all(line.isascii() for line in lines[:page])
    labels = {line[1:] for line in lines if line.startswith(":")}
    assert set(re.findall(r"goto (\w+)", content.decode("utf-8"))) == labels
