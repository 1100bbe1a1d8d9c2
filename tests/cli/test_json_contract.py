"""JSON output has the contract's keys, values and sums; CSV and tables show the same."""

from __future__ import annotations

import csv
import json
import re
import unicodedata
from decimal import Decimal
from io import StringIO

import pytest

from cli.output.explanations import explanation_json
from cli.session import session
from projections.explanation import explain_period, explain_year
from projections.query import ScoreQuery
from tests.cli.entries import UNITS, batch

DECIMAL = re.compile(r"-?(0|[1-9]\d*)(\.\d*[1-9])?")
"""Exact, without exponent, trailing zeros or a leading plus."""

OPEN_KINDS = {"undetermined", "incomplete", "not_inspected", "unverified"}
RECEIPT = {"recorded", "verified", "skipped", "import", "position"}
SCORE = {"year", "measure", "through", "position", "units"}
UNIT = {
    *("unit", "name", "group", "rank", "total", "periods", "sections", "flags", "eligible"),
    "open",
}
PERIOD = {"period", "score", "sections", "beside"}
EXPLANATION = {"unit", "period", "opening", "closing", "postings"}
POSTING = {"clause", "citation", "points", "entries", "working", "text"}
PERIODS = ["2016Q1", "2016Q2", "2016Q3", "2016Q4", "2016"]
CLAUSES = {
    *("screening", "case-reports", "information", "abnormal-petitions", "special-period"),
    *("commendation", "research-site", "supervised-cases", "no-collective", "criticism"),
    *("yellow-card", "quarter-score", "disqualification"),
    *(f"inspection-{n}" for n in ("1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "2.4", "2.5")),
    *(f"inspection-{n}" for n in ("3", "4", "5.1", "5.2", "6")),
}


def exact(text):
    """Return the decimal that a text is; it must be written as the contract requires."""
    assert isinstance(text, str), text
    assert DECIMAL.fullmatch(text), text
    assert text != "-0"
    return Decimal(text)


def width(line):
    """Return the number of terminal columns that a line takes."""
    return sum(
        0 if unicodedata.combining(ch) else 1 + (unicodedata.east_asian_width(ch) in "WF")
        for ch in line
    )


@pytest.fixture(scope="module")
def scores(demo):
    return demo.reading("score", "--json").ok().json


@pytest.fixture(scope="module")
def explanations(demo, scores):
    """Return the JSON of every explanation of the sample year, by unit and period."""
    found, head = {}, scores["measure"]
    with session(demo.url) as opened:
        year = opened.loader.scores(ScoreQuery(2016), postings=True).scores
        for unit in year.units:
            made = [explain_period(unit, year, n) for n in (1, 2, 3, 4)]
            for one in [*made, explain_year(unit, year)]:
                found[unit.unit, one.period] = explanation_json(
                    one,
                    measure=head,
                    through="2016-11-30",
                    position=year.position,
                    provisional=False,
                )
    return found


def assert_is_receipt(value):
    assert set(value) - {"given"} == RECEIPT
    assert all(type(value[name]) is int for name in RECEIPT - {"import"})
    # Where nothing was recorded there is no import to name.
    assert value["import"] is None or type(value["import"]) is int


def test_receipts_have_the_keys_of_the_contract(tally):
    units = tally.file("units.jsonl", *UNITS)
    assert_is_receipt(tally("import", units, "--by", "clerk", "--json").ok().json)
    assert_is_receipt(tally("import", units, "--by", "clerk", "--format", "json").ok().json)
    words = "record yellow_card --id Y-1 --unit V001 --issued-on 2016-03-01 --by clerk --json"
    assert_is_receipt(tally(*words.split()).ok().json)
    assert_is_receipt(tally("verify", "--all", "--by", "head", "--json").ok().json)


def test_errors_of_an_import_have_the_keys_of_the_contract(tally):
    path = tally.file("bad.jsonl", batch(headcount=0), "{", batch("B-2", unit="V9"))
    run = tally("import", path, "--by", "clerk", "--json").refused()
    assert set(run.json) == {"errors"}
    for error in run.json["errors"]:
        assert {"file", "line", "id", "field", "message"} <= set(error)
        assert error["file"] == str(path)
        assert type(error["line"]) is int
        assert error["message"]
    first, second, *_ = run.json["errors"]
    assert (first["line"], first["id"], first["field"]) == (1, "B-1", "headcount")
    assert (second["line"], second["id"], second["field"]) == (2, None, None)


def test_score_has_the_keys_of_the_contract(scores):
    assert set(scores) >= SCORE
    assert scores["year"] == 2016
    assert scores["through"] == "2016-11-30"
    assert type(scores["position"]) is int
    measure = scores["measure"]
    assert (measure["id"], measure["adopted_at"]) == ("qianlianghu-2016", 1)
    assert re.fullmatch("[0-9a-f]{64}", measure["sha256"])
    assert len(scores["units"]) == 46
    for unit in scores["units"]:
        assert set(unit) >= UNIT
        assert type(unit["rank"]) is int
        exact(unit["total"])
        assert set(unit["sections"]) == {"inspection", "rewards", "penalties"}
        assert all(exact(points) is not None for points in unit["sections"].values())
        assert type(unit["eligible"]) is bool
        assert unit["eligible"] == (not unit["flags"])
        assert [quarter["period"] for quarter in unit["periods"]] == PERIODS[:4]
        for quarter in unit["periods"]:
            assert set(quarter) >= PERIOD
            assert set(quarter["sections"]) == {"basic_work", "abnormal_petitions"}
            assert set(quarter["beside"]) == {"rewards", "penalties"}
            for points in [*quarter["sections"].values(), *quarter["beside"].values()]:
                exact(points)
        for point in unit["open"]:
            assert set(point) >= {"kind", "entry", "clause"}
            assert point["kind"] in OPEN_KINDS
            assert point["entry"] is None or isinstance(point["entry"], str)
            assert point["clause"] is None or point["clause"] in CLAUSES


def test_units_are_in_the_order_of_their_ranks(scores):
    units = scores["units"]
    behind = [(-Decimal(unit["total"]), unit["unit"]) for unit in units]
    assert behind == sorted(behind)
    totals = [Decimal(unit["total"]) for unit in units]
    for unit in units:
        above = sum(total > Decimal(unit["total"]) for total in totals)
        assert unit["rank"] == above + 1


def test_totals_are_the_sums_of_their_parts(scores):
    for unit in scores["units"]:
        parts = {name: Decimal(points) for name, points in unit["sections"].items()}
        for quarter in unit["periods"]:
            sections = quarter["sections"]
            basic, abnormal = sections["basic_work"], sections["abnormal_petitions"]
            assert Decimal(quarter["score"]) == Decimal(basic) + Decimal(abnormal)
        quarters = sum(Decimal(quarter["score"]) for quarter in unit["periods"])
        total = quarters + parts["inspection"] + parts["rewards"] - parts["penalties"]
        assert Decimal(unit["total"]) == total
        of_quarters = sum(Decimal(quarter["beside"]["penalties"]) for quarter in unit["periods"])
        assert parts["penalties"] == of_quarters
        # 三（三）1（5): no collective batch in the whole year gives 3 points beside the quarters.
        rewards = sum(Decimal(quarter["beside"]["rewards"]) for quarter in unit["periods"])
        assert parts["rewards"] - rewards in {Decimal(0), Decimal(3)}


def test_quarters_that_have_not_begun_are_left_out(demo):
    for through, begun in (("2015-11-30", 0), ("2016-02-29", 1), ("2016-03-01", 2)):
        words = ["score", "--year", "2016", "--through", through, "--json"]
        found = demo.reading(*words).ok().json
        assert found["through"] == through
        assert [len(unit["periods"]) for unit in found["units"]] == [begun] * 46


def test_the_score_of_one_unit_is_the_one_among_all(demo, scores):
    for unit in (scores["units"][0], scores["units"][-1]):
        alone = demo.reading("score", "--unit", unit["unit"], "--json").ok().json
        assert alone == {**scores, "units": [unit]}


def test_explanations_have_the_keys_of_the_contract(explanations):
    assert len(explanations) == 46 * 5
    for (unit, period), found in explanations.items():
        assert set(found) >= EXPLANATION
        assert (found["unit"], found["period"]) == (unit, period)
        for line in [*found["postings"], *found["beside"]]:
            assert set(line) >= POSTING
            exact(line["points"])
            assert line["clause"] in CLAUSES
            assert line["citation"].startswith(("三（", "四."))
            assert line["working"]
            assert line["text"]
            assert all(isinstance(entry, str) for entry in line["entries"])


def test_the_closing_is_the_opening_plus_the_postings(explanations):
    for (_, period), found in explanations.items():
        opening = exact(found["opening"])
        assert opening == (20 if "Q" in period else 0)
        points = [exact(line["points"]) for line in found["postings"]]
        assert exact(found["closing"]) == opening + sum(points, Decimal(0))
        if "Q" in period:
            assert max(points, default=0) <= 0


def test_the_closing_is_the_score(explanations, scores):
    for unit in scores["units"]:
        year = explanations[unit["unit"], "2016"]
        assert year["closing"] == unit["total"]
        named = [line for line in year["postings"] if line["clause"] == "quarter-score"]
        assert [line["points"] for line in named] == [q["score"] for q in unit["periods"]]
        for quarter in unit["periods"]:
            found = explanations[unit["unit"], quarter["period"]]
            assert found["closing"] == quarter["score"]
            beside = [Decimal(line["points"]) for line in found["beside"]]
            rewards, penalties = (
                Decimal(quarter["beside"]["rewards"]),
                Decimal(quarter["beside"]["penalties"]),
            )
            assert sum(point for point in beside if point > 0) == rewards
            assert -sum(point for point in beside if point < 0) == penalties


def test_explanations_include_postings_of_0_points_with_reasons(explanations):
    free = [
        line
        for found in explanations.values()
        for line in [*found["postings"], *found["beside"]]
        if line["points"] == "0"
    ]
    assert {"screening", "case-reports", "information", "abnormal-petitions"} <= {
        line["clause"] for line in free
    }
    assert all(line["working"] for line in free)


@pytest.mark.parametrize("period", PERIODS)
def test_explain_prints_the_explanation_of_a_period(demo, explanations, period):
    assert (
        demo.reading("explain", "V017", period, "--json").ok().json == explanations["V017", period]
    )
    assert demo.reading("explain", "V017", period.lower(), "--json").ok().json["period"] == period


def test_explain_without_a_period_prints_the_latest_year(demo, explanations):
    assert demo.reading("explain", "V017", "--json").ok().json == explanations["V017", "2016"]


def test_history_has_the_keys_of_the_contract(demo):
    found = demo.reading("history", "B-2016-0004", "--json").ok().json
    assert set(found) >= {"id", "events"}
    assert found["id"] == "B-2016-0004"
    assert [event["event"] for event in found["events"]] == ["recorded", "reversed", "verified"]
    for event in found["events"]:
        assert set(event) >= {"position", "event", "at", "by"}
        assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", event["at"])
    positions = [event["position"] for event in found["events"]]
    assert positions == sorted(positions)
    recorded, taken_back, _ = found["events"]
    assert recorded["content"]["id"] == "B-2016-0004"
    assert recorded["content"]["kind"] == "petition_batch"
    assert taken_back["by_entry"] == "B-2016-0004.R"


READERS = [
    ["score"],
    ["score", "--unit", "V017"],
    ["explain", "V017", "2016Q3"],
    ["explain", "V017", "2016"],
    ["history", "B-2016-0004"],
    ["rules"],
    ["rules", "abnormal-petitions"],
]


@pytest.mark.parametrize("words", READERS, ids=" ".join)
def test_standard_output_is_json_only(demo, words):
    run = demo.reading(*words, "--json").ok()
    assert run.err == ""
    assert run.out.endswith("\n")
    assert json.loads(run.out)
    assert "\\u" not in run.out


def test_json_means_format_json(demo):
    assert (
        demo.reading("score", "--format", "json").ok().out
        == demo.reading("score", "--json").ok().out
    )


def test_warnings_are_on_standard_error(tally):
    tally.take_in(*UNITS)
    path = tally.file("odd.jsonl", batch(host_unit="V001"))
    run = tally("import", path, "--by", "clerk", "--json").ok()
    assert_is_receipt(run.json)
    assert run.err == "tally: B-1: host_unit is the liable unit itself; nothing is shared\n"


def test_demo_prints_scores_as_json(nothing):
    run = nothing("demo", nothing.folder / "town", "--json").ok()
    assert set(run.json) >= SCORE
    assert run.err.startswith("tally: ")


@pytest.mark.parametrize("words", READERS, ids=" ".join)
def test_csv_has_one_header_and_equal_rows(demo, words):
    run = demo.reading(*words, "--format", "csv").ok()
    header, *rows = csv.reader(StringIO(run.out, newline=""), strict=True)
    assert len(set(header)) == len(header)
    assert rows
    assert {len(row) for row in rows} == {len(header)}
    assert run.out.count("\r\n") == len(rows) + 1


def test_csv_has_the_values_of_json(demo, scores, explanations):
    rows = list(
        csv.DictReader(StringIO(demo.reading("score", "--format", "csv").ok().out, newline=""))
    )
    for row, unit in zip(rows, scores["units"], strict=True):
        for name in ("unit", "name", "total"):
            assert row[name] == unit[name]
        for name, points in unit["sections"].items():
            assert row[name] == points
        assert row["rank"] == str(unit["rank"])
        assert [row[f"2016Q{n}"] for n in (1, 2, 3, 4)] == [q["score"] for q in unit["periods"]]
        assert row["eligible"] == str(unit["eligible"]).lower()
        assert row["open"] == str(len(unit["open"]))
    out = demo.reading("explain", "V017", "2016Q3", "--format", "csv").ok().out
    found = explanations["V017", "2016Q3"]
    lines = [*found["postings"], *found["beside"]]
    for row, line in zip(csv.DictReader(StringIO(out, newline="")), lines, strict=True):
        assert row["entries"].split() == line["entries"]
        for name in ("clause", "citation", "points", "working", "text"):
            assert row[name] == line[name]


def test_csv_of_a_receipt(tally):
    path = tally.file("units.jsonl", *UNITS)
    run = tally("import", path, "--by", "clerk", "--format", "csv").ok()
    assert run.out == "recorded,verified,skipped,import,position\r\n2,0,0,2,3\r\n"


@pytest.mark.parametrize("words", [[], ["--through", "2016-04-15"], ["--unit", "V017"]], ids=str)
def test_columns_of_the_table_are_aligned(demo, words):
    """Every row has the same width on a terminal, with Chinese names too."""
    out = demo.reading("score", *words).ok().out
    heading, *lines = out.splitlines()
    rows = [line for line in lines if line.strip() and not line.startswith(("open: ", "(…)"))]
    assert heading.startswith("Scores of 2016 through ")
    assert len({width(row) for row in rows}) == 1, {width(row) for row in rows}
    assert len(rows) == 2 + (1 if "--unit" in words else 46)
    assert len({len(row) for row in rows}) > 1, "there are Chinese names in it"
    end = width(rows[0][: rows[0].index("total") + len("total")])
    for row in rows[2:]:
        shown, taken = "", 0
        for ch in row:
            taken += width(ch)
            if taken > end:
                break
            shown += ch
        assert re.search(r"\s-?\d+(\.\d+)?$", shown), row


def test_points_of_a_clause_are_aligned(demo):
    out = demo.reading("explain", "V017", "2016Q3").ok().out
    block = out.split("(abnormal-petitions)")[1].split("closing")[0]
    rows = [line for line in block.splitlines() if re.match(r"\s+-?[\d.]+\s{3}", line)]
    assert len(rows) == 3
    assert len({width(row) for row in rows}) == 1
    assert len({re.match(r"\s+-?[\d.]+", row).end() for row in rows}) == 1


def test_a_piped_explanation_is_not_wrapped(demo, explanations):
    """So that each line can be searched with grep."""
    lines = [
        line.strip() for line in demo.reading("explain", "V017", "2016Q3").ok().out.splitlines()
    ]
    for posting in explanations["V017", "2016Q3"]["postings"]:
        assert posting["text"] in lines
