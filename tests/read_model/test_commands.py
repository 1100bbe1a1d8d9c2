"""Commands show the same with a read model, with a broken one and without."""

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from cli.sample import sample_year
from ledger.application import Ledger
from ledger.read_model.sealing import read_model_path
from tests.cli.running import Tally
from tests.corrections.office import office


@pytest.fixture
def town(sample):
    """Return an office with a sample year, which has a read model."""
    return sample


def read(town, *words):
    """Return the JSON of a command; assert that it is the same with --no-cache."""
    found = [town(*words, *more, "--json").ok().json for more in ((), ("--no-cache",))]
    assert found[0] == found[1]
    return found[0]


def edit(path, *statements):
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def test_scores_and_explanations_are_the_same(town):
    """By year, day, position, one unit, and provisionally."""
    year = ("score", "--year", "2016")
    whole = read(town, *year)
    assert read_model_path(town.url).exists()
    assert len(whole["units"]) == 46
    assert read(town, "score") == whole
    read(town, *year, "--through", "2016-05-31")
    read(town, *year, "--provisional")
    read(town, *year, "--as-of", "4000")
    read(town, *year, "--unit", "V025")
    for period in ("2016", "2016Q1", "2016Q2", "2016Q3", "2016Q4"):
        read(town, "explain", "V025", period)
        read(town, "explain", "V025", period, "--as-of", "9000")


def test_scores_are_the_same_once_a_measure_of_other_readings_takes_the_place(tmp_path):
    """The cached sheet is of a measure in yuan without the readings that ranks depend on now."""
    tally = Tally(tmp_path)
    tally("init", "--measure", "shengzhou-2010-62", "--year", "2016").ok()
    tally.take_in({"kind": "unit", "id": "V001", "name": "甲村", "type": "village"})
    words = ("score", "--year", "2016", "--through", "2016-06-30")
    assert read(tally, *words)["units"][0]["total"] == "2000"
    named = ("--year", "2016", "--basis", "新办法", "--by", "clerk")
    tally("measure", "adopt", "qianlianghu-2016", *named).ok()
    tally("verify", "measure:2016", "--by", "head").ok()
    assert [one["period"] for one in read(tally, *words)["units"][0]["periods"]] == [
        "2016Q1",
        "2016Q2",
        "2016Q3",
    ]


def test_histories_are_the_same(town):
    """Of an entry, a corrected one, its replacement, objections and a quarter."""
    corrected = next(entry["replaces"] for entry in sample_year() if "replaces" in entry)
    town.publish("2016Q2")
    town("object", corrected, "--unit", "V001", "--reason", "有误", "--by", "clerk").ok()
    town("object", "2016Q2:screening", "--unit", "V025", "--reason", "已报", "--by", "clerk").ok()
    report = "V025-SR-2016-04"
    town(
        "correct",
        report,
        "--set",
        "submitted_on=2016-04-29",
        "--reason",
        "录错",
        "--by",
        "clerk",
        "--yes",
    ).ok()
    objections = [f"{corrected}.O", "V025-2016Q2-screening.O"]
    replacement = read(town, "history", corrected)["replaced_by"][0]
    for subject in (corrected, replacement, f"{report}.R", report, *objections, "2016Q2", "V025"):
        found = read(town, "history", subject)
        assert found["events"]
    read(town, "history", corrected, "--as-of", "9000")
    followed = read(town, "history", objections[1])["followed_by"]
    assert followed == [f"{report}.R", f"{report}.2"]
    assert town("history", "nobody").status == 1


def test_new_entry_changes_the_cached_score_once_verified(town):
    """A yellow card costs 2 points (三（三）2), once it is verified."""
    year = ("score", "--year", "2016", "--unit", "V025")
    before = read(town, *year)["units"][0]
    card = ("--unit", "V025", "--issued-on", "2016-05-12", "--by", "clerk")
    town("record", "yellow_card", "--id", "HP-9", *card).ok()
    unverified = read(town, *year)["units"][0]
    assert unverified["total"] == before["total"]
    assert {"kind": "unverified", "entry": "HP-9", "clause": "yellow-card"} in unverified["open"]
    town("verify", "HP-9", "--by", "head").ok()
    after = read(town, *year)["units"][0]
    assert float(after["total"]) == float(before["total"]) - 2
    assert float(after["sections"]["penalties"]) == float(before["sections"]["penalties"]) + 2


def test_verifying_all_does_not_load_the_whole_ledger(town, monkeypatch):
    """Verified are entries without a verification, also those that are reversed already."""
    town.reverse("V025-SR-2016-04", verify=False)
    card = {"kind": "yellow_card", "id": "YC-900", "unit": "V025", "issued_on": "2016-06-20"}
    back = {"kind": "reversal", "id": "YC-900.X", "of": "YC-900", "reason": "误"}
    town.take_in(card, verify_by=None)
    town.take_in(back, verify_by=None)
    monkeypatch.setattr(Ledger, "state", None)
    before = town.position
    waiting = town("verify", "--all", "--by", "clerk", "--json").ok().json
    assert (waiting["verified"], waiting["position"]) == (0, before)
    done = town("verify", "--all", "--by", "head", "--json").ok().json
    assert (done["verified"], done["position"]) == (3, before + 3)


def test_ruling_changes_the_cached_scores_of_every_unit(town):
    """With `veto_rank` last, a vetoed unit ranks after all others."""
    year = ("score", "--year", "2016")
    vetoed = next(unit for unit in read(town, *year)["units"] if "vetoed" in unit["flags"])
    ruling = ("--year", "2016", "--reading", "veto_rank", "--value", "last", "--basis", "会议")
    town("record", "ruling", "--id", "RU-9", *ruling, "--by", "clerk").ok()
    town("verify", "RU-9", "--by", "head").ok()
    units = read(town, *year)["units"]
    behind = units[units.index(next(one for one in units if one["unit"] == vetoed["unit"])) :]
    assert all("vetoed" in one["flags"] for one in behind)


@pytest.mark.parametrize(
    "harm",
    [
        lambda path: path.write_bytes(b"no database at all"),
        lambda path: path.write_bytes(path.read_bytes()[:5000]),
        lambda path: path.unlink(),
        lambda path: edit(path, "UPDATE made_by SET fingerprint = 'of an earlier version'"),
        lambda path: edit(path, "DROP TABLE segments"),
        lambda path: edit(path, "UPDATE segments SET header = x'00'"),
        lambda path: edit(path, "UPDATE sheets SET position = 1"),
    ],
)
def test_broken_read_model_is_rebuilt(town, harm):
    right = read(town, "score")
    path = read_model_path(town.url)
    harm(path)
    assert read(town, "score") == right
    assert town("check").ok()


def test_read_model_of_another_ledger_is_not_used(town, tmp_path):
    town("score").ok()
    (tmp_path / "other").mkdir()
    other = office(tmp_path / "other")
    other.at("2016-11-30T17:00", *sample_year(7))
    other("score").ok()
    read_model_path(other.url).write_bytes(read_model_path(town.url).read_bytes())
    read(other, "score")


def test_events_are_read_if_no_read_model_can_be_written(town):
    """A folder is in the place of the file."""
    right = read(town, "score")
    path = read_model_path(town.url)
    path.unlink()
    path.mkdir()
    assert read(town, "score") == right
    assert read(town, "explain", "V025", "2016Q2")["unit"] == "V025"
    refused = town("rebuild")
    assert refused.status == 1
    assert "cannot be" in refused.err


def test_check_finds_a_wrong_page_and_a_missing_index_row(town):
    town("score", "--year", "2016").ok()
    town("score", "--year", "2016", "--as-of", "9000").ok()
    path = read_model_path(town.url)
    edit(
        path,
        "UPDATE pages SET page = replace(page, '\"V025\"', '\"V026\"') WHERE unit = 'V025'",
        "DELETE FROM blocks WHERE id = (SELECT min(id) FROM blocks)",
    )
    found = town("check", "--json")
    assert found.status == 1
    messages = [finding["message"] for finding in json.loads(found.out)["findings"]]
    assert {finding["kind"] for finding in json.loads(found.out)["findings"]} == {"read_model"}
    assert f"{path}: something else than this program has changed it" in messages[0]
    assert "has changed the scores 2016 2016-11-30 verified @9000 in it" in "\n".join(messages)
    assert (
        "the ledger itself is not concerned; run `tally rebuild` to make the read model anew"
        in messages[-1]
    )
    rebuilt = town("rebuild", "--json").ok().json
    assert (rebuilt["position"], rebuilt["year"]) == (town.position, 2016)
    town("check").ok()


def test_no_cache_writes_no_read_model(town):
    town("score", "--no-cache").ok()
    town("explain", "V025", "2016Q2", "--no-cache").ok()
    assert not read_model_path(town.url).exists()


def test_concurrent_readers_show_the_same(town):
    """Processes that find no read model make one, wait for it or do without."""
    code = (
        "import ledger.read_model; ledger.read_model.SMALL = 0\n"
        "from cli.main import main\n"
        f"main(['score', '--json', '--ledger', {town.url!r}])"
    )
    readers = [
        subprocess.Popen(
            [sys.executable, "-c", code],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
        )
        for _ in range(6)
    ]
    found = [(reader.communicate(), reader.returncode) for reader in readers]
    assert {status for _, status in found} == {0}, found
    assert len({out for (out, _), _ in found}) == 1
