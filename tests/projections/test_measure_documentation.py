"""The pages on measures: the tutorial makes its folder, the reference names all that there is."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from msgspec.structs import fields

from ledger.entries import BY_KIND
from ledger.entries.own import RESERVED, OwnEntry
from ledger.entries.own_file import FieldType
from projections.kinds import KINDS
from projections.kinds.compiling import Where
from projections.measure import head, load_measure, model, read_measure
from projections.measure.cases import Case, cases_of, run
from projections.measure.model import QUANTITIES, Clause
from tests.cli.running import Tally

DOCS = Path(__file__).parents[2] / "docs" / "measures"
STRAW = Path(__file__).parent / "measures" / "straw-2021-villages"

HEADINGS = {
    "measure": head.Source,
    "calendar": head.CalendarData,
    "period": head.Period,
    "units": head.Units,
    "batches": head.Batches,
    "section": head.Section,
    "scale": head.Scale,
    "total": head.Adding,
    "rank": head.Rank,
    "flag": head.FlagData,
    "band": head.Band,
    "Clauses": Clause,
    "Amounts": model.Amount,
    "where": Where,
    "applies_to": model.AppliesTo,
    "Readings": model.Reading,
    "text.txt and sentences.toml": head.Sentence,
    "law.toml": head.LawNote,
    "Cases": Case,
}
"""By heading of the reference, what it describes."""

_NAMED_BY_PARAMETERS = {"occurrence", "warned", "flag"}
"""Kinds whose clauses say themselves what their amounts are of."""

_WITH_CHOICES = {"due", "quota", "occurrence", "graded", "rate", "clean", "all_done"}


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def chapters(name: str) -> dict[str, str]:
    """Return the text below each heading of a page, up to the next heading."""
    parts = re.split(r"^#+ (.+)$", page(name), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def keys_of(struct: type) -> set[str]:
    return {one.encode_name for one in fields(struct)} - {"parameters"}


def named(text: str) -> set[str]:
    """Return the words of a text that are set as code, and their parts."""
    return {word for code in re.findall(r"`([^`]+)`", text) for word in re.findall(r"\w+", code)}


def blocks() -> list[tuple[str, str]]:
    """Return the tutorial's blocks in order, each as (file, TOML) or ("", commands)."""
    fence = r"^```(?:toml file=(\S+)|sh)\n(.*?)^```$"
    return re.findall(fence, page("tutorial.md"), re.MULTILINE | re.DOTALL)


def test_the_tutorial_s_code_blocks_are_the_straw_measure():
    found: dict[str, str] = {}
    for file, text in blocks():
        if file:
            found[file] = found.get(file, "") + text
    assert found == read_measure(STRAW)


@pytest.mark.parametrize("placed", cases_of(read_measure(STRAW)), ids=lambda one: one.case.name)
def test_worked_case_of_the_straw_measure(placed):
    measure = load_measure(read_measure(STRAW))
    assert [str(failure.sentence()) for failure in run(placed, measure)] == []


def test_the_tutorial_s_blocks_do_what_they_say_one_after_the_other(monkeypatch, tmp_path):
    """Files are written and commands run in order, on a ledger under another measure."""
    monkeypatch.chdir(tmp_path)
    tally = Tally(tmp_path)
    for command in (
        "init --measure shengzhou-2010-62 --year 2021 --by 李文",
        "record unit --id V1 --name 甲村 --type village --by 李文",
        "verify --all --by 王芳",
    ):
        tally(*command.split()).ok()
    folder, written, out = Path("straw-2021-villages"), set[str](), dict[str, str]()
    for file, text in blocks():
        if file:
            before = (folder / file).read_text(encoding="utf-8") if file in written else ""
            (folder / file).write_text(before + text, encoding="utf-8")
            written.add(file)
            continue
        for line in text.splitlines():
            program, *arguments = line.split()
            if program == "rm":
                for path in (path for one in arguments for path in Path().glob(one)):
                    path.unlink()
                continue
            assert program == "tally", line
            out[line] = tally(*arguments).ok().out
    assert read_measure(folder) == read_measure(STRAW)
    assert "0 failed" in out["tally measure check straw-2021-villages"]
    # The satellite's fire of the new ledger: 100 - 30.
    explained = out["tally explain --ledger sqlite:///try.db 甲村 2021"]
    assert "closing 70" in explained
    assert "satellite" in explained
    assert "False" not in explained
    # From 2,000 yuan to 100 points.
    reformed = out["tally reform straw-2021-villages --year 2021"]
    assert "2000" in reformed
    assert "100" in reformed
    adopted = tally("measure", "list").out.partition("adopted:")[2].splitlines()
    assert [("superseded" in one, "in force" in one) for one in filter(None, adopted)] == [
        (True, False),
        (False, True),
    ]


def test_every_kind_has_a_chapter_and_a_row_in_the_list():
    assert set(KINDS) <= set(chapters("kinds.md"))
    assert re.findall(r"^\| \[`(\w+)`\]\(#\1\)", page("kinds.md"), re.MULTILINE) == list(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_the_chapter_of_a_kind_names_its_parameters_amounts_and_names(kind):
    module, text = KINDS[kind], chapters("kinds.md")[kind]
    words = named(text)
    assert keys_of(module.Parameters) - words == set()
    assert set(re.findall(r"^\| `(\w+)`", text, re.MULTILINE)) <= keys_of(module.Parameters) | set(
        QUANTITIES
    )
    names = getattr(module, "NAMES", {})
    assert {*names, *(value for values in names.values() for value in values)} - words == set()
    if kind not in _NAMED_BY_PARAMETERS:
        assert set(module.tables_of(SimpleNamespace(parameters=None))) - words == set()


@pytest.mark.parametrize("kind", KINDS)
def test_the_chapter_of_a_kind_names_every_choice_of_its_parameters(kind):
    declared = {one.name: str(one.type) for one in fields(KINDS[kind].Parameters)}
    words = named(chapters("kinds.md")[kind])
    assert any("Literal[" in one for one in declared.values()) or kind not in _WITH_CHOICES
    for name, annotation in declared.items():
        choices = re.findall(r"'(\w+)'", " ".join(re.findall(r"Literal\[([^\]]*)\]", annotation)))
        assert set(choices) - words == set(), name


@pytest.mark.parametrize(("heading", "struct"), HEADINGS.items())
def test_the_reference_names_every_key_of_the_files(heading, struct):
    assert keys_of(struct) - named(chapters("files.md")[heading]) == set()


@pytest.mark.parametrize(("heading", "struct"), HEADINGS.items())
def test_the_reference_has_the_keys_that_must_be_there_in_bold(heading, struct):
    required = {one.encode_name for one in fields(struct) if one.required}
    assert set(re.findall(r"\*\*`(\w+)`\*\*", chapters("files.md")[heading])) == required


def test_the_reference_names_every_type_of_field():
    types = set(FieldType.__args__)
    assert types - named(chapters("files.md")["entries.toml"]) == set()
    assert len(types) == 11, "the tutorial says eleven"


def test_reference_lists_the_prefixes_and_field_names_that_are_taken():
    """Those of the built-in kinds; fields and methods that the class of a kind has."""
    text = chapters("files.md")["entries.toml"]
    (prefixes,) = re.findall(r"nor a built-in one: (.*?) \|", text)
    assert re.findall(r"`(\w+)`", prefixes) == sorted(one.PREFIX for one in BY_KIND.values())
    (own, words) = re.findall(r"every kind has \((.*?)\), and none of the words (.*?) \|", text)[0]
    assert set(re.findall(r"`(\w+)`", own)) == RESERVED
    public = {name for name in dir(OwnEntry) if name.islower() and not name.startswith("_")}
    taken = {name for name in public if callable(getattr(OwnEntry, name))} - RESERVED
    assert set(re.findall(r"`(\w+)`", words)) == taken
