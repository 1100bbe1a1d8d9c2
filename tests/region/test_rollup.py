"""Scores are rolled up by division; only towns under one measure and its readings are compared."""

from datetime import date
from decimal import Decimal

import pytest

from cli.output.region.scores import print_scores
from projections.region.messages import Fault, TownScores, UnitStanding
from projections.region.rollup import RollUp
from projections.region.running import Outcome
from projections.region.towns import Region, Town

OURS, OTHERS = "a" * 64, "b" * 64


def unit(name, total, *, flags=(), eligible=True, rank=1, within="", behind=False, still_open=0):
    return UnitStanding(name, name, rank, total, flags, eligible, None, still_open, within, behind)


def scores(*units, sha256=OURS, readings=None, year=2016):
    through = date(year, 11, 30)
    return TownScores(year, through, f"m-{sha256[0]}", sha256, readings or {"r": "x"}, units)


def outcome(values, *, lost=(), divisions=None):
    towns = tuple(Town(code, f"镇{code[-1]}", "", f"sqlite:///{code}") for code in [*values, *lost])
    faults = {code: Fault("NotALedgerError", ("gone",)) for code in lost}
    region = Region("样例省", {}, tuple(sorted(towns, key=lambda one: one.code)), divisions or {})
    return Outcome(region, values, dict.fromkeys(values, 7), faults)


@pytest.mark.parametrize(
    ("digits", "prefixes"),
    [
        (2, {"43": 3}),
        (4, {"4306": 2, "4307": 1}),
        (6, {"430681": 1, "430682": 1, "430701": 1}),
        (9, {"430681101": 1, "430682": 1, "430701101": 1}),
    ],
)
def test_divisions_are_prefixes_of_codes_and_a_short_code_is_its_own(digits, prefixes):
    towns = dict.fromkeys(["430681101001", "430682", "430701101"], scores(unit("V1", "100")))
    rows = RollUp(outcome(towns), digits).divisions()
    assert {row.prefix: row.answered for row in rows} == {**prefixes, "": 3}


def test_a_division_has_the_figures_of_its_units_and_how_many_of_its_towns_answered():
    values = {
        "430681101": scores(unit("V1", "100"), unit("V2", "90.5", flags=("yellow",), still_open=2)),
        "430681102": scores(unit("V1", "-3.25", flags=("red",), eligible=False, still_open=1)),
    }
    found = RollUp(
        outcome(values, lost=["430681103", "430682101"], divisions={"430681": "某县"}), 6
    )
    one, without, whole = found.divisions()
    # (100 + 90.5 − 3.25) / 3 = 62.41666…
    figures = (3, Decimal("62.42"), Decimal("-3.25"), Decimal(100), 2, 1, 3)
    assert one == ("430681", "某县", 1, 2, 3, *figures)
    assert without == ("430682", "", None, 0, 1, 0, None, None, None, 0, 0, 0)
    assert whole == ("", "样例省", 1, 2, 4, *figures)


def test_towns_are_apart_by_measure_readings_and_year_and_the_reason_is_named():
    values = {
        "430681101": scores(unit("V1", "99"), sha256=OTHERS),
        "430681102": scores(unit("V1", "98"), readings={"r": "y"}),
        "430681103": scores(unit("V1", "97")),
        "430681104": scores(unit("V1", "96")),
        "430681105": scores(unit("V1", "95"), year=2015),
    }
    found = RollUp(outcome(values), 4)
    assert [([town.code[-1] for town in one.towns], one.differs) for one in found.groups] == [
        (["3", "4"], ""),
        (["1"], "another measure: m-b (bbbbbbbbbbbb)"),
        (["2"], "another reading: r = y, not x"),
        (["5"], "2015 through 2015-11-30"),
    ]
    ranks = [(one.group, one.town.code[-1], one.rank) for one in found.units()]
    assert ranks == [(1, "3", 1), (1, "4", 2), (2, "1", 1), (3, "2", 1), (4, "5", 1)]
    rows = found.divisions()
    assert [(row.prefix, row.group, row.answered, row.asked) for row in rows] == [
        (prefix, group, 2 if group == 1 else 1, 5)
        for prefix in ("4306", "")
        for group in (1, 2, 3, 4)
    ]


def test_units_are_ranked_as_in_a_town_with_ties_within_their_type_and_some_behind_all():
    values = {
        "430681101": scores(
            unit("V1", "100", within="village"),
            unit("V2", "130", within="village", behind=True),
            unit("F1", "50", within="farm"),
        ),
        "430681102": scores(
            unit("V1", "100", within="village"), unit("V3", "9.5", within="village")
        ),
        "430681103": scores(unit("F9", "60", within="farm", rank=None)),
    }
    found = RollUp(outcome(values), 6).units()
    assert [(one.town.code[-1], one.standing.unit, one.rank) for one in found] == [
        ("3", "F9", None),
        ("1", "F1", 2),
        ("1", "V1", 1),
        ("2", "V1", 1),
        ("2", "V3", 3),
        ("1", "V2", 4),
    ]


def test_ranks_within_a_type_have_the_type_beside_them(capsys):
    village, farm = unit("V1", "100", within="village"), unit("F1", "50", within="farm")
    none = unit("X1", "70")
    for units, rows in (
        ((village, farm, none), [("F1", "farm"), ("V1", "village"), ("X1", None)]),
        ((none,), [("X1", None)]),
    ):
        found = outcome({"430681101": scores(*units)})
        print_scores(found, RollUp(found, 6), units=True)
        lines = capsys.readouterr().out.splitlines()
        (head,) = (number for number, line in enumerate(lines) if "rank in the town" in line)
        assert ("ranked within" in lines[head]) == (len(units) > 1)
        shown = [line.split() for line in lines if line.split()[:2] == ["1", "430681101"]]
        expected = [["1", "430681101", "镇1", u, u, *([w] if w else [])] for u, w in rows]
        assert [cells[:-2] for cells in shown] == expected


def test_a_region_in_which_nobody_answers_has_a_row_all_the_same():
    found = RollUp(outcome({}, lost=["430681101"]), 6)
    assert found.groups == []
    assert [(row.prefix, row.answered, row.asked) for row in found.divisions()] == [
        ("430681", 0, 1),
        ("", 0, 1),
    ]
