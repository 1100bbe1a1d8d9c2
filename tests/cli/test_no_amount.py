"""An entry for which the measure states no amount is named, and is corrected or taken back."""

from __future__ import annotations

from contextlib import closing
from datetime import date

import pytest

from ledger.application import Ledger
from ledger.stores import open_store
from projections.adopted import Measures
from projections.measure.amounts import NoAmountError
from tests.cli.test_measures_by_year import VILLAGE, total
from tests.projections.folders import amount, clause, kind_of_entry, scored, small_measure

FIRE = {"kind": "fire", "unit": "V1", "on": "2021-03-01", "cause": "grave"}
CLAUSE = "clause 一 (fires) of the measure of 2021 states "
REMEDY = (
    "; correct it (`tally correct {0}`) or take it back (`tally reverse {0}`), or adopt a measure "
    "for 2021 that states one amount (`tally measure adopt`)"
)


def measure():
    """Return a measure that states a point for fires up to 5 mu, and two for those over 90.

    `measure check` and `adopt` refuse it.
    """
    fires = kind_of_entry("fire", {"on": "date", "size": "integer", "cause": "text"}, prefix="FI")
    fires["title"] = {"zh": "火情", "en": "fire"}
    size, cause = fires["field"][1:]
    size |= {"min": "1", "title": {"zh": "过火面积", "en": "mu burnt"}}
    choices = [{"value": "grave", "zh": "祭扫", "en": "grave fire"}]
    cause |= {"type": "choice", "choices": choices, "title": {"zh": "起因", "en": "cause"}}
    amounts = [
        amount("fire", points="-1", when={"size": "1-5", "cause": ["grave"]}),
        amount("fire", points="-2", when={"size": "91-"}, since="2021-02-01"),
        amount("fire", points="-3", when={"size": "92-"}, since="2021-02-01"),
    ]
    for one in amounts[1:]:
        one["from"] = "2021-02-01"
    of_fires = clause("fires", "occurrence", entry="fire", base="fire", amount=amounts)
    return small_measure(of_fires, entries=[fires])


@pytest.fixture
def town(tally):
    """Return `tally` with two fires that the measure does not price, of 40 and of 41 mu."""
    found = measure()
    with closing(open_store(tally.url)) as store:
        service = Ledger(store, Measures, trust_clock=True)
        service.adopt(2021, found.id, found.content, "文件", "clerk")
        service.verify(["measure:2021"], "head")
    tally.take_in(
        VILLAGE,
        {**FIRE, "id": "F-1", "size": 3},
        {**FIRE, "id": "F-2", "size": 40, "on": "2021-03-02"},
        {**FIRE, "id": "F-3", "size": 41},
    )
    return tally


@pytest.mark.parametrize("words", [("score", "--year", "2021"), ("explain", "V1", "2021")])
def test_names_the_entries_their_values_and_the_remedy(town, words):
    err = town(*words).refused().err
    said = "no amount of “fire” for mu burnt 41, cause grave fire, day 2021-03-01: F-3, F-2"
    assert err == f"tally: {CLAUSE}{said}{REMEDY.format('F-3')}\n"


def test_names_an_entry_that_two_amounts_are_stated_for(town):
    town("reverse", "F-2", "F-3", "--reason", "误", "--by", "clerk").ok()
    town("verify", "--all", "--by", "head").ok()
    town.take_in({**FIRE, "id": "F-4", "size": 95})
    err = town("score", "--year", "2021").refused().err
    said = "2 amounts of “fire” for mu burnt 95, cause grave fire, day 2021-03-01: F-4"
    assert err == f"tally: {CLAUSE}{said}{REMEDY.format('F-4')}\n"


@pytest.mark.usefixtures("zh")
def test_speaks_chinese_in_the_words_of_the_measure(town):
    err = town("score", "--year", "2021").refused().err
    assert "过火面积 41、起因 祭扫、日期 2021-03-01" in err
    assert "fire" not in err.replace("fires", "")


def test_the_site_names_it_too(town):
    assert "F-3, F-2" in town("site", town.folder / "site").refused().err


def test_a_reversal_and_a_correction_mend_the_year(town):
    """The preview says that it cannot be computed; 3 mu and 4 mu cost a point each."""
    why = "What would change in 2021 cannot be computed: clause 一 (fires)"
    dry = town("reverse", "F-2", "--reason", "误", "--by", "clerk", "--dry-run", "--json").ok()
    (year,) = dry.json["preview"]
    assert (year["year"], year["units"]) == (2021, [])
    assert year["error"].startswith(CLAUSE)
    assert why in town("reverse", "F-2", "--reason", "误", "--by", "clerk").ok().out
    words = ("--set", "size=4", "--reason", "误", "--by", "clerk", "--yes")
    assert why in town("correct", "F-3", *words).ok().out
    assert why in town("verify", "--all", "--by", "head", "--dry-run").ok().out
    town("verify", "--all", "--by", "head").ok()
    assert total(town, 2021) == "-2"


def test_no_entry_is_named_where_a_report_that_is_owed_has_no_amount():
    """Nothing is stated for January; the fire is of another clause, and innocent."""
    missing = amount("report", points="-1", when={"state": ["late", "missing"]})
    missing["from"] = date(2021, 2, 1)
    made = small_measure(
        clause("due", "due", entry="report", each="month", amount=[missing]),
        clause(
            "fires", "occurrence", entry="fire", base="fire", amount=[amount("fire", points="-1")]
        ),
        entries=[
            kind_of_entry("report", {"on": "date"}, prefix="RP"),
            kind_of_entry("fire", {"on": "date"}),
        ],
    )
    with pytest.raises(NoAmountError) as raised:
        scored(made, [{"kind": "fire", "on": "2021-03-01"}])
    assert str(raised.value).endswith(
        "for state missing, day 2021-01-31; adopt a measure for 2021 that states one "
        "(`tally measure adopt`)"
    )
