"""`init` makes a ledger whose first event adopts a measure, or makes nothing."""

from __future__ import annotations

import json

import pytest

from projections.measure import BUILT_IN, read_measure
from tests.cli.running import Tally

LARGER = 'when = { level = ["national"], headcount = "1-5" }\npoints = "-4"\n'
FILE = "clauses/04-abnormal-petitions.toml"


@pytest.fixture
def folder(nothing):
    """A folder with a measure, as an editor on Windows writes it, and files that are left aside."""
    made = nothing.folder / "ours-2017"
    for name, text in read_measure(BUILT_IN).items():
        path = made / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.replace("\n", "\r\n").encode("utf-8-sig"))
    (made / "notes.md").write_bytes(b"\xff")
    (made / "clauses" / "screening.toml~").write_text("an editor's copy")
    return made


def adopted(tally):
    """Return the state of the founding adoption."""
    ((_, name, version, topic, state),) = tally.rows()
    assert (version, topic) == (1, "tally.MeasureAdopted")
    found = json.loads(state)
    assert name == f"measure:{found['year']}"
    assert found["founding"] is True
    return found


def test_adopts_the_measure_of_2016_by_itself(nothing):
    nothing("init").ok()
    found = adopted(nothing)
    assert (found["year"], found["measure"], found["by"]) == (2016, BUILT_IN, "tally init")
    assert found["basis"] == "钱政办发（2016）11号"
    assert {"measure.toml", "text.txt", "sentences.toml", FILE} <= found["content"].keys()


def test_adopts_a_folder_whatever_its_line_ends(nothing, folder):
    """Its content, and so its SHA-256, is that of the same text with line feeds."""
    told = nothing("init", "--measure", f"{folder}/", "--year", "2017", "--json").ok().json
    found = adopted(nothing)
    assert found["content"] == read_measure(BUILT_IN)
    measure = {"id": BUILT_IN, "sha256": found["sha256"], "year": 2017}
    assert told == {"ledger": nothing.url, "position": 1, "measure": measure}
    assert nothing("score", "--json").ok().json["year"] == 2017


def test_the_year_is_that_of_the_issue_unless_told(nothing, folder):
    nothing("init", "--measure", folder).ok()
    assert adopted(nothing)["year"] == 2016


def test_the_name_is_that_of_the_environment_unless_told(tmp_path, monkeypatch):
    monkeypatch.setenv("TALLY_BY", "局长")
    for words, by in (((), "局长"), (("--by", "office"), "office")):
        tally = Tally(tmp_path, tmp_path / f"{by}.db")
        tally("init", *words).ok()
        assert adopted(tally)["by"] == by


def _renamed(folder):
    path = folder / "measure.toml"
    path.write_text(path.read_text("utf-8-sig").replace(f'id = "{BUILT_IN}"', 'id = "our one"'))


def _unsound(folder):
    path = folder / FILE
    path.write_text(path.read_text("utf-8-sig").replace(LARGER, LARGER.replace("-4", "x")))


REFUSED = {
    "no such measure": (
        lambda folder: ["--measure", f"{folder}-2"],
        "-2 is neither a folder with measure.toml nor one of qianlianghu-2016",
    ),
    "a folder without a measure": (
        lambda folder: [(folder / "measure.toml").unlink(), "--measure", folder][1:],
        "is neither a folder with measure.toml nor one of qianlianghu-2016",
    ),
    "a file that is not UTF-8": (
        lambda folder: [(folder / "text.txt").write_bytes(b"\xb9\xfe"), "--measure", folder][1:],
        "text.txt: is not UTF-8, perhaps GBK (ANSI): save it as UTF-8",
    ),
    "a file that is missing": (
        lambda folder: [(folder / "sentences.toml").unlink(), "--measure", folder][1:],
        "sentences.toml: is missing",
    ),
    "an unsound file": (
        lambda folder: [_unsound(folder), "--measure", folder][1:],
        f"{FILE}, abnormal-petitions.amount[0].points",
    ),
    "an id that no event may have": (
        lambda folder: [_renamed(folder), "--measure", folder][1:],
        "measure.id: must be 1 to 64 letters, digits",
    ),
    "a number of a person": (
        lambda folder: [
            (folder / "entries.toml").write_text("# 电话13812345678", "utf-8"),
            *("--measure", folder),
        ][1:],
        "entries.toml: holds an identity-card or mobile number",
    ),
    "no name": (lambda _: ["--by", ""], "by: must not be empty"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refuses_with_a_message_and_makes_nothing(nothing, folder, name):
    words, message = REFUSED[name]
    run = nothing("init", *words(folder)).refused()
    assert message in run.err
    assert run.out == ""
    assert [path.name for path in nothing.folder.iterdir() if path.is_file()] == []


def test_a_malformed_year_is_wrong_usage(nothing):
    assert "'--year'" in nothing("init", "--year", "16").misused().err
