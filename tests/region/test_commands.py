"""`tally region` shows all towns; a lost one is named, the exit status is 1, a rerun completes."""

import csv
import io
import re
import shutil
import sqlite3
from contextlib import closing

import openpyxl
import pytest

from cli import progress
from tests.cli.running import ROOT, Tally, process
from tests.region.regions import make_region
from tests.region.small_towns import code_of, make_town

ALL = ("--year", "2016", "--through", "2016-11-30")


@pytest.fixture(scope="module")
def three_towns(tmp_path_factory):
    folder = tmp_path_factory.mktemp("three")
    make_region(folder, 3)
    return folder


@pytest.fixture
def three(three_towns, tmp_path):
    """The folder of a region of three towns."""
    shutil.copytree(three_towns, tmp_path, dirs_exist_ok=True)
    return tmp_path


def scored(folder, *words):
    return Tally(folder)("region", "score", "--region", folder / "region.toml", *ALL, *words)


def test_scores_are_those_of_each_town(three):
    found = scored(three, "--units", "--json").ok().json
    assert (found["asked"], found["answered"], found["lost"]) == (3, 3, [])
    (group,) = found["groups"]
    for number in range(3):
        town = Tally(three, three / f"{number}.db")("score", *ALL, "--json").ok().json
        measure = town["measure"]
        assert group["measure"] == {"id": measure["id"], "sha256": measure["sha256"]}
        assert group["through"] == town["through"]
        assert {
            "town": code_of(number),
            "name": f"样例镇{number}",
            "position": town["position"],
        } in (group["towns"])
        of_town = [one for one in found["units"] if one["town"] == code_of(number)]
        assert {one["unit"]: (one["total"], one["rank_in_town"]) for one in of_town} == {
            one["unit"]: (one["total"], one["rank"]) for one in town["units"]
        }
        for one in of_town:
            (same,) = (unit for unit in town["units"] if unit["unit"] == one["unit"])
            assert (one["flags"], one["eligible"], one["open"]) == (
                same["flags"],
                same["eligible"],
                len(same["open"]),
            )
    csv_rows = list(
        csv.DictReader(io.StringIO(scored(three, "--units", "--format", "csv").ok().out))
    )
    assert [(row["town"], row["unit"], row["total"]) for row in csv_rows] == [
        (one["town"], one["unit"], one["total"]) for one in found["units"]
    ]


def test_a_lost_town_is_named_the_others_are_shown_and_a_rerun_completes(three):
    moved = (three / "1.db").rename(three / "elsewhere.db")
    run = scored(three)
    assert run.status == 1
    lines = [line.split() for line in run.out.splitlines() if line.strip()]
    assert run.out.startswith("样例县: 2 of 3 towns\n")
    assert lines[4][:5] == ["430681", "2", "of", "3", "4"]
    assert "1 town did not answer:" in run.out
    assert f"{code_of(1)}   样例镇1" in run.out
    assert "1.db is not a ledger: there is no such file" in run.out
    as_csv = scored(three, "--format", "csv")
    assert as_csv.status == 1
    assert f"tally: {code_of(1)} 样例镇1: sqlite:///" in as_csv.err
    assert list(csv.reader(io.StringIO(as_csv.out)))[1][:5] == ["430681", "", "1", "2", "3"]
    workbook = three / "scores.xlsx"
    assert scored(three, "--format", "xlsx", "-o", workbook).status == 1
    book = openpyxl.load_workbook(workbook)
    assert book.sheetnames == ["汇总", "单位", "可比组", "未答复"]
    assert [cell.value for cell in book["未答复"][3]][:2] == [code_of(1), "样例镇1"]
    assert book["汇总"]["A1"].value == "样例县：3个乡镇中2个已答复"
    moved.rename(three / "1.db")
    assert (
        scored(three)
        .ok()
        .out.startswith("样例县: 3 of 3 towns; 2 of them had not moved since they were asked\n")
    )


def test_remarks_on_figures_name_the_towns_that_they_concern(three):
    for number in (0, 2):
        (three / f"{number}.db").unlink()
        make_town(f"sqlite:///{three}/{number}.db", number, adopts=False)
    said = (
        "tally: 样例镇0, 样例镇2: no measure was adopted in this ledger: 2016 is scored under the "
        "program's qianlianghu-2016\n"
    )
    assert scored(three).ok().err == said
    assert scored(three, "--units", "--format", "csv").ok().err == said


def test_check_proves_every_ledger_and_names_what_is_wrong(three):
    tally = Tally(three)
    run = tally("region", "check", three / "region.toml", "--json").ok()
    found = run.json
    assert found["whole"] == 3
    for number, one in enumerate(found["towns"]):
        alone = Tally(three, three / f"{number}.db")("check", "--json").ok().json
        assert (one["root"], one["size"]) == (alone["root"], alone["size"])
    (three / "1.db").unlink()
    make_damage(three / "2.db")
    run = tally("region", "check", three / "region.toml")
    assert run.status == 1
    assert "whole: 1, damaged: 1\n1 town did not answer:" in run.out
    assert f"{code_of(2)} 样例镇2: store: trigger " in run.out
    assert re.search(rf"{code_of(2)} 样例镇2: … and \d+ more \(`tally check --ledger ", run.out)
    (_, two) = tally("region", "check", three / "region.toml", "--json").json["towns"]
    assert any(one.startswith("unreadable: position 3: ") for one in two["findings"])


def test_check_says_that_a_ledger_without_its_public_key_is_not_proved(three):
    Tally(three, three / "1.db")("checkpoint", "--new-key").ok()
    check = "region", "check", three / "region.toml"
    assert "whole: 3, damaged: 0" in Tally(three)(*check).ok().out
    (three / "1.db.pub").unlink()
    (three / "1.db.key").unlink()
    run = Tally(three)(*check)
    assert run.status == 1
    assert f"{code_of(1)} 样例镇1: cannot be proved: there is no public key; " in run.out
    assert "whole: 2, damaged: 0\nnot proved for want of a public key: 1" in run.out


def make_damage(path):
    with closing(sqlite3.connect(path)) as connection, connection:
        triggers = "SELECT name FROM sqlite_schema WHERE type = 'trigger'"
        for (name,) in connection.execute(triggers).fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE stored_events SET state = x'00' WHERE position = 3")


def test_wrong_options_are_refused(three):
    region = ("--region", three / "region.toml")
    tally = Tally(three)
    for words, expected in {
        ("--by", "3"): "'3' is not one of 2, 4, 6 or 9",
        ("--on", "there"): "'there' is neither here nor local nor a scheduler's address, as tls://",
        ("--on", "tcp://10.0.0.5:8786"): "whoever reaches it can run anything there. Set TALLY_TLS",
        ("--on", "tls://x:99999"): "is not a scheduler's address",
        ("--format", "xlsx"): "--format xlsx needs the file to write: -o FILE.xlsx",
    }.items():
        assert expected in " ".join(tally("region", "score", *region, *words).misused().err.split())
    run = tally("region", "score", *region, "--as-of", "5").refused()
    assert "every ledger has positions of its own; give a day or a time" in run.err
    (three / "towns.csv").write_text("code\n1\n", encoding="utf-8")
    run = tally("region", "check", three / "region.toml").refused()
    assert [line.partition("towns.csv:")[2][:7] for line in run.err.splitlines()] == [
        "1: name",
        "1: sche",
    ]
    assert tally("region", "check", three / "none.toml").refused()


def test_a_bar_counts_towns(three, monkeypatch):
    shown = []
    for name in ("LONG", "_SURE", "_OFTEN"):
        monkeypatch.setattr(progress, name, 0.0)
    monkeypatch.setattr(progress, "is_shown", lambda: True)
    monkeypatch.setattr(progress._DISPLAY, "add", lambda what, total: shown.append((what, total)))
    monkeypatch.setattr(progress._DISPLAY, "move", lambda *_: None)
    monkeypatch.setattr(progress._DISPLAY, "remove", lambda _: None)
    scored(three).ok()
    assert ("towns", 3) in shown


KILLER = """
import multiprocessing, os, signal
from projections.region import folding
fold = folding._fold
def _fold(task):
    if task.town == os.environ["KILLER"] and multiprocessing.parent_process() is not None:
        os.kill(os.getpid(), signal.SIGKILL)
    return fold(task)
folding._fold = _fold
"""


def test_a_town_that_kills_its_process_is_named_alone(three):
    (three / "sitecustomize.py").write_text(KILLER)
    environment = {"PYTHONPATH": f"{three}:{ROOT}", "KILLER": code_of(1)}
    words = ("region", "score", "--region", "region.toml", *ALL, "--on", "local", "--json")
    run = process(*words, folder=three, environment=environment.items())
    assert run.status == 1, run.err
    assert run.json["answered"] == 2
    (lost,) = run.json["lost"]
    assert (lost["town"], lost["fault"]) == (code_of(1), "LostTownError")
    assert "the process that folded it was killed or crashed." in lost["message"]
    mended = process(*words, folder=three, environment={**environment, "KILLER": ""}.items())
    (three / "region.toml.kept").unlink()
    plain = scored(three, "--json").ok()
    assert mended.ok().out == plain.out
