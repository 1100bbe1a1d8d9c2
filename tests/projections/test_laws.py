"""Properties of every ledger: sums, order, shares, units, replay, days."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from functools import cache

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ledger.batch import row_of
from ledger.codec import VERIFIED
from ledger.state import LedgerState
from projections.measure import built_in
from projections.scores import score_year
from tests.oracle import bare, unverified_ids
from tests.oracle.generate import RULINGS, ledger
from tests.support import appended, scores, shown, state

BASIC_WORK = {"screening", "case-reports", "information", "basic_work"}
PETITIONS = {"abnormal-petitions", "abnormal_petitions"}
REWARDS = {
    "special-period",
    "commendation",
    "research-site",
    "supervised-cases",
    "no-collective",
    "rewards",
}
PENALTIES = {"criticism", "yellow-card", "penalties"}
"""The clauses of each section; the section's own slug is that of carried quarters."""

SEEDS = st.integers(0, 10**9)
YEARS = st.sampled_from([2015, 2016, 2016, 2016, 2017])
MONTH_AND_DAY = st.sampled_from([(11, 30), (12, 31), (2, 29), (3, 31), (6, 1), (8, 15), (11, 29)])

quick = settings(deadline=None, max_examples=40)


@st.composite
def queries(draw):
    """Draw a year, a day in or after it, and whether unverified entries count."""
    year, (month, day) = draw(YEARS), draw(MONTH_AND_DAY)
    if (month, day) == (2, 29) and year != 2016:
        day = 28
    return year, date(year, month, day), draw(st.booleans())


@cache
def random_entries(seed, units=5, length=90):
    return tuple(ledger(seed, units, length, rulings=12 if seed % 2 else 3))


def folded(entries):
    return state(bare(entries), unverified=unverified_ids(entries))


def by_unit(known, query, *, without=()):
    """Return the JSON of scores by unit, open points as a set, without some keys."""
    year, through, provisional = query
    scored = shown(score_year(known, built_in(), year, through, provisional=provisional))
    return {
        unit["unit"]: {
            **{key: value for key, value in unit.items() if key not in without},
            "open": {tuple(point.values()) for point in unit["open"]},
        }
        for unit in scored["units"]
    }


def total_of(postings, clauses, period=None):
    return sum(
        (
            posting.points
            for posting in postings
            if posting.clause in clauses and period in (None, posting.period)
        ),
        Decimal(0),
    )


@given(SEEDS, queries())
@quick
def test_postings_add_up_to_the_scores(seed, query):
    """Sections, quarters and totals are opening points plus the sums of postings."""
    year, through, provisional = query
    known = folded(random_entries(seed))
    for unit in score_year(known, built_in(), year, through, provisional=provisional).units:
        postings = unit.postings()
        for period in unit.periods:
            number = period.number
            basic = total_of(postings, BASIC_WORK, number)
            petitions = total_of(postings, PETITIONS, number)
            assert period.sections == {
                "basic_work": 8 + basic,
                "abnormal_petitions": 12 + petitions,
            }
            assert period.score == 20 + basic + petitions
            assert period.beside == {
                "rewards": total_of(postings, REWARDS, number),
                "penalties": -total_of(postings, PENALTIES, number),
            }
        inspection = {p.clause for p in postings if p.clause.startswith("inspection-")}
        of_year = {
            "inspection": total_of(postings, inspection),
            "rewards": total_of(postings, REWARDS),
            "penalties": -total_of(postings, PENALTIES),
        }
        assert unit.sections == of_year
        quarters = sum((period.score for period in unit.periods), Decimal(0))
        extra = of_year["inspection"] + of_year["rewards"] - of_year["penalties"]
        assert unit.total == quarters + extra
        sections = BASIC_WORK | PETITIONS | REWARDS | PENALTIES | inspection
        assert {posting.clause for posting in postings} <= sections
        begun = {period.number for period in unit.periods}
        assert {p.period for p in postings if p.period is not None} <= begun
        assert all(entry in known.entries for p in postings for entry in p.entries)


@given(SEEDS, st.integers(0, 10**6), queries())
@quick
def test_order_of_an_import_changes_nothing(seed, shuffle, query):
    """Shuffling the entries of an import changes no score, rank, flag or open point."""
    entries = list(random_entries(seed))
    before = by_unit(folded(entries), query)
    random.Random(shuffle).shuffle(entries)
    after = by_unit(folded(entries), query)
    assert list(before) == list(after)
    assert before == after


@st.composite
def shared_batches(draw):
    """Draw a batch with a liable and a host unit, their response, and rulings."""
    batch = {
        "kind": "petition_batch",
        "id": "B",
        "unit": "V1",
        "matter": "M",
        "level": draw(st.sampled_from(["national", "province", "city", "district", "town"])),
        "headcount": draw(st.sampled_from([1, 4, 5, 6, 10, 11, 30, 31, 50])),
        "occurred_at": "2016-04-10T09:00:00",
        "abnormal": draw(st.booleans()),
        "repeated": draw(st.booleans()),
    }
    answer = draw(
        st.none()
        | st.fixed_dictionaries(
            {
                "arrival": st.sampled_from(["ahead", "with", "prompt", "late", "absent"]),
            },
            optional={
                "effective": st.booleans(),
                "stay_minutes": st.sampled_from([0, 60, 61, 240, 241]),
            },
        )
    )
    rulings = [
        {
            "kind": "ruling",
            "id": f"RU-{reading}",
            "year": 2016,
            "reading": reading,
            "value": draw(st.sampled_from(RULINGS[reading])),
            "basis": "会议",
        }
        for reading in draw(st.sets(st.sampled_from(sorted(RULINGS)), max_size=5))
    ]
    return batch, answer, rulings


def petition_points(entries):
    return {unit.unit: total_of(unit.postings(), PETITIONS) for unit in scores(entries).units}


@given(shared_batches())
@settings(deadline=None, max_examples=100)
def test_shares_of_liable_and_host_unit_add_up_to_the_whole(drawn):
    """With equal responses the units get 70 % and 30 % of the points of one unit."""
    batch, answer, rulings = drawn
    units = [{"kind": "unit", "id": unit, "name": unit, "type": "village"} for unit in ("V1", "V2")]
    answers = [
        {"kind": "on_site_response", "id": f"R-{unit}", "unit": unit, "batch": "B", **answer}
        for unit in ("V1", "V2")
        if answer is not None
    ]
    whole = petition_points([*units, batch, *answers[:1], *rulings])
    shares = petition_points([*units, {**batch, "host_unit": "V2"}, *answers, *rulings])
    assert whole["V2"] == 0
    assert shares["V1"] == whole["V1"] * Decimal("0.7")
    assert shares["V2"] == whole["V1"] * Decimal("0.3")
    assert shares["V1"] + shares["V2"] == whole["V1"]


def renamed(entries, keep, matter=str):
    """Return entries under new ids (Z-…), except for the ids in `keep`.

    Args:
        entries: the entries.
        keep: the ids.
        matter: gives the new case number of a matter.
    """
    own = {e["id"] for e in entries} - keep

    def name(value):
        return f"Z-{value}" if value in own else value

    fields = ("id", "unit", "host_unit", "batch", "notice", "case", "of", "replaces")
    found = []
    for e in entries:
        new = {key: name(value) if key in fields else value for key, value in e.items()}
        if "units" in e:
            new["units"] = [name(unit) for unit in e["units"]]
        if "matter" in e:
            new["matter"] = matter(e["matter"])
        if "matters" in e:
            new["matters"] = list(map(matter, e["matters"]))
        found.append(new)
    return found


def without_the_towns(entries):
    """Return entries without those for all units and those that refer to these."""
    gone, left = set(), []
    for e in entries:
        refers = {e.get(field) for field in ("notice", "of", "replaces")}
        if e["kind"] in {"special_period", "notice", "ruling"} or refers & gone:
            gone.add(e["id"])
        else:
            left.append(e)
    return left


@given(SEEDS, SEEDS, queries())
@quick
def test_entries_of_an_unrelated_unit_change_only_ranks(seed, other, query):
    """Entries of another unit without shared batches or matters change no figure of a unit."""
    entries = random_entries(seed)
    neighbour = renamed(without_the_towns(random_entries(other, 1, 40)), set(), "Z-{}".format)
    before = by_unit(folded(entries), query, without=("rank",))
    after = by_unit(folded([*entries, *neighbour]), query, without=("rank",))
    strangers = after.keys() - before.keys()
    # The neighbour may be assessed in a part of the years alone.
    assert strangers == by_unit(folded(neighbour), query, without=("rank",)).keys()
    assert before == {unit: after[unit] for unit in after if unit not in strangers}


def rows_of(entries):
    """Return the rows of one import, verified except for those marked otherwise."""
    unverified = unverified_ids(entries)
    rows = [
        row
        for row in appended(bare(entries), LedgerState())
        if row.topic != VERIFIED or row.originator_id not in unverified
    ]
    return list(map(row_of, range(1, len(rows) + 1), rows))


@given(SEEDS, st.floats(0, 1), queries())
@quick
def test_folding_a_prefix_then_the_rest_equals_folding_all(seed, where, query):
    """Scoring between the two folds changes nothing either."""
    rows = rows_of(random_entries(seed))
    cut = int(where * len(rows))
    prefix_alone = by_unit(LedgerState().fold(rows[:cut]), query)
    growing = LedgerState().fold(rows[:cut])
    assert by_unit(growing, query) == prefix_alone
    growing.fold(rows[cut:])
    whole = LedgerState().fold(rows)
    assert growing.position == whole.position
    assert by_unit(growing, query) == by_unit(whole, query)


DATED = (
    "submitted_on",
    "issued_on",
    "held_on",
    "resolved_on",
    "due_on",
    "ends_on",
    "occurred_at",
    "submitted_at",
)


UNDATED = {"ruling", "inspection_finding", "carried_quarter", "reversal", "unit"}


def dated_after(entries, through, units):
    """Return entries dated after a day; none that are about a year, and no corrections."""
    taken_back = {e["of"] for e in entries if e["kind"] == "reversal"}
    kept, left = set(units), []
    for e in entries:
        if e["id"] in taken_back:
            continue
        if e["kind"] in UNDATED or e.get("replaces"):
            continue
        refers = [e[f] for f in ("unit", "host_unit", "batch", "notice", "case") if e.get(f)]
        if not kept.issuperset([*refers, *e.get("units", [])]):
            continue
        days = [date.fromisoformat(e[field][:10]) for field in DATED if field in e]
        # a moment with an offset is a day further on at the most: one day is left between
        if all((day - through).days > 1 for day in days):
            kept.add(e["id"])
            left.append(e)
    return left


@given(SEEDS, SEEDS, queries())
@quick
def test_entries_dated_after_the_day_change_nothing(seed, other, query):
    """Scores at the close of a day do not depend on later entries."""
    entries = random_entries(seed)
    units = {e["id"] for e in entries if e["kind"] == "unit" and not e.get("replaces")}
    later = renamed(dated_after(random_entries(other, 5, 200), query[1], units), units)
    assume(later)
    assert by_unit(folded(entries), query) == by_unit(folded([*entries, *later]), query)
