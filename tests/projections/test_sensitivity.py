"""What each reading moves, alone and with another: against the oracle and against scoring anew."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import combinations

import pytest

from projections.measure import built_in, case_entries, load_measure, read_measure, shipped
from projections.measure.cases import cases_of
from projections.query import YearQuery
from projections.rescoring import Rescoring
from projections.scores import score_year
from projections.sensitivity import alternative_values, sensitivity
from tests.oracle import bare, scorer, unverified_ids
from tests.oracle.books import RULINGS
from tests.oracle.generate import ledger
from tests.oracle.test_oracle import with_ruling
from tests.projections.folders import (
    amount,
    clause,
    kind_of_entry,
    reading,
    section,
    small_measure,
    state_of,
)
from tests.support import state

DAY = date(2016, 11, 30)


def rescored(seed, n_entries, *, provisional=False):
    """Return the entries of a seed, and its year 2016 ready for other readings."""
    entries = ledger(seed, n_entries=n_entries, rulings=20 if seed % 2 else 3)
    known = state(bare(entries), unverified=unverified_ids(entries))
    return entries, known, Rescoring(known, built_in(), YearQuery(2016, DAY, provisional))


def of_oracle(entries, *, provisional=False):
    """Return (total, rank, flags) by unit, by the oracle."""
    scored = scorer.score(entries, 2016, DAY.isoformat(), provisional=provisional)["units"]
    return {one["unit"]: (one["total"], one["rank"], one["flags"]) for one in scored}


def moved(before, after):
    """Return what differs, as the contract has it."""
    fields = ("total", "rank", "flags")
    return {
        unit: {
            name: {"from": one, "to": other} for name, one, other in zip(fields, *both, strict=True)
        }
        for unit, *both in ((unit, before[unit], after[unit]) for unit in before)
        if both[0] != both[1]
    }


def told(units):
    """Return the moves of an alternative in JSON by unit, without names."""
    return {one["unit"]: {key: one[key] for key in ("total", "rank", "flags")} for one in units}


def against_the_oracle(seed, n_entries):
    """Compare what every value of every reading moves with the oracle."""
    provisional = seed % 3 == 0
    entries, _, rescoring = rescored(seed, n_entries, provisional=provisional)
    before = of_oracle(entries, provisional=provisional)
    assert rescoring.town.readings.keys() == RULINGS.keys()
    for name, values in RULINGS.items():
        # Without other values of the other readings there are no pairs to be scored.
        tried = {**dict.fromkeys(RULINGS, ()), name: values}
        (one,) = sensitivity(rescoring, name, tried).as_json()["readings"]
        found = [other["value"] for other in one["alternatives"]]
        assert sorted([*found, one["value"]]) == sorted(values)
        for other in one["alternatives"]:
            ruled = with_ruling(entries, name, other["value"])
            after = of_oracle(ruled, provisional=provisional)
            assert told(other["units"]) == moved(before, after), (seed, name, other["value"])


@pytest.mark.parametrize("seed", range(4))
def test_every_alternative_moves_what_the_oracle_moves(seed):
    """Totals, ranks and flags of all units, under every value of every reading."""
    against_the_oracle(seed, 120)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2000, 2100))
def test_every_alternative_moves_what_the_oracle_moves_in_long_ledgers(seed):
    """The same of 100 ledgers of 150 to 350 entries."""
    against_the_oracle(seed, 150 + seed % 3 * 100)


def standings(scores):
    return {one.unit: (one.total, one.rank, one.flags) for one in scores.units}


def scored_anew(known, rescoring, query, changed):
    """Return what every unit has with all clauses judged anew, and nothing kept."""
    town = rescoring.town
    readings = {**town.readings, **changed}
    scores = score_year(
        known, town.measure, *query[:2], provisional=query.provisional, readings=readings
    )
    return standings(scores)


def interacting(now, both, one, other):
    """Return whether two readings interact in a unit, by the definition in words."""
    added = one[0] + other[0] - now[0]
    kept = {flag for flag in now[2] if flag in one[2] and flag in other[2]}
    new = {flag for flag in (*one[2], *other[2]) if flag not in now[2]}
    return (
        both[0] != added
        or set(both[2]) != kept | new
        or (both[1] != now[1] and one[1] == now[1] and other[1] == now[1])
    )


def first(scored):
    return {unit for unit, (_, rank, _) in scored.items() if rank == 1}


def against_all_pairs(known, measure, query):
    """Compare every alternative and every pair with scoring the whole year anew."""
    rescoring = Rescoring(known, measure, query)
    town = rescoring.town
    found = sensitivity(rescoring)
    values = [
        (name, value)
        for name, one in measure.readings.items()
        for value in alternative_values(one, town)
    ]
    now = standings(rescoring.present)
    assert now == scored_anew(known, rescoring, query, {})
    alone = {one: scored_anew(known, rescoring, query, dict([one])) for one in values}
    for one, after in alone.items():
        assert standings(rescoring.under(dict([one]))) == after, one
    expected, firsts = {}, []
    for one, other in combinations(values, 2):
        if one[0] == other[0]:
            continue
        both = scored_anew(known, rescoring, query, dict([one, other]))
        assert standings(rescoring.under(dict([one, other]))) == both, (one, other)
        units = [
            unit
            for unit in now
            if interacting(now[unit], both[unit], alone[one][unit], alone[other][unit])
        ]
        if units:
            expected[one, other] = {unit: both[unit] for unit in units}
        if first(both) != first(now) == first(alone[one]) == first(alone[other]):
            firsts.append((one, other))
    assert {
        one.values: {
            unit.move.unit: (unit.move.after.total, unit.move.after.rank, unit.move.after.flags)
            for unit in one.units
        }
        for one in found.pairs
    } == expected
    assert list(found.firsts) == firsts
    return found


@pytest.mark.parametrize("seed", [1])
def test_pairs_are_those_that_scoring_all_pairs_anew_finds(seed):
    """Judging only clauses that ask for both readings leaves no interaction out."""
    _, known, _ = rescored(seed, 100)
    found = against_all_pairs(known, built_in(), YearQuery(2016, DAY))
    assert found.pairs, "the ledger tries nothing"


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2100, 2112))
def test_pairs_are_those_that_scoring_all_pairs_anew_finds_in_long_ledgers(seed):
    _, known, _ = rescored(seed, 150 + seed % 3 * 100)
    against_all_pairs(known, built_in(), YearQuery(2016, DAY, seed % 2 == 0))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2200, 2220))
def test_two_readings_move_what_the_oracle_moves(seed):
    entries, _, rescoring = rescored(seed, 200)
    in_force = rescoring.town.readings
    values = [(name, one) for name in RULINGS for one in RULINGS[name] if one != in_force[name]]
    pairs = [pair for pair in combinations(values, 2) if pair[0][0] != pair[1][0]]
    for one, other in pairs[seed % 7 :: 7]:
        ruled = with_ruling(with_ruling(entries, *one), *other)
        scores = rescoring.under(dict([one, other]))
        ours = {
            unit: (f"{total.normalize():f}" if total else "0", rank, list(flags))
            for unit, (total, rank, flags) in standings(scores).items()
        }
        assert ours == of_oracle(ruled), (seed, one, other)


def test_a_pair_of_two_clauses_judges_nothing_again():
    """Late screening reports and sites for visits are read by no common clause."""
    _, _, rescoring = rescored(5, 120)
    rescoring.under({"late_until": "always"})
    rescoring.under({"research_site_per": "year"})
    judged = rescoring.judged
    rescoring.under({"late_until": "always", "research_site_per": "year"})
    assert rescoring.judged == judged


def test_a_reading_judges_the_clauses_that_ask_for_it_and_no_other():
    """三（一）2 alone asks for the tier of 30 people."""
    _, _, rescoring = rescored(5, 120)
    assert rescoring.judged == len(built_in().clauses)
    rescoring.under({"thirty_people": "31+"})
    assert rescoring.judged == len(built_in().clauses) + 1
    rescoring.under({"veto_rank": "last"})
    assert rescoring.judged == len(built_in().clauses) + 1


def test_few_of_all_pairs_are_judged():
    """Of 27 clauses under some 400 pairs of values, fewer than 200 are judged."""
    _, _, rescoring = rescored(5, 120)
    found = sensitivity(rescoring)
    assert found.judged < 200


def against_cases(name, cases):
    """Compare the worked cases of a measure with scoring them anew."""
    measure = load_measure(read_measure(name))
    for placed in cases_of(measure.content)[cases]:
        year = placed.case.year or measure.source.year
        known = case_entries.state_of(case_entries.entries_of(placed.case, measure, year), measure)
        against_all_pairs(known, measure, YearQuery(year, measure.calendar.last_day(year)))


OTHERS = [one for one in shipped() if one != "qianlianghu-2016"]


@pytest.mark.parametrize("name", OTHERS)
def test_cases_of_the_other_measures_move_as_scored_anew(name):
    """Days from which on a year counts, bounds of sections and scales are in the sums too."""
    against_cases(name, slice(5, None, 40))


@pytest.mark.slow
@pytest.mark.parametrize("name", OTHERS)
def test_all_cases_of_the_other_measures_move_as_scored_anew(name):
    against_cases(name, slice(None, None, 3))


def test_a_number_that_an_amount_states_is_tried_at_the_numbers_of_its_clause():
    """三（一）2 states ×1.5 and ×2 (加扣50%, 加倍扣分); ×0.5, ×0.7 and ×0.3 add nothing."""
    _, _, rescoring = rescored(4, 60)
    town = rescoring.town
    values = {name: alternative_values(one, town) for name, one in built_in().readings.items()}
    assert values["overstay_factor"] == ("1.5", "2")
    assert values["information_valid"] == ("ever",)
    assert values["late_until"] == ("month_end", "quarter_end", "always")


GAIN = kind_of_entry("gain", {"on": "date", "number": "integer"})


def measure_with_places():
    """Return a measure of gains, 1 or 2 points for each, at most 6, and 5 or 9 for first place."""
    worth, first = reading("worth", "1", "2"), reading("first", "five", "nine")
    most = reading("most", "6", "3")
    gains = clause(
        "gain", "occurrence", entry="gain", base="gain", section="gains",
        amount=[amount("gain", points={"reading": "worth"}, times="number")],
        reading=[worth, most], cap={"reading": "most"},
    )  # fmt: skip
    more = clause(
        "more", "occurrence", entry="gain", base="more", section="gains",
        amount=[amount("more", points="1")], cap={"reading": "most"}, together_with=["gain"],
    )  # fmt: skip
    of_first = {"points": "5", "when": {"place": "1"}, "condition": {"first": "five"}}
    places = clause(
        "place", "rank", section="places", reading=[first],
        amount=[
            amount("place", **of_first),
            amount("place", **{**of_first, "points": "9", "condition": {"first": "nine"}}),
            amount("place", points="0", when={"place": "2-9"}),
        ],
    )  # fmt: skip
    sections = [section("gains"), section("places")]
    return small_measure(gains, more, places, entries=[GAIN], section=sections)


def test_places_and_bounds_move_with_readings():
    """By hand: V1 gains 4 + 1 = 5, V2 2 + 1 = 3; V1 has the 5 of first place: 10.

    `worth` = 2: V1 8 cut to 6, its more cut to 0; V2 4 + 1 = 5: V1 6 + 5 = 11. `most` = 3: V1 4 cut
    to 3, more cut to 0, V2 2 + 1 = 3: both are first, with 3 + 5 = 8. `first` = nine: V1 14.
    Both of `worth` = 2 and `most` = 3: 3 each and first, 8; added up it would be V1 9.
    """
    measure = measure_with_places()
    entries = [
        *({"kind": "unit", "id": one, "name": one, "type": "village"} for one in ("V1", "V2")),
        {"kind": "gain", "on": "2021-02-01", "unit": "V1", "number": 4},
        {"kind": "gain", "on": "2021-02-01", "unit": "V2", "number": 2},
    ]
    query = YearQuery(2021, date(2021, 12, 31))
    found = against_all_pairs(state_of(measure, entries), measure, query)
    totals = {
        (one.reading, one.value): {move.unit: move.after.total for move in one.moves}
        for one in found.alternatives()
    }
    assert totals == {
        ("worth", "2"): {"V1": Decimal(11), "V2": Decimal(5)},
        ("most", "3"): {"V1": Decimal(8), "V2": Decimal(8)},
        ("first", "nine"): {"V1": Decimal(14)},
    }
    assert found.alternatives()[0].reading == "most", "it alone moves first place"
    pairs = {one.values: [unit.move.unit for unit in one.units] for one in found.pairs}
    assert pairs[("worth", "2"), ("most", "3")] == ["V1", "V2"]
    assert (("worth", "2"), ("first", "nine")) not in pairs


def test_the_first_day_and_a_scale_move_with_readings():
    """By hand: 4 in February and 2 in August are 6 points.

    Counted from July: 2. Scaled from 8 attainable points to 10: 7.5. Both: 2.5, not 6 − 4 + 1.5.
    """
    since, scaled = reading("since", "january", "july"), reading("scaled", "no", "yes")
    days = {"january": "2021-01-01", "july": "2021-07-01"}
    gains = clause(
        "gain", "occurrence", entry="gain", base="gain",
        amount=[amount("gain", points="1", times="number")],
    )  # fmt: skip
    scale = {
        "sections": ["points"],
        "attainable": "8",
        "out_of": "10",
        "places": 2,
        "citation": "一",
    }
    measure = small_measure(
        gains,
        entries=[GAIN],
        reading=[since, scaled],
        calendar={"citation": "一", "counts_from": {"reading": "since", "is": days}},
        scale=[{**scale, "paraphrase": "略", "if": {"scaled": "yes"}}],
    )
    entries = [
        {"kind": "unit", "id": "V1", "name": "V1", "type": "village"},
        {"kind": "gain", "on": "2021-02-01", "unit": "V1", "number": 4},
        {"kind": "gain", "on": "2021-08-01", "unit": "V1", "number": 2},
    ]
    query = YearQuery(2021, date(2021, 12, 31))
    found = against_all_pairs(state_of(measure, entries), measure, query)
    assert {
        (one.value, *(move.after.total for move in one.moves)) for one in found.alternatives()
    } == {
        ("july", Decimal(2)),
        ("yes", Decimal("7.5")),
    }
    ((unit,),) = (one.units for one in found.pairs)
    assert unit.move.after.total == Decimal("2.5")
