"""A town whose ledger holds nothing, or no unit in the year, never passes as a whole one."""

from contextlib import closing

import pytest

from ledger.application import Ledger
from ledger.stores import create_store
from projections.adopted import Measures
from tests.cli.running import Tally
from tests.region.regions import make_region
from tests.region.small_towns import code_of
from tests.support import adopt

EMPTY, BARE = code_of(1), code_of(2)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Of a region of three towns: one is whole, one empty, one has a measure and no unit."""
    found = tmp_path_factory.mktemp("empty")
    make_region(found, 3)
    for number in (1, 2):
        (found / f"{number}.db").unlink()
        with closing(create_store(f"sqlite:///{found}/{number}.db")) as store:
            if number == 2:
                adopt(Ledger(store, Measures), 2016)
    return found


def region(folder, name, *words):
    return Tally(folder)("region", name, "--region", folder / "region.toml", *words)


def test_an_empty_ledger_is_lost_by_name_in_every_question(folder):
    check = Tally(folder)("region", "check", folder / "region.toml", "--json")
    runs = [
        check,
        region(folder, "score", "--year", "2016", "--json"),
        region(folder, "missing", "--year", "2016", "--json"),
        region(folder, "diff", "--from", "2016-01-01", "--year", "2016", "--json"),
    ]
    for run in runs:
        assert run.status == 1
        (lost,) = run.json["lost"]
        assert (lost["town"], lost["fault"]) == (EMPTY, "EmptyLedgerError")
        assert "holds no event" in lost["message"]
    assert check.json["whole"] == 2


def test_a_town_without_a_unit_in_the_year_is_remarked(folder):
    for words in (("score",), ("missing",), ("diff", "--from", "2016-01-01")):
        err = region(folder, *words, "--year", "2016").err
        assert f"1 town without a unit that counts in the year: {BARE} 样例镇2" in err


def test_publish_refuses_both_and_its_hint_works(folder):
    words = "--year", "2016", "--by", "office"
    run = region(folder, "publish", *words, "--without", EMPTY).refused()
    assert f"1 of 3 towns did not answer ({BARE})" in run.err
    assert f"{BARE} 样例镇2: no unit of it counts in 2016" in run.err
    assert not (folder / "region.toml.editions").exists()
    run = region(folder, "publish", *words).refused()
    (hint,) = {line.split()[-1] for line in run.err.splitlines() if "--without" in line}
    assert hint == f"{EMPTY},{BARE}"
    edition = region(folder, "publish", *words, "--without", hint, "--json").ok().json
    assert [one["town"] for one in edition["towns"]] == [code_of(0)]


def test_the_table_of_check_shows_events_and_root(folder):
    file = folder / "region.toml"
    rows = Tally(folder)("region", "check", file, "--json").json["towns"]
    out = Tally(folder)("region", "check", file).out
    lines = [line.split() for line in out.splitlines()]
    for one in rows:
        assert [one["town"], one["name"], str(one["size"]), one["root"]] in lines
