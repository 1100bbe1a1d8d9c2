"""Every sentence of the regulation has a clause, or a reason why it has none."""

import hashlib
import re
import tomllib
from importlib import import_module

import pytest

from projections.measure import BUILT_IN, built_in, read_measure

CONTENT = read_measure(BUILT_IN)
REGULATION = CONTENT["text.txt"]
WALK = tomllib.loads(CONTENT["sentences.toml"])["sentence"]
HEAD = tomllib.loads(CONTENT["measure.toml"])
MEASURE = built_in()

# The text as it was issued: no byte of it is ours to change.
PINNED = "94b210083d9a0a845617446cfde6badea8022f4b5c40c94f962cbec96519988a"

STATED = re.compile(r"\d+(?:\.\d+)?(?=分|%|件|小时|人以)")
"""A number of points, per cent, cases, hours or people."""

CONDITIONS = {"supervised-cases": ["到期化解率达到100%"]}
"""Numbers that are no amount: all of the cases, and not a share of them that could be another."""


def bare(text):
    """Return a text without its white space, which depends on the page layout."""
    return "".join(text.split())


TEXT = bare(REGULATION)


def walked(slug):
    """Return all sentences that `sentences.toml` gives a clause."""
    return bare("".join(each["text"] for each in WALK if slug in each.get("clause", [])))


def exists(by):
    """Return whether the table or the class that implements a sentence exists."""
    table = re.fullmatch(r"measure\.toml \[+([a-z]+)\]+(?: (.+))?", by)
    if table is None:
        package, _, name = by.rpartition(".")
        return hasattr(import_module(package), name)
    found, slugs = HEAD[table[1]], table[2]
    of_tables = {one.get("slug") for one in (found if isinstance(found, list) else [found])}
    return slugs is None or set(slugs.split(", ")) <= of_tables


def test_copy_of_the_regulation_is_unchanged():
    assert hashlib.sha256(REGULATION.encode()).hexdigest() == PINNED


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
        assert set(sentence["clause"]) <= MEASURE.clauses.keys()
    elif "by" in sentence:
        assert exists(sentence["by"]), sentence["by"]
    else:
        assert re.match(r"[A-Z][a-z ]+.*\.$", sentence["reason"]), "a sentence in English"


def test_every_clause_is_named_by_a_sentence():
    named = {slug for sentence in WALK for slug in sentence.get("clause", [])}
    assert named == set(MEASURE.clauses)


def test_the_total_of_the_year_is_named_by_a_sentence():
    assert f"measure.toml [total] {MEASURE.adding.slug}" in {each.get("by") for each in WALK}


def test_every_section_is_named_by_a_sentence():
    named = " ".join(each.get("by", "") for each in WALK if "[[section]]" in each.get("by", ""))
    assert MEASURE.sections.keys() <= set(re.split(r"[ ,]+", named))


@pytest.mark.parametrize("slug", MEASURE.clauses)
def test_clause_quotes_the_regulation(slug):
    sentence = bare(MEASURE.clauses[slug].sentence.zh)
    assert sentence
    assert sentence in TEXT
    assert sentence.rstrip("；，。") in walked(slug), "the walk must name the clause for it"


@pytest.mark.parametrize("slug", MEASURE.clauses)
def test_every_amount_quotes_the_regulation(slug):
    for amount in MEASURE.clauses[slug].amount:
        assert bare(amount.quote) in TEXT, amount
        assert bare(amount.quote) in walked(slug), f"the walk places the clause elsewhere: {amount}"


@pytest.mark.parametrize("slug", MEASURE.clauses)
def test_no_number_of_the_regulation_is_left_without_an_amount(slug):
    """Each number in a clause's sentences is in the quote of one of its amounts."""
    text = walked(slug)
    covered = set()
    quotes = [bare(amount.quote) for amount in MEASURE.clauses[slug].amount]
    for quote in (*quotes, *CONDITIONS.get(slug, [])):
        for found in re.finditer(re.escape(quote), text):
            covered.update(range(*found.span()))
    bare_numbers = [
        text[max(0, found.start() - 10) : found.end() + 5]
        for found in STATED.finditer(text)
        if not covered.issuperset(range(*found.span()))
    ]
    assert not bare_numbers


def test_every_section_and_the_total_quote_the_regulation():
    for section in MEASURE.sections.values():
        assert bare(section.quote) in TEXT
    assert bare(MEASURE.adding.sentence.zh) in TEXT


def test_opening_points_of_a_quarter_are_those_of_its_headings():
    """（一）季度考核（20分/季度） = 基础工作（8分） + 非正常上访工作（12分）."""
    assert "季度考核（20分/季度）" in TEXT
    for section, heading in (
        ("basic_work", "基础工作（8分）"),
        ("abnormal_petitions", "非正常上访工作（12分）"),
    ):
        assert heading in TEXT
        assert f"（{MEASURE.sections[section].opening}分）" in heading
    assert sum(section.opening for section in MEASURE.of_a_period) == 20


def test_inspection_items_add_up_to_their_headings():
    """年度考核（20分）, and each of its six headings."""
    assert "年度考核（20分）" in TEXT
    points = {
        clause.parameters.item: next(each.points for each in clause.amount if each.of == "full")
        for clause in MEASURE.clauses.values()
        if clause.kind == "graded"
    }
    assert sum(points.values()) == 20
    headings = {"1": 3, "2": 5, "3": 3, "4": 3, "5": 3, "6": 3}
    for heading, most in headings.items():
        found = [value for item, value in points.items() if item.split(".")[0] == heading]
        assert sum(found) == most, heading


def test_year_and_its_quarters_are_those_of_the_regulation():
    """四.1 states the year, and "quarterly" alone: the quarters are an assumption."""
    assert "年度考核周期为2015年12月1日至2016年11月30日" in TEXT
    year = MEASURE.source.year
    span = MEASURE.calendar.span(year)
    assert (f"{span.first}", f"{span.last}") == ("2015-12-01", "2016-11-30")
    assert [f"{one.name} {one.first} {one.last}" for one in MEASURE.calendar.periods(year)] == [
        "2016Q1 2015-12-01 2016-02-29",
        "2016Q2 2016-03-01 2016-05-31",
        "2016Q3 2016-06-01 2016-08-31",
        "2016Q4 2016-09-01 2016-11-30",
    ]


def test_source_of_the_measure_is_named_in_the_regulation():
    assert MEASURE.source.number in TEXT
    assert MEASURE.source.name in TEXT
    assert "二〇一六年六月十日" in TEXT
    assert MEASURE.source.issued_on.isoformat() == "2016-06-10"
