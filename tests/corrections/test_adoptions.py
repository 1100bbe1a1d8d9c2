"""Scores follow the measure that was in force when they were made, however a ledger is read."""

from __future__ import annotations

import pytest

import ledger.read_model
from cli.sample import sample_year
from ledger.adoptions import measure_sha256
from ledger.read_model.sealing import read_model_path
from projections import adopted, parallel
from projections.measure import BUILT_IN, load_measure, loading, read_measure
from tests.cli.entries import UNITS, batch
from tests.corrections.office import correct_words, quarter_of
from tests.corrections.office import office as office_in

SCORE = ("score", "--year", "2016", "--json")
FILE = "clauses/04-abnormal-petitions.toml"
OLD = 'when = { level = ["town"], headcount = "1-5" }\npoints = "-1"\n'
NEW = 'when = { level = ["town"], headcount = "1-5" }\npoints = "-2"\n'


def dearer():
    """Return the program's own measure with 2 points for a batch of up to five to the town."""
    content = read_measure(BUILT_IN)
    assert content[FILE].count(OLD) == 1
    return {**content, FILE: content[FILE].replace(OLD, NEW)}


def adopt(office, content, year=2016, by="clerk"):
    """Adopt a content; return the position."""
    service = office.ledger()
    try:
        return service.adopt(year, "dearer-2016", content, "镇政办发9号", by).position
    finally:
        service.store.close()


@pytest.fixture(params=["small", "read model", "events alone", "two processes"])
def town(request, tmp_path, monkeypatch):
    """Two villages with reports of none, and a verified batch of V001; read in each way."""
    if request.param != "small":
        monkeypatch.setattr(ledger.read_model, "SMALL", 0)
    if request.param in {"events alone", "two processes"}:
        monkeypatch.setattr("ledger.read_model.read_model.open_read_model", lambda *_: None)
    if request.param == "two processes":
        monkeypatch.setattr(parallel, "LARGE", 0)
    office = office_in(tmp_path)
    office.take_in(*UNITS, batch())
    return office


def quarter(office, *words):
    """Return the score of V001 in Q2."""
    return office.quarter("V001", "2016Q2", "--through", "2016-05-31", *words)


def adopted_at(office, *words):
    return office(*SCORE, *words).ok().json["measure"]["adopted_at"]


def test_an_adoption_counts_from_its_verification_on(town):
    """8 less 1 point, then 2: V001 submitted no report of the quarter."""
    before = town.position
    assert (quarter(town), adopted_at(town)) == ("7", 1)
    assert adopt(town, dearer()) == before + 1
    assert (quarter(town), adopted_at(town)) == ("7", 1)
    assert quarter(town, "--provisional") == "6"
    assert adopted_at(town, "--provisional") == before + 1
    assert town.verify("measure:2016") == before + 2
    assert (quarter(town), adopted_at(town)) == ("6", before + 1)
    found = [quarter(town, "--as-of", before + number) for number in range(3)]
    assert found == ["7", "7", "6"]
    assert adopted_at(town, "--as-of", before + 1) == 1
    adopt(town, read_measure(BUILT_IN), by="other")
    town.verify()
    assert (quarter(town), adopted_at(town)) == ("7", before + 3)


def test_score_names_the_measure(town):
    named = town(*SCORE).ok().json["measure"]
    content = read_measure(BUILT_IN)
    assert named == {"id": BUILT_IN, "sha256": measure_sha256(content), "adopted_at": 1}


def test_diff_names_the_adoption_as_the_cause(town):
    before = town.position
    adopt(town, dearer())
    assert town.diff("--from", before) == {}, "it does not count yet"
    assert town.diff("--from", before, "--provisional")["V001"]["entries"] == ["measure:2016"]
    town.verify()
    found = town.diff("--from", before, "--through", "2016-05-31")
    assert found.keys() == {"V001"}
    assert found["V001"]["entries"] == ["measure:2016"]
    quarters = [quarter_of(found["V001"][side], "2016Q2") for side in ("before", "after")]
    assert [one["score"] for one in quarters] == ["7", "6"]


def test_diff_names_entries_that_explain_a_change_and_not_the_adoption(town):
    """The new batch of V002 costs 2 points; that of V001 a point more than before."""
    before = town.position
    adopt(town, dearer())
    town.verify()
    town.take_in(batch("B-2", unit="V002"))
    causes = {unit: change["entries"] for unit, change in town.diff("--from", before).items()}
    assert causes == {"V001": ["measure:2016"], "V002": ["B-2"]}


def test_diff_names_the_adoption_beside_a_correction_of_the_same_batch(town):
    """3 people for 1 point become 6 for 2 (and 1 for no report); up to five cost 2 now.

    The correction explains the change by itself, but the batch of before would cost more too.
    """
    before = town.position
    adopt(town, dearer())
    town.verify()
    town.correct("B-1", "headcount=6")
    found = town.diff("--from", before, "--through", "2016-05-31")
    assert found["V001"]["entries"] == ["measure:2016", "B-1.R", "B-1.2"]


def test_explain_and_rules_show_the_amounts_in_force(town):
    before = town.position
    adopt(town, dearer())
    town.verify()

    def shown(*words):
        postings = town("explain", "V001", "2016Q2", *words, "--json").ok().json["postings"]
        (points,) = (one["points"] for one in postings if one["clause"] == "abnormal-petitions")
        ((clause),) = town("rules", "abnormal-petitions", *words, "--json").ok().json["clauses"]
        wanted = {"level": ["town"], "headcount": "1-5"}
        (states,) = (one["states"] for one in clause["amounts"] if one["when"] == wanted)
        return points, states

    assert shown() == ("-2", "-2 points")
    assert shown("--as-of", before) == ("-1", "-1 points")


def test_history_shows_adoptions_and_verifications(town):
    before = town.position
    adopt(town, dearer())
    town.verify()
    found = town("history", "measure:2016", "--json").ok().json
    events = [(one["position"], one["event"], one["by"]) for one in found["events"]]
    assert events == [
        (1, "adopted", "tally init"),
        (before + 1, "adopted", "clerk"),
        (before + 2, "verified", "head"),
    ]
    first, second, _ = found["events"]
    assert (first["measure"], first["founding"]) == (BUILT_IN, True)
    assert (second["measure"], second["founding"]) == ("dearer-2016", False)
    assert second["basis"] == "镇政办发9号"
    assert second["files"] == dearer()
    earlier = town("history", "measure:2016", "--as-of", before, "--json").ok().json
    assert len(earlier["events"]) == 1
    assert "measure:2017" in town("history", "measure:2017").refused().err


@pytest.mark.parametrize("words", [SCORE, ("explain", "V001", "2016"), ("rules",)])
def test_what_the_program_has_does_not_matter_once_a_measure_is_adopted(town, monkeypatch, words):
    """Neither its files nor its own measure are asked."""
    before = town(*words).ok().out

    def other():
        return load_measure(dearer())

    monkeypatch.setattr(adopted, "built_in", other)
    monkeypatch.setattr(adopted, "read_measure", lambda _: dearer())
    loading._load.cache_clear()
    read_model_path(town.url).unlink(missing_ok=True)
    assert town(*words).ok().out == before


def test_a_year_without_a_measure_is_refused(town):
    words = "year 2017 has no measure: adopt one with `tally measure adopt ID|DIR --year 2017`"
    for command in (("score",), ("rules",), ("diff", "--from", "1")):
        assert town(*command, "--year", "2017").refused().err == f"tally: {words}\n"
    for command in (
        ("explain", "V001", "2017Q1"),
        ("publish", "2017Q1", "--by", "office"),
        ("object", "2017Q1:screening", "--unit", "V001", "--reason", "不符", "--by", "clerk"),
    ):
        assert town(*command).refused().err == f"tally: {words}\n"
    adopt(town, read_measure(BUILT_IN), year=2017)
    words = (
        "the measure of 2017, dearer-2016, awaits verification: `tally verify measure:2017`, or "
    )
    assert town("score", "--year", "2017").refused().err == f"tally: {words}add --provisional\n"
    assert town("score", "--year", "2017", "--provisional").ok()
    town.verify()
    assert town("score", "--year", "2017").ok()


def test_the_default_year_has_a_measure(town):
    """A batch of 2017 makes that year the default only once it has a measure in force."""

    def year(*words):
        return town("score", *words, "--json").ok().json["year"]

    town.at("2017-05-06T09:00", batch("B-2", occurred_at="2017-05-05T09:00"))
    assert year() == 2016
    adopt(town, read_measure(BUILT_IN), year=2017)
    assert (year(), year("--provisional")) == (2016, 2017)
    town.verify()
    assert year() == 2017


def test_a_preview_leaves_out_years_without_a_measure(town):
    """A batch is moved into 2017."""
    words = correct_words("B-1", "occurred_at=2017-03-05T09:30")
    found = town(*words, "--implausible", "--dry-run", "--json").ok().json
    assert [one["year"] for one in found["preview"]] == [2016]


def test_check_finds_nothing_wrong(town):
    adopt(town, dearer())
    assert quarter(town) == "7"
    town.verify()
    assert quarter(town) == "6"
    assert town("check", "--json").ok().json["findings"] == []


def test_check_says_where_the_programs_own_copy_differs(town, monkeypatch):
    """Once adopted, an edited file of the program is a remark and not a finding."""
    assert town("check").ok().err == ""
    monkeypatch.setattr(adopted, "read_measure", lambda _: dearer())
    run = town("check", "--json").ok()
    assert run.json["findings"] == []
    assert run.err == (
        "tally: the program's own qianlianghu-2016 differs from the one adopted at position 1; "
        "2016 is scored by the adopted one (`tally measure diff 2016 qianlianghu-2016`)\n"
    )


def test_rulings_are_validated_under_the_measure_of_their_year(town):
    """A reading that the adopted measure dropped; check asks the measure of then."""
    ruling = {"kind": "ruling", "year": 2016, "reading": "overstay_factor", "basis": "会议"}
    town.take_in({**ruling, "id": "RU-1", "value": "1.5"})
    content = dearer()
    content[FILE] = content[FILE].replace('name = "overstay_factor"', 'name = "overstay"')
    service = town.ledger()
    service.adopt(2016, "other", content, "决定", "clerk")
    service.verify(["measure:2016"], "head")
    service.store.close()
    path = town.file("ruling.jsonl", {**ruling, "id": "RU-2", "value": "2"})
    refused = town("import", path, "--by", "clerk").refused().err
    assert "RU-2: reading: is not a reading of the measure; choose one of" in refused
    assert town("check", "--json").ok().json["findings"] == []


@pytest.mark.slow
def test_a_large_sample_is_scored_anew_after_an_adoption(tmp_path, monkeypatch):
    """The cached scores of the whole sample year equal a replay."""
    monkeypatch.setattr(ledger.read_model, "SMALL", 0)
    office = office_in(tmp_path)
    path = office.file("year.jsonl", *sample_year())
    # The sample year has reports that were sent twice.
    office("import", path, "--by", "clerk", "--verify-by", "head", "--alike").ok()
    first = office(*SCORE).ok().json
    adopt(office, dearer())
    office.verify()
    second = office(*SCORE).ok().json
    assert second == office(*SCORE, "--no-cache").ok().json
    assert second["units"] != first["units"]


def test_a_dry_run_of_a_verification_shows_what_an_adoption_moves(office):
    """A year without a measure has no scores before; at 20 + 12 points a quarter begins."""
    office.take_in(*UNITS)
    office(
        "measure",
        "adopt",
        "qianlianghu-2016",
        "--year",
        "2017",
        "--basis",
        "三号文",
        "--by",
        "clerk",
    ).ok()
    stored = office.stored()
    run = office("verify", "measure:2017", "--by", "head", "--dry-run", "--json").ok()
    (year,) = run.json["preview"]
    assert year["year"] == 2017
    assert ["unit" in one["before"] for one in year["units"]] == [False, False]
    assert {unit["after"]["unit"] for unit in year["units"]} == {"V001", "V002"}
    assert office.stored() == stored
