"""Every sentence of the regulation has a clause, or a reason why it has none."""

import hashlib
import re
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

from projections import rulebook as rulebook_package
from projections.measure import built_in

HERE = Path(rulebook_package.__file__).parent
REGULATION = (HERE / "regulation.txt").read_bytes()
WALK = tomllib.loads((HERE / "sentences.toml").read_text(encoding="utf-8"))["sentence"]
MEASURE = tomllib.loads((HERE / "measure.toml").read_text(encoding="utf-8"))
RULEBOOK = built_in()

# The text as it was issued: no byte of it is ours to change.
PINNED = "94b210083d9a0a845617446cfde6badea8022f4b5c40c94f962cbec96519988a"

STATED = re.compile(r"\d+(?:\.\d+)?(?=分|%|件|小时|人以)")
"""A number of points, per cent, cases, hours or people."""

CONDITIONS = {"supervised-cases": ["到期化解率达到100%"]}
"""Numbers that are no amount: all of the cases, and not a share of them that could be another."""


def bare(text):
    """Return a text without its white space, which depends on the page layout."""
    return "".join(text.split())


TEXT = bare(REGULATION.decode())


def walked(slug):
    """Return all sentences that `sentences.toml` gives a clause."""
    return bare("".join(each["text"] for each in WALK if slug in each.get("clause", [])))


def exists(by):
    """Return whether the table, module or class that implements a sentence exists."""
    if by == "measure.toml [measure]":
        return "measure" in MEASURE
    if by.startswith("measure.toml [[total]] "):
        sections = by.removeprefix("measure.toml [[total]] ").split(", ")
        return set(sections) <= {total["section"] for total in MEASURE["total"]}
    if by.startswith("measure.toml [year] "):
        return MEASURE["year"]["slug"] == by.removeprefix("measure.toml [year] ")
    package, _, name = by.rpartition(".")
    if name[0].isupper():
        return hasattr(import_module(package), name)
    return bool(import_module(by).__doc__)


def test_copy_of_the_regulation_is_unchanged():
    assert hashlib.sha256(REGULATION).hexdigest() == PINNED


def test_sentences_are_the_whole_regulation():
    assert bare("".join(each["text"] for each in WALK)) == TEXT


@pytest.mark.parametrize("sentence", WALK, ids=[each["text"][:20] for each in WALK])
def test_sentence_has_a_clause_an_implementation_or_a_reason(sentence):
    answers = sentence.keys() - {"text"}
    assert len(answers) == 1, f"one of clause, by and reason: {answers}"
    assert answers <= {"clause", "by", "reason"}
    assert sentence["text"].strip() == sentence["text"] != ""
    if "clause" in sentence:
        assert sentence["clause"]
        assert set(sentence["clause"]) <= RULEBOOK.clauses.keys()
    elif "by" in sentence:
        assert exists(sentence["by"]), sentence["by"]
    else:
        assert re.match(r"[A-Z][a-z ]+.*\.$", sentence["reason"]), "a sentence in English"


def test_every_clause_is_named_by_a_sentence():
    named = {slug for sentence in WALK for slug in sentence.get("clause", [])}
    assert named == set(RULEBOOK.clauses)


def test_the_total_of_the_year_is_named_by_a_sentence():
    assert f"measure.toml [year] {RULEBOOK.adding.slug}" in {each.get("by") for each in WALK}


def test_every_section_is_named_by_a_sentence():
    named = " ".join(each.get("by", "") for each in WALK if "[[total]]" in each.get("by", ""))
    assert {total.section for total in RULEBOOK.totals} <= set(re.split(r"[ ,]+", named))


@pytest.mark.parametrize("slug", RULEBOOK.clauses)
def test_clause_quotes_the_regulation(slug):
    sentence = bare(RULEBOOK.clauses[slug].sentence.zh)
    assert sentence
    assert sentence in TEXT
    assert sentence.rstrip("；，。") in walked(slug), "the walk must name the clause for it"


@pytest.mark.parametrize("slug", RULEBOOK.clauses)
def test_every_amount_quotes_the_regulation(slug):
    for amount in RULEBOOK.clauses[slug].amount:
        assert bare(amount.quote) in TEXT, amount
        assert bare(amount.quote) in walked(slug), f"the walk places the clause elsewhere: {amount}"


@pytest.mark.parametrize("slug", RULEBOOK.clauses)
def test_no_number_of_the_regulation_is_left_without_an_amount(slug):
    """Each number in a clause's sentences is in the quote of one of its amounts."""
    text = walked(slug)
    covered = set()
    quotes = [bare(amount.quote) for amount in RULEBOOK.clauses[slug].amount]
    for quote in (*quotes, *CONDITIONS.get(slug, [])):
        for found in re.finditer(re.escape(quote), text):
            covered.update(range(*found.span()))
    bare_numbers = [
        text[max(0, found.start() - 10) : found.end() + 5]
        for found in STATED.finditer(text)
        if not covered.issuperset(range(*found.span()))
    ]
    assert not bare_numbers


def test_every_total_and_the_year_quote_the_regulation():
    for total in RULEBOOK.totals:
        assert bare(total.quote) in TEXT
    assert bare(RULEBOOK.adding.sentence.zh) in TEXT


def test_opening_points_of_a_quarter_are_those_of_its_headings():
    """（一）季度考核（20分/季度） = 基础工作（8分） + 非正常上访工作（12分）."""
    assert "季度考核（20分/季度）" in TEXT
    for section, heading in (
        ("basic_work", "基础工作（8分）"),
        ("abnormal_petitions", "非正常上访工作（12分）"),
    ):
        assert heading in TEXT
        assert f"（{RULEBOOK.openings[section]}分）" in heading
    assert RULEBOOK.openings["basic_work"] + RULEBOOK.openings["abnormal_petitions"] == 20


def test_inspection_items_add_up_to_their_headings():
    """年度考核（20分）, and each of its six headings."""
    assert "年度考核（20分）" in TEXT
    points = {
        clause.item: next(each.points for each in clause.amount if each.of == "inspection item")
        for clause in RULEBOOK.clauses.values()
        if clause.item is not None
    }
    assert sum(points.values()) == 20
    headings = {"1": 3, "2": 5, "3": 3, "4": 3, "5": 3, "6": 3}
    for heading, most in headings.items():
        found = [value for item, value in points.items() if item.split(".")[0] == heading]
        assert sum(found) == most, heading


def test_source_of_the_measure_is_named_in_the_regulation():
    assert RULEBOOK.source.number in TEXT
    assert RULEBOOK.source.name in TEXT
    assert "二〇一六年六月十日" in TEXT
    assert RULEBOOK.source.issued_on.isoformat() == "2016-06-10"
