"""The documents name every kind and field of entries, every command, JSON key and reading."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from cli.commands.measure import MeasureGroup
from cli.main import COMMANDS
from cli.schemas import NAMES, schema
from ledger.entries import BY_KIND
from projections.measure import built_in
from tests.support import nested

DOCS = Path(__file__).parents[1] / "docs"
TEXT = (DOCS / "contract.md").read_text(encoding="utf-8")
ENTRIES, COMMAND_TABLE, JSON = TEXT.split("\n## ")[1:]
OF_EVERY_KIND = {"id", "note", "evidence", "replaces", "kind"}


def row(kind):
    (found,) = re.findall(rf"^\| `{kind}` \| (.*) \|$", ENTRIES, re.MULTILINE)
    return found


@pytest.mark.parametrize("kind", BY_KIND)
def test_every_kind_has_its_fields_and_choices_and_says_which_may_be_left_out(kind):
    fields = {n: f for n, f in BY_KIND[kind].FIELDS.items() if n not in OF_EVERY_KIND}
    # "of the measure" and the like stand in brackets, and so do choices.
    named = re.findall(r"`(\w+)`(\?)?", re.sub(r"\([^()]*\)", "", row(kind)))
    assert dict(named) == {name: "" if one.required else "?" for name, one in fields.items()}
    same_as_a_batch = "(as of a batch)" in row(kind)
    for one in fields.values():
        assert same_as_a_batch or all(f"`{choice}`" in row(kind) for choice in one.choices)


def test_fields_of_every_kind_are_named():
    for name in OF_EVERY_KIND - {"kind"}:
        assert f"`{name}`" in ENTRIES.split("| kind |")[0]


def test_every_command_has_its_row_and_no_other():
    first = re.findall(r"^\| (`.*?) \| ", COMMAND_TABLE, re.MULTILINE)
    named = {name for cell in first for name in re.findall(r"`tally ([\w-]+)", cell)}
    assert named == set(COMMANDS)
    (measure,) = (cell for cell in first if "`tally measure" in cell)
    for name in MeasureGroup().list_commands(None):
        assert re.search(rf"(`|measure ){name}\b", measure), name


def keys(value):
    """Return the names of all properties within a schema."""
    return [name for one in nested(value) for name in one.get("properties", ())]


@pytest.mark.parametrize("name", NAMES)
def test_every_key_of_every_json_is_named(name):
    assert f"`{name.split()[-1]}`" in JSON or f"**`{name}`**" in JSON or f"schema {name}" in JSON
    for key in keys(schema(name)):
        assert f"`{key}`" in JSON or f'"{key}"' in JSON, key


def test_no_key_is_named_that_no_command_prints():
    """In the examples, but for the sections of the first measure."""
    known = {key for name in NAMES for key in keys(schema(name))}
    sections = {one.slug for one in built_in().sections.values()}
    assert set(re.findall(r'"(\w+)":', JSON)) <= known | sections


def test_the_slugs_are_those_of_the_first_measure():
    _, _, slugs = JSON.partition("Clause slugs of the first measure:")
    clauses = [slug for slug in built_in().clauses if not slug.startswith("inspection-")]
    named = re.findall(r"`([\w.-]+)`", slugs)
    assert [slug for slug in named if not slug.startswith("inspection-")] == clauses
    assert {"inspection-1.1", "inspection-6"} <= set(named) & set(built_in().clauses)


def test_complete_examples_are_json():
    for example in re.findall(r"```json\n(.*?)```", JSON, re.DOTALL):
        if "{…}" not in example:
            assert json.loads(example)


def test_every_reading_has_its_default_and_its_other_values_in_the_page_of_readings():
    page = (DOCS / "readings.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| `")]
    measure = built_in()
    for reading in measure.readings.values():
        (row,) = (one for one in rows if f"`{reading.name}`" in one.split(" | ")[0])
        _, default, others = row.split(" | ")
        assert f"`{reading.default}`" in default, reading.name
        for one in reading.value:
            assert f"`{one.value}`" in (default if one.value == reading.default else others)
