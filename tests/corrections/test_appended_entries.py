"""What `correct` and `reverse` append: entries of every kind, and their ids."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tests.cli.entries import OF_EACH_KIND, UNITS, batch
from tests.corrections.office import correct_words, reverse_words

CORRECTIONS = {
    f"{case['id']} {case.get('case', '')}".strip(): case
    for case in tomllib.loads(
        (Path(__file__).parent / "cases" / "fields.toml").read_text(encoding="utf-8")
    )["correction"]
}
OF_EVERY_CASE = pytest.mark.parametrize("case", CORRECTIONS.values(), ids=CORRECTIONS)
EVERY_KIND = [*UNITS, *(entry for entry in OF_EACH_KIND if "C-1." not in entry["id"])]

CORRECT = correct_words("B-1", "headcount=12")
REVERSE = reverse_words("B-1")


def test_the_cases_correct_every_kind_but_reversals():
    kinds = {entry["id"]: entry["kind"] for entry in OF_EACH_KIND}
    corrected_kinds = {kinds[case["id"]] for case in CORRECTIONS.values()}
    assert corrected_kinds | {"reversal"} == set(kinds.values())
    assert len(set(kinds.values())) == 18


@OF_EVERY_CASE
def test_the_replacement_keeps_the_fields_that_are_not_set(office, case):
    """It has the fields set and all others of the entry; both name each other."""
    entry = case["id"]
    office.take_in(*EVERY_KIND)
    office.correct(entry, *case["set"])
    old = office("history", entry, "--json").ok().json
    new = office("history", f"{entry}.2", "--json").ok().json
    content = {**old["events"][0]["content"], **case["fields"]}
    for field in case.get("removed", []):
        content.pop(field)
    assert new["events"][0]["content"] == {**content, "id": f"{entry}.2", "replaces": entry}
    assert (old["replaced_by"], new["replaces"]) == ([f"{entry}.2"], entry)
    assert [event["event"] for event in old["events"]] == ["recorded", "verified", "reversed"]
    assert old["events"][2]["in_effect"]
    assert (old["events"][2]["by_entry"], old["events"][2]["reason"]) == (f"{entry}.R", "录错")


@OF_EVERY_CASE
def test_diff_shows_for_every_kind_what_the_preview_showed(office, case):
    """In each year of the preview, once the correction is verified."""
    entry = case["id"]
    office.take_in(*EVERY_KIND)
    shown = office(*correct_words(entry, *case["set"]), "--dry-run", "--json").ok().json
    office.correct(entry, *case["set"])
    for year in shown["preview"]:
        words = ["diff", "--from", shown["position"], "--year", year["year"], "--json"]
        changed = [unit for unit in year["units"] if unit["before"] or unit["after"]]
        assert office(*words).ok().json["units"] == changed


# ---- ids
def ids(office):
    """Return the ids of all entries in the order in which they were recorded."""
    ledger = office.ledger()
    try:
        return list(ledger.state().entries)
    finally:
        ledger.store.close()


def test_reversal_and_replacement_are_named_after_the_entry(town):
    town.correct("B-1", "headcount=4")
    assert ids(town)[-2:] == ["B-1.R", "B-1.2"]
    town.correct("B-1.2", "headcount=5")
    assert ids(town)[-2:] == ["B-1.2.R", "B-1.2.2"]
    town.reverse("B-1.2.2")
    assert ids(town)[-1:] == ["B-1.2.2.R"]


def test_ids_that_other_entries_have_are_passed_over(town):
    town.take_in(*(batch(number) for number in ("B-1.R", "B-1.R2", "B-1.2", "B-1.3")))
    town.correct("B-1", "headcount=4")
    assert ids(town)[-2:] == ["B-1.R3", "B-1.4"]


@pytest.mark.parametrize(
    ("words", "appended"),
    [(CORRECT, ["B-1.R", "更/1"]), (REVERSE, ["更/1"])],
    ids=["correct", "reverse"],
)
def test_the_option_id_names_the_replacement_or_the_reversal(town, words, appended):
    town(*words, "--id", "更/1", "--yes").ok()
    assert ids(town)[-len(appended) :] == appended


@pytest.mark.parametrize("words", [CORRECT, REVERSE], ids=["correct", "reverse"])
def test_the_id_of_another_entry_is_refused(town, words):
    stored = town.stored()
    run = town(*words, "--id", "V001", "--yes").refused()
    assert run.err.startswith(
        "tally: V001: id: is the number of an entry of kind unit, recorded at position 2 by clerk; "
        "give this "
    )
    assert town.stored() == stored


def test_an_id_of_over_64_characters_is_refused_with_advice(office):
    long = "B" * 63  # two more for `.R`
    office.take_in(*UNITS, batch(long, matter="XF-1"))
    run = office(*reverse_words(long), "--yes").refused()
    assert run.err == (
        f"tally: {long}: id: {long}.R, the next free id, would be over 64 characters; where the "
        "command has --id, name it yourself\n"
        "tally: 1 refused; nothing was written\n"
    )
    office(*reverse_words(long), "--yes", "--id", "X-1").ok()
