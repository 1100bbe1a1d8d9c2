"""Editions of a bulletin: the names of their periods, and what `check` finds of them."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec import structs

from ledger.events import EditionWithdrawn, FiguresPublished
from ledger.integrity.consistency import Consistency
from projections.measure import BUILT_IN, read_measure
from tests.cli.entries import UNITS, batch
from tests.corrections.office import END


@pytest.mark.parametrize("small", [10**9, 0], ids=["replayed", "by the read model"])
def test_a_bulletin_is_verified_under_its_period_in_any_case(town, monkeypatch, small):
    monkeypatch.setattr("ledger.read_model.SMALL", small)
    town("publish", "2016q2", *END, "--by", "office").ok()
    run = town("verify", "2016q2", "--by", "head").ok()
    assert "tally: 2016Q2, edition 1: 2 units through 2016-05-31" in run.err
    assert [one["event"] for one in town("history", "2016Q2", "--json").ok().json["events"]] == [
        "published",
        "verified",
    ]


def test_an_entry_whose_id_begins_as_a_year_is_verified_as_an_entry(town):
    town.take_in(batch(id="2016-0007", occurred_at="2016-05-02T09:00"), verify_by=None)
    run = town("verify", "2016-0007", "--by", "head", "--json").ok()
    assert (run.json["verified"], run.err) == (1, "")


@pytest.mark.parametrize("small", [10**9, 0], ids=["replayed", "by the read model"])
def test_a_bulletin_has_the_measures_own_name_of_its_period(office, monkeypatch, small):
    monkeypatch.setattr("ledger.read_model.SMALL", small)
    content = read_measure(BUILT_IN)
    head = content["measure.toml"].replace('key = "Q2"', 'key = "q2"')
    service = office.ledger()
    service.adopt(2016, "ours-2016", {**content, "measure.toml": head}, "三号文", "clerk")
    service.store.close()
    office.verify("measure:2016")
    office.take_in(*UNITS, batch())
    run = office("publish", "2016Q2", *END, "--by", "office", "--json").ok()
    assert (run.json["period"], run.json["edition"]) == ("2016q2", 1)
    assert "`tally verify 2016q2`" in run.err
    assert office("verify", "2016Q2", "--by", "head", "--json").ok().json["verified"] == 1
    found = office("diff", "--from", "2016Q2", *END, "--json").ok().json
    assert (found["period"], found["units"]) == ("2016q2", [])
    gone = office("withdraw", "2016Q2", "--reason", "数据有误", "--by", "head", "--json").ok().json
    assert (gone["period"], gone["withdrawn"], gone["in_force"]) == ("2016q2", 1, None)


@pytest.mark.parametrize(
    ("edition", "words"),
    [
        (1, ["is of edition 1, which was withdrawn"]),
        (2, ["withdrawn, but nothing stands there that it could be said of"]),
    ],
)
def test_check_finds_a_second_withdrawal(edition, words):
    """The service refuses both; whoever writes them past it is found out."""
    state = Consistency()
    at = {"at": "2016-06-01T00:00:00.000000Z", "by": "office"}
    first = FiguresPublished(
        **at, period="2016Q2", position=1, through=date(2016, 5, 31), figures=()
    )
    gone = EditionWithdrawn(**at, edition=1, reason="数据有误")
    again = structs.replace(gone, edition=edition)
    found = [
        str(one.message)
        for position, event in enumerate((first, gone, again), 1)
        for one in state.take(position, "publication:2016Q2", position, event)
    ]
    assert found == words
