"""The oracle alone: hand-computed cases, and the reach of the generator."""

from __future__ import annotations

import pytest

from tests.oracle import hand_cases
from tests.oracle.generate import RULINGS, ledger
from tests.oracle.scorer import score
from tests.oracle.view import READINGS

CASES = hand_cases.load()


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_case_is_scored_as_computed_by_hand(case):
    """The oracle gives what the text gives."""
    scored = score(case.entries, case.year, case.through, provisional=case.provisional)["units"]
    units = {unit["unit"]: unit for unit in scored}
    assert case.text
    assert case.expect or case.order
    for name, expected in case.expect.items():
        assert expected
        found = {key: hand_cases.value_of(units[name], key) for key in expected}
        assert found == expected
    if case.order is not None:
        assert list(units) == case.order


def test_names_of_cases_are_unique():
    """A failing case can be found by its name."""
    names = [case.name for case in CASES]
    assert sorted(names) == sorted(set(names))


def test_every_value_of_every_reading_decides_a_case():
    """No other value of a reading, put in its place, leaves all cases as they are."""
    undecided = []
    for reading in READINGS.keys() - {"quarter_order"}:
        for value in RULINGS[reading]:
            others = [other for other in RULINGS[reading] if other != value]
            undecided += [
                (reading, value, other)
                for other in others
                if not any(
                    in_force(case, reading) == value and differs(case, reading, other)
                    for case in CASES
                )
            ]
    assert undecided == []


def in_force(case, reading):
    """Return the value of a reading in a case."""
    ruled = [e["value"] for e in case.entries if e.get("reading") == reading]
    return ruled[0] if ruled else READINGS[reading]


def with_ruling(entries, reading, value, year=2016):
    """Return entries with a last ruling on a reading, which is in force."""
    ruling = {"kind": "ruling", "year": year, "reading": reading, "value": value, "basis": "裁定"}
    return [*entries, {"id": "RULING", **ruling, "_verified": True}]


def differs(case, reading, value):
    """Return whether another value of a reading would change what a case expects."""
    entries = with_ruling(case.entries, reading, value, case.year)
    scored = score(entries, case.year, case.through, provisional=case.provisional)["units"]
    units = {unit["unit"]: unit for unit in scored}
    return any(
        hand_cases.value_of(units[name], key) != one
        for name, expected in case.expect.items()
        for key, one in expected.items()
    )


@pytest.mark.parametrize("reading", sorted(READINGS.keys() - {"quarter_order"}))
def test_every_value_of_a_reading_moves_a_random_ledger(reading):
    """The generator reaches what each reading decides."""
    for value in RULINGS[reading]:
        if value == READINGS[reading]:
            continue
        assert any(
            score(with_ruling(entries, reading, value), 2016, "2016-11-30")
            != score(with_ruling(entries, reading, READINGS[reading]), 2016, "2016-11-30")
            for entries in map(ledger, range(60))
        ), value


def test_every_reading_has_its_default_first():
    """A ruling may also confirm what holds anyway."""
    assert {reading: values[0] for reading, values in RULINGS.items()} == READINGS


@pytest.mark.parametrize("seed", range(20))
def test_random_ledger_is_valid(seed):
    """References lead to earlier entries; what the contract refuses is not there."""
    known = {}
    reversed_ = set()
    for e in ledger(seed, rulings=20 if seed % 2 else 3):
        assert e["id"] not in known
        named = [e[f] for f in ("unit", "host_unit", "batch", "notice", "case", "of") if e.get(f)]
        assert all(one in known for one in [*named, *(e.get("units") or [])]), e
        outside = [u for u in [e.get("unit"), *(e.get("units") or [])] if is_outside(known, u)]
        assert not outside or e["kind"] in {"petition_batch", "on_site_response"}, e
        assert e.get("unit") is None or e["unit"] != e.get("host_unit"), e
        assert e.get("replaces") is None or e["replaces"] in reversed_, e
        if e["kind"] == "reversal":
            assert e["of"] not in reversed_
            assert known[e["of"]]["kind"] != "reversal"
            reversed_.add(e["of"])
        if e["kind"] == "ruling":
            assert e["value"] in RULINGS[e["reading"]]
        if e["kind"] == "inspection_finding":
            assert ("points" in e) != ("missing" in e)
            assert e["item"] != "1.2" or 0 <= e["missing"] <= 4
        if e["kind"] == "unit":
            assert e.get("assessed_from", "") <= e.get("assessed_until", "9")
        known[e["id"]] = e


def is_outside(known, unit):
    return unit is not None and known[unit]["type"] == "outside"


def test_random_ledgers_have_every_new_field():
    """Each field and value of the second edition occurs, left out and given."""
    entries = [e for seed in range(20) for e in ledger(seed)]
    seen = {(e["kind"], f, e[f]) for e in entries for f in e if isinstance(e[f], str | bool | int)}
    given = {(e["kind"], f) for e in entries for f in e}
    assert {
        ("unit", "type", "outside"),
        ("on_site_response", "arrival", "with"),
        ("criticism", "issuer", "national"),
        ("information_report", "as_required", False),
    } <= seen
    assert {
        ("unit", "assessed_from"),
        ("unit", "assessed_until"),
        ("unit", "group"),
        ("petition_batch", "basis"),
        ("petition_batch", "stay_minutes"),
        ("carried_quarter", "sections"),
    } <= given
    assert any(e["kind"] == "on_site_response" and "effective" not in e for e in entries)
    for item in ("3", "4", "6"):
        found = [e for e in entries if e.get("item") == item]
        assert any("points" in e for e in found)
        assert any("missing" in e for e in found)
