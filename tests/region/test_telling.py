"""What `tally region` says of its answers: their state, lost towns, divisions and scales."""

import csv
import io

import openpyxl
import pytest

from tests.cli.running import Tally
from tests.region.regions import make_region, write_region
from tests.region.small_towns import code_of
from tests.region.three_towns import QUIET, TOWNS, region_of

FIRST, SECOND, THIRD = TOWNS
NOW = "2099-01-01T00:00:00+08:00"


@pytest.fixture(scope="module")
def region(tmp_path_factory, towns):
    """Run `tally region` on three towns that tests only read."""
    folder = tmp_path_factory.mktemp("telling")
    file = region_of(folder, towns)
    return lambda name, *words: Tally(folder)("region", name, *words, "--region", file)


def test_answers_say_of_which_state_they_are(region, draft, tmp_path):
    words = "--as-of", NOW, "--provisional"
    for name in (("score",), ("missing",), ("reform", draft)):
        found = region(*name, *words, "--json").ok().json
        assert (found["as_of"], found["provisional"]) == ("2098-12-31T16:00:00.000000Z", True)
        head = region(*name, *words).ok().out.splitlines()[1]
        assert head == "as recorded by 2099-01-01 00:00, unverified entries too"
    path = tmp_path / "a.xlsx"
    region("score", *words, "--format", "xlsx", "-o", path).ok()
    above = openpyxl.load_workbook(path)["汇总"]["A1"].value
    assert above.startswith("样例县：3个乡镇中3个已答复；截至")
    assert above.endswith("；含未核定记录")
    found = region("score", "--json").ok().json
    assert (found["as_of"], found["provisional"]) == (None, False)


def test_diff_says_up_to_when(region):
    out = region("diff", "--from", "2016-01-01", "--to", NOW, "--year", "2016").out
    assert "changes since 2016-01-01 23:59 up to 2099-01-01 00:00: " in out


@pytest.mark.parametrize(
    ("words", "counted"),
    [
        (("missing", "--through", "2016-03-01"), {"missing": "24", "bulletins": "2"}),
        (("reform", "DRAFT", "--through", QUIET), {"units": "6", "differ": "3"}),
        (("diff", "--from", "2016-01-01", "--through", QUIET), {"units": "6", "new": "6"}),
    ],
)
def test_csv_by_division_has_the_rows_of_the_table(region, draft, words, counted):
    words = [draft if one == "DRAFT" else one for one in words]
    out = region(*words, "--by", "6", "--format", "csv").ok().out
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [row["division"] for row in rows] == ["330683", "430681", ""]
    assert [row["answered"] for row in rows] == ["1", "2", "3"]
    assert {name: rows[-1][name] for name in counted} == counted


def test_a_division_of_a_whole_code_has_the_name_of_its_town(region):
    found = region("score", "--by", "9", "--json").ok().json["divisions"]
    assert (FIRST, "101镇") in {(one["division"], one["name"]) for one in found}


def test_reform_remarks_where_the_scales_differ(region, draft):
    """shengzhou-2010-62 opens with yuan, the draft with points."""
    run = region("reform", draft, "--through", QUIET).ok()
    assert f"gains and losses are of the scale too ({THIRD})" in run.err


def test_reform_counts_units_of_either_measure(region):
    """Where a measure assesses townships alone, the two villages of each town are gone."""
    run = region("reform", "shicheng-2018-rivers", "--through", QUIET).ok()
    assert "6 of 6 units differ, in 3 towns" in run.out


def test_an_equal_reason_is_said_once_and_advice_is_given_where_it_holds(tmp_path):
    rows = [f"{code_of(number)},样例镇{number},up,town_{number}," for number in range(3)]
    write_region(tmp_path, rows, '[servers.up]\nurl = "postgresql://nobody@127.0.0.1:1/none"\n')
    run = Tally(tmp_path)("region", "score", "--region", tmp_path / "region.toml")
    codes = ", ".join(code_of(number) for number in range(3))
    assert run.out.count("connection failed") == 1
    assert "3 towns: " in run.out
    assert f"({codes})" in run.out
    assert "only those and moved towns are folded" in run.out
    check = Tally(tmp_path)("region", "check", tmp_path / "region.toml")
    assert "only those and moved towns" not in check.out


def test_the_workbook_of_an_edition_names_it_and_what_it_is_without(tmp_path):
    file = make_region(tmp_path, 2)
    (tmp_path / "1.db").unlink()
    words = "--region", file, "--year", "2016", "--by", "office", "--without", code_of(1)
    published = Tally(tmp_path)("region", "publish", *words)
    assert "only those and moved towns" not in published.out
    words = "--region", file, "--edition", "1", "--format", "xlsx", "-o", tmp_path / "e.xlsx"
    Tally(tmp_path)("region", "score", *words)
    above = openpyxl.load_workbook(tmp_path / "e.xlsx")["汇总"]["A1"].value
    assert "1" in above.split("；")[0]
    assert "office" in above.split("；")[0]
    assert f"该版不含：{code_of(1)} 样例镇1" in above
