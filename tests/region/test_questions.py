"""`tally region reform`, `missing`, `diff`, `publish` and `explain` on three small towns."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import pytest

from tests.cli.running import Tally
from tests.region.three_towns import QUIET, TOWNS, region_of, visit

FIRST, SECOND, THIRD = TOWNS


class Region:
    """`tally region` on a folder with `region.toml`."""

    def __init__(self, folder, towns):
        self.folder, self.towns = folder, towns
        self.file = region_of(folder, towns)

    def __call__(self, name, *words):
        return Tally(self.folder)("region", name, *words, "--region", self.file)

    def rows(self, name, *words):
        out = self(name, *words, "--format", "csv").out
        return list(csv.DictReader(io.StringIO(out)))


@pytest.fixture(scope="module")
def read(tmp_path_factory, towns):
    """Return a region that tests only read."""
    return Region(tmp_path_factory.mktemp("read"), towns)


@pytest.fixture
def region(tmp_path, towns):
    """Return a region that a test may change."""
    return Region(tmp_path, {code: town.copy(tmp_path / code) for code, town in towns.items()})


def by_town(found):
    return {one["town"]: one for one in found["towns"]}


def test_reform_tells_by_town_who_would_gain_and_lose_most(read, draft):
    """三.一.2: 1 point becomes 2; from 0 yuan before 25 August 2010 to 20 points a quarter."""
    words = draft, "--through", QUIET
    found = read("reform", *words, "--json").ok().json
    assert found["draft"]["id"] == "qianlianghu-draft"
    towns = by_town(found)
    none = {"total": 0, "rank": 0, "flags": 0, "eligible": 0, "new": 0, "gone": 0}
    assert towns[FIRST]["differ"] == {**none, "any": 1, "total": 1}
    assert (towns[FIRST]["gain"], towns[FIRST]["loss"]) == (None, {"unit": "V001", "points": "-1"})
    same = {"flags": [], "eligible": True, "band": None}
    assert towns[FIRST]["moves"] == [
        {
            "unit": "V001",
            "name": "甲村",
            "fields": ["total", "periods"],
            "before": {"total": "19", "rank": 2, **same},
            "after": {"total": "18", "rank": 2, **same},
        }
    ]
    assert towns[SECOND]["differ"] == {**none, "any": 0}
    assert towns[THIRD]["gain"] == {"unit": "V001", "points": "20"}
    (first, *others) = read.rows("reform", *words)
    assert (first["town"], first["total_from"], first["total_to"]) == (FIRST, "19", "18")
    assert [(one["town"], one["unit"], one["rank_from"]) for one in others] == [
        (THIRD, "V001", ""),
        (THIRD, "V002", ""),
    ]
    out = read("reform", *words).ok().out
    assert out.startswith("样例县: 3 of 3 towns")
    assert "instead of the measure in force: 3 of 6 units differ, in 2 towns" in out
    assert SECOND not in out


def test_reform_is_in_each_town_what_tally_reform_finds(read, draft):
    found = by_town(read("reform", draft, "--json").ok().json)
    for code, town in read.towns.items():
        alone = town("reform", draft, "--json").ok().json["units"]
        moves = {one["unit"]: one for one in found[code]["moves"]}
        assert list(moves) == [one["unit"] for one in alone]
        for one in alone:
            for side in ("before", "after"):
                known = moves[one["unit"]][side]
                assert {name: known[name] for name in known.keys() & one[side].keys()} == {
                    name: one[side][name] for name in known.keys() & one[side].keys()
                }


def test_missing_counts_what_is_owed_and_names_the_bulletins_that_are_due(read):
    """三.一.1: on 1 March three months of two villages lack two reports each; Q1 is over."""
    words = "--through", "2016-03-01"
    found = by_town(read("missing", *words, "--json").ok().json)
    owed = {name: found[FIRST][name] for name in ("in", "late", "missing", "due")}
    assert owed == {"in": 0, "late": 0, "missing": 12, "due": 4}
    assert found[FIRST]["units"][0] == {"unit": "V001", "late": 0, "missing": 6, "due": 2}
    assert found[FIRST]["bulletins"] == [
        {"period": "2016Q1", "last": "2016-02-29", "awaiting": None}
    ]
    assert found[THIRD]["bulletins"] == found[THIRD]["units"] == []
    out = read("missing", *words).ok().out
    assert "0 in, 0 late, 24 missing, 8 due within a month; bulletins due: 2" in out
    rows = read.rows("missing", *words)
    assert [(one["town"], one["missing"], one["bulletins"]) for one in rows] == [
        (FIRST, "12", "2016Q1"),
        (SECOND, "12", "2016Q1"),
        (THIRD, "0", ""),
    ]


def test_diff_since_a_time_shows_the_units_of_the_town_that_moved(region):
    """三.一.2: one person to the district costs V002 2 of its 20 points, and its first rank."""
    then = datetime.now(UTC).isoformat()
    region.towns[FIRST].take_in(visit("B-2", "V002", "district", 1, "2015-12-07"))
    words = "--from", then, "--through", QUIET
    found = region("diff", *words, "--json").ok().json
    assert found["to"] is None
    towns = by_town(found)
    assert [len(one["moves"]) for one in towns.values()] == [2, 0, 0]
    sides = {
        one["unit"]: [(one[side]["total"], one[side]["rank"]) for side in ("before", "after")]
        for one in towns[FIRST]["moves"]
    }
    assert sides == {"V001": [("19", 2), ("19", 1)], "V002": [("20", 1), ("18", 2)]}
    assert "2 of 6 units differ, in 1 town" in region("diff", *words).ok().out
    until = region("diff", *words, "--to", then, "--json").ok().json
    assert all(one["moves"] == [] for one in until["towns"])


def test_an_edition_is_published_shown_again_and_compared(region):
    """19 and 20, 17 and 20 on the day of the edition; V002 loses 2 points after it."""
    first = region("publish", "--year", "2016", "--through", QUIET, "--by", "office", "--json")
    edition = first.ok().json
    roots = {code: town("check", "--json").ok().json["root"] for code, town in region.towns.items()}
    assert {one["town"]: one["root"] for one in edition["towns"]} == roots
    shown = region("score", "--edition", "1", "--units", "--json").ok().json
    region.towns[FIRST].take_in(visit("B-2", "V002", "district", 1, "2015-12-07"))
    assert region("score", "--edition", "1", "--units", "--json").ok().json == shown
    assert shown["edition"] == 1
    assert {(one["town"], one["unit"]): one["total"] for one in shown["units"]} == {
        (FIRST, "V001"): "19",
        (FIRST, "V002"): "20",
        (SECOND, "V001"): "17",
        (SECOND, "V002"): "20",
        (THIRD, "V001"): "0",
        (THIRD, "V002"): "0",
    }
    assert "as published in edition 1, " in region("score", "--edition", "1").ok().out
    changed = region("diff", "--from", "1", "--through", QUIET, "--json").ok().json
    assert changed["edition"] == 1
    assert [len(one["moves"]) for one in changed["towns"]] == [2, 0, 0]
    second = region("publish", "--year", "2016", "--by", "office").ok().out
    assert second.startswith("样例县: edition 2 of 2016 published, 3 of 3 towns; its root is ")
    rows = region.rows("publish", "--year", "2016", "--by", "office")
    assert [one["position"] for one in rows] == ["7", "9", "7"]


def test_towns_that_differ_from_the_edition_are_named_and_the_others_shown(region):
    region("publish", "--year", "2016", "--through", QUIET, "--by", "office").ok()
    path = region.towns[FIRST].path
    path.write_bytes(path.read_bytes().replace("甲村".encode(), "己村".encode()))
    region.towns[SECOND].path.unlink()
    run = region("score", "--edition", "1", "--json")
    assert run.status == 1
    assert {one["town"]: one["fault"] for one in run.json["lost"]} == {
        FIRST: "MovedRootError",
        SECOND: "NotALedgerError",
    }
    assert run.json["answered"] == 1
    run = region("diff", "--from", "1", "--json")
    assert (run.status, [one["town"] for one in run.json["towns"]]) == (1, [THIRD])


def test_nothing_is_published_while_a_town_is_lost_unless_it_is_named(region):
    region.towns[SECOND].path.unlink()
    words = "publish", "--year", "2016", "--by", "office"
    run = region(*words).refused()
    assert f"tally: {SECOND} 102镇: " in run.err
    assert f"--without {SECOND}" in run.err
    assert not (region.folder / "region.toml.editions").exists()
    found = region(*words, "--without", SECOND, "--json").ok().json
    assert [one["town"] for one in found["lost"]] == [SECOND]
    run = region("score", "--edition", "1")
    assert run.status == 1
    assert "2 of 3 towns" in run.out
    assert SECOND in run.out


def test_explain_is_that_of_the_towns_own_ledger(read):
    words = "V001", "2016Q1", "--through", QUIET
    for form in ("table", "json", "csv"):
        run = read("explain", FIRST, *words, "--format", form).ok()
        assert run.out == read.towns[FIRST]("explain", *words, "--format", form).ok().out
        assert read("explain", "101镇", *words, "--format", form).ok().out == run.out


def test_explain_refuses_a_name_of_two_towns(tmp_path):
    rows = "430681101,样例镇,1.db\n430681102,样例镇,2.db\n"
    (tmp_path / "towns.csv").write_text(f"code,name,path\n{rows}", encoding="utf-8")
    (tmp_path / "region.toml").write_text('name = "x"\ntowns = "towns.csv"\n', encoding="utf-8")
    words = "explain", "样例镇", "V001", "--region", tmp_path / "region.toml"
    run = Tally(tmp_path)("region", *words).refused()
    assert "TOWN: 样例镇 is the name of several towns; " in run.err
    assert "430681101, 430681102" in run.err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("explain 430681999 V001", "TOWN: no town of 样例县 has the code or the name 430681999"),
        ("explain 430681101 V009", "V009"),
        ("diff --from 1", "nothing was published of this region yet"),
        ("diff --from 2016-05-01 --to 5", "--to: every ledger has positions of its own"),
        ("diff --from 2016-05-01 --to 2016-04-01", "--from: 2016-05-01 23:59 is later than --to"),
        ("diff --from 1 --year 2016", "--from: an edition has a year of its own"),
        ("score --edition 1 --year 2016", "--edition: an edition has a year, a day and positions"),
        ("score --edition 7", "nothing was published of this region yet"),
        ("reform nowhere", "nowhere is neither a folder with measure.toml nor one of"),
        ("missing --as-of 5", "--as-of: every ledger has positions of its own"),
        ("publish --year 2016 --by office --without 430681999", "no town of the region has"),
        ("publish --year 2016 --by office --without 430681101", "430681101 answered"),
        ("publish --year 2017 --by office", "3 of 3 towns did not answer"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_name(read, words, message):
    assert message in " ".join(read(*words.split()).refused().err.split())
    assert not (read.folder / "region.toml.editions").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("diff --from yesterday", "'yesterday' is neither a time nor the number of an edition"),
        ("publish --year 2016", "--by"),
        ("publish --by office", "--year"),
        ("reform", "DIR"),
    ],
)
def test_what_is_malformed_is_misused(read, words, message):
    assert message in read(*words.split()).misused().err


def test_a_changed_file_of_editions_is_refused(region):
    words = "publish", "--year", "2016", "--by", "office"
    region(*words).ok()
    path = region.folder / "region.toml.editions"
    path.write_bytes(path.read_bytes().replace(b'"by":"office"', b'"by":"nobody"'))
    changed = path.read_bytes()
    for again in (words, ("score", "--edition", "1"), ("diff", "--from", "1")):
        assert "region.toml.editions:1: edition 1 is not as it" in region(*again).refused().err
    assert path.read_bytes() == changed


def test_a_lost_town_is_named_and_the_others_are_shown(region, draft):
    region.towns[SECOND].path.unlink()
    for words in (("reform", draft), ("missing",), ("diff", "--from", "2015-01-01")):
        run = region(*words, "--json")
        assert run.status == 1
        assert [one["town"] for one in run.json["lost"]] == [SECOND]
        assert [one["town"] for one in run.json["towns"]] == [FIRST, THIRD]
        assert "1 town did not answer:" in region(*words).out


def test_the_answers_are_the_same_from_processes_of_this_machine(region, draft):
    for words in (("reform", draft), ("missing",), ("diff", "--from", "2015-01-01")):
        here = region(*words, "--json").ok().out
        (region.folder / "region.toml.kept").unlink()
        assert region(*words, "--on", "local", "--json").ok().out == here


def test_tables_have_a_row_for_each_division_too(region, draft):
    """Of county 430681 a town is lost: never a silent hole."""
    region.towns[SECOND].path.unlink()
    for words, expected in {
        ("reform", draft, "--through", QUIET): ["2", "1", "1", "0", "0", "0", "0", "0"],
        ("diff", "--from", "2015-01-01"): ["2", "2", "0", "0", "0", "0", "2", "0"],
        ("missing", "--through", "2016-03-01"): ["0", "12", "4", "1"],
    }.items():
        lines = [line.split() for line in region(*words, "--by", "6").out.splitlines()]
        (county,) = (line for line in lines if line[:1] == ["430681"])
        assert county == ["430681", "1", "of", "2", *expected]
        (whole,) = (line for line in lines if line[:1] == ["all"])
        assert whole[:5] == ["all", "样例县", "2", "of", "3"]
