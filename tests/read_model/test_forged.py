"""Attacks by somebody who may write the read model's file, and may not read the ledger's key."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from ledger.integrity.head import KeptHead
from ledger.integrity.keys import KeyPaths
from ledger.integrity.note import Signer
from ledger.read_model.sealing import Seal, place_of, read_model_path
from ledger.read_model.segments import TABLES
from tests.cli.entries import batch
from tests.cli.running import Tally

FINDING = ("record", "inspection_finding", "--unit", "V001", "--year", "2016", "--item", "3")
CARD = ("record", "yellow_card", "--unit", "V001", "--issued-on", "2016-05-12", "--by", "clerk")
UNITS = [
    {"kind": "unit", "id": f"V00{n}", "name": f"样例{name}村", "type": "village"}
    for n, name in enumerate("甲乙丙", 1)
]


@pytest.fixture
def town(at_work):
    """Return an office with three villages, petitions and a finding, and its read model."""
    at_work.take_in(*UNITS, batch(), batch("B-2", unit="V002", matter="XF-2"))
    at_work(*FINDING, "--id", "F-1", "--missing", "1", "--by", "clerk").ok()
    at_work.verify()
    scored(at_work)
    return at_work


def edit(town, *statements, **values):
    with closing(sqlite3.connect(read_model_path(town.url))) as connection:
        for statement in statements:
            connection.execute(statement, values)
        connection.commit()


def scored(town, *words):
    return town("score", "--year", "2016", "--through", "2016-11-30", "--json", *words).ok()


@pytest.fixture
def distrusted(caplog):
    """Return a function that returns whether the read model was not believed since it was asked."""

    def asked():
        found = "is not believed" in caplog.text
        caplog.clear()
        return found

    return asked


def saved(town):
    """Return a copy of the read model as it is now."""
    return shutil.copy(read_model_path(town.url), town.folder / "old.view")


def put_back(town, old):
    for end in ("-wal", "-shm"):
        read_model_path(f"{town.url}").with_name(f"tally.db.view{end}").unlink(missing_ok=True)
    shutil.copy(old, read_model_path(town.url))


def of_table(name):
    """Return the condition that a block is of a table; see `Segment.block_id`."""
    return f"(id >> 24) & 15 = {TABLES.index(name)}"


SHEETS = {
    "a figure in a page": ["UPDATE pages SET page = replace(page, '\"20\"', '\"99\"')"],
    "a page of another unit": [
        "UPDATE pages SET page = (SELECT page FROM pages WHERE unit = 'V002') WHERE unit = 'V001'"
    ],
    "a page taken out": ["DELETE FROM pages WHERE unit = 'V003'"],
    "a page put in": [
        "INSERT INTO pages SELECT sheet, 'V009', page FROM pages WHERE unit = 'V003'"
    ],
    "a page of another type": [
        "UPDATE pages SET page = 5",
        "UPDATE pages SET unit = x'00' WHERE unit = 'V001'",
    ],
    "the readings": ["UPDATE sheets SET town = x'5b7b7d2c7b7d5d'"],
    "the position": ["UPDATE sheets SET position = position - 1"],
    "the name": [
        "UPDATE sheets SET name = replace(name, '11-30', '11-29')",
        "UPDATE pages SET sheet = replace(sheet, '11-30', '11-29')",
    ],
    "the code": ["UPDATE sheets SET mac = zeroblob(32)"],
}


@pytest.mark.parametrize("what", SHEETS)
def test_changed_scores_are_not_believed(town, distrusted, what):
    day = ("--through", "2016-11-29" if what == "the name" else "2016-11-30")
    right = scored(town, "--no-cache", *day).json
    edit(town, *SHEETS[what])
    checked = town("check", "--json")
    found = scored(town, *day)
    assert distrusted()
    assert found.json == right
    assert {one["kind"] for one in checked.json["findings"]} == {"read_model"}
    assert scored(town, *day).json == right
    assert not distrusted()
    town("check").ok()


def test_a_page_of_an_earlier_position_is_not_believed_in_a_newer_sheet(town, distrusted):
    """It was right once, under the same name and key."""
    with closing(sqlite3.connect(read_model_path(town.url))) as connection:
        (page,) = connection.execute("SELECT page FROM pages WHERE unit = 'V001'").fetchone()
    town(*CARD, "--id", "HP-1").ok()
    town.verify()
    right = scored(town)
    edit(town, "UPDATE pages SET page = :page WHERE unit = 'V001'", page=page)
    found = scored(town)
    assert distrusted()
    assert found.json == right.json == scored(town, "--no-cache").json


def test_an_old_read_model_put_back_is_brought_up_to_date(town):
    old = saved(town)
    town(*CARD, "--id", "HP-1").ok()
    town.verify()
    town.take_in(batch("B-5"))
    right = scored(town)
    put_back(town, old)
    assert scored(town).json == right.json == scored(town, "--no-cache").json
    put_back(town, old)
    alike = town.file("alike.jsonl", batch("B-9", matter="XF-B-5"))
    assert "B-5" in town("import", alike, "--by", "clerk").refused().err
    assert town("explain", "V001", "2016", "--json").ok().json == (
        town("explain", "V001", "2016", "--no-cache", "--json").ok().json
    )


def test_scores_of_an_old_read_model_are_right_for_their_own_position(town):
    """An older sheet beside a newer index is updated from its own position."""
    with closing(sqlite3.connect(read_model_path(town.url))) as connection:
        sheets = connection.execute("SELECT * FROM sheets").fetchall()
        pages = connection.execute("SELECT * FROM pages").fetchall()
    town(*CARD, "--id", "HP-1").ok()
    town.verify()
    right = scored(town)
    with closing(sqlite3.connect(read_model_path(town.url))) as connection:
        connection.execute("DELETE FROM sheets")
        connection.execute("DELETE FROM pages")
        connection.executemany("INSERT INTO sheets VALUES (?, ?, ?, ?)", sheets)
        connection.executemany("INSERT INTO pages VALUES (?, ?, ?)", pages)
        connection.commit()
    assert scored(town).json == right.json


EMPTIED = {
    "blocks deleted": lambda table: [f"DELETE FROM blocks WHERE {of_table(table)}"],
    "rows cut from a block": lambda table: [
        f"UPDATE blocks SET content = substr(content, 1, 32) WHERE {of_table(table)}"
    ],
    "a block in place of another": lambda table: [
        f"""UPDATE blocks SET content = (SELECT content FROM blocks
        WHERE {of_table("unit" if table != "unit" else "alike")} LIMIT 1) WHERE {of_table(table)}"""
    ],
    "the table left out of the header": lambda table: [
        f"""UPDATE segments SET header = replace(header, '"{table}":1', '"{table}":0')"""
    ],
}
"""Ways to hide rows of a table of the index."""


@pytest.mark.parametrize("way", EMPTIED)
def test_a_second_finding_is_refused_whatever_was_taken_from_the_index(town, distrusted, way):
    """Let in, it would stay implausible for ever."""
    edit(town, *EMPTIED[way]("stands"))
    refused = town(*FINDING, "--id", "F-2", "--missing", "2", "--by", "clerk").refused()
    assert "F-1 stands for" in refused.err
    assert distrusted()
    town("check").ok()


@pytest.mark.parametrize("way", EMPTIED)
def test_an_alike_batch_is_refused_whatever_was_taken_from_the_index(town, distrusted, way):
    edit(town, *EMPTIED[way]("alike"))
    alike = town.file("alike.jsonl", batch("B-9", matter="XF-B-1"))
    assert "B-1" in town("import", alike, "--by", "clerk").refused().err
    assert distrusted()


@pytest.mark.parametrize("way", EMPTIED)
@pytest.mark.parametrize("table", ["unit", "refers", "matter"])
def test_nothing_is_hidden_by_taking_rows_from_the_index(town, distrusted, table, way):
    """The entries of a unit, the response to a batch, the report on its matter."""
    response = {"kind": "on_site_response", "id": "R-1", "unit": "V001", "batch": "B-1"}
    report = {"kind": "information_report", "id": "IR-1", "unit": "V001", "urgency": "urgent"}
    told = {"matters": ["XF-B-1"], "submitted_at": "2016-03-05T08:00"}
    town.take_in({**response, "arrival": "prompt"}, {**report, **told})
    words = ("list", "--unit", "V001", "--json")
    right = [town(*words, "--no-cache").ok().json, town("history", "B-1", "--json").ok().json]
    edit(town, *EMPTIED[way](table))
    assert {one["kind"] for one in town("check", "--json").json["findings"]} == {"read_model"}
    assert [town(*words).ok().json, town("history", "B-1", "--json").ok().json] == right
    assert distrusted()
    town("check").ok()


@pytest.mark.parametrize("way", EMPTIED)
def test_the_latest_year_is_found_whatever_was_taken_from_the_index(town, distrusted, way):
    town.adopt(2017)
    town.take_in(batch("B-17", occurred_at="2017-03-05T09:30"))
    town("score").ok()
    edit(town, *EMPTIED[way]("year"))
    assert town("score", "--json").ok().json["year"] == 2017
    assert distrusted()


def test_segments_that_are_missing_are_noticed_or_made_again(town, distrusted):
    """Without the last one the index is an older one, which catches up; others leave a gap."""
    for number in range(3):
        town(*CARD, "--id", f"HP-{number}").ok()
    right = town("explain", "V001", "2016", "--json", "--no-cache").ok().json
    with closing(sqlite3.connect(read_model_path(town.url))) as connection:
        lasts = [last for (last,) in connection.execute("SELECT last FROM segments ORDER BY last")]
    assert len(lasts) > 1
    edit(town, "DELETE FROM segments WHERE last = :last", last=lasts[-1])
    assert town("explain", "V001", "2016", "--json").ok().json == right
    assert not distrusted()
    edit(town, "DELETE FROM segments WHERE last = :last", last=lasts[0])
    assert town("explain", "V001", "2016", "--json").ok().json == right
    assert distrusted()


def test_a_read_model_made_under_another_key_is_not_used(town, distrusted):
    """As somebody makes it who has the program and the ledger, but not its key."""
    right = scored(town, "--no-cache").json
    key = KeyPaths(town.url).key
    own = key.read_text()
    key.write_text(Signer.make("tally/forged").secret())
    key.chmod(0o600)
    read_model_path(town.url).unlink()
    town("explain", "V001", "2016").ok()
    edit(town, "DELETE FROM sheets", "DELETE FROM pages")
    key.write_text(own)
    made_by = Seal(own.strip().encode()).made_by
    edit(town, "UPDATE made_by SET fingerprint = :made_by", made_by=made_by)
    found = scored(town)
    assert distrusted()
    assert found.json == right


@pytest.mark.parametrize("text", ["", "\n", "PRIVATE+KEY+tally/x+00000000+AAAA"])
def test_a_file_that_is_no_key_seals_no_read_model(town, text):
    """Who may write beside the ledger could put it there, and knows what is in it."""
    beside = read_model_path(town.url)
    KeyPaths(town.url).key.write_text(text)
    assert read_model_path(town.url) != beside
    assert place_of(town.url).seal.made_by != Seal(text.strip().encode()).made_by


def test_a_key_of_another_user_seals_no_read_model(town, monkeypatch):
    beside = read_model_path(town.url)
    monkeypatch.setattr(os, "geteuid", lambda: 4711)
    assert read_model_path(town.url) != beside


def test_without_a_home_there_is_no_read_model_and_no_traceback(town, monkeypatch):
    """As in a container, under a user that the system does not know."""

    def home():
        raise RuntimeError

    monkeypatch.setattr(Path, "home", home)
    for name in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name)
    KeyPaths(town.url).key.chmod(0o644)
    scored(town)
    town("check").ok()
    assert "this user has no home folder" in town("rebuild").refused().err
    Tally(town.folder, town.folder / "fresh.db")("init").ok()
    assert KeptHead.of("postgresql:///town") is None


def test_who_has_no_key_has_a_read_model_of_his_own(town, distrusted, monkeypatch, tmp_path):
    """It is not beside the ledger, and the one there is not believed."""
    beside = read_model_path(town.url)
    KeyPaths(town.url).key.chmod(0o644)
    for name in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    edit_before = beside.read_bytes()
    right = scored(town, "--no-cache").json
    assert scored(town).json == right
    own = read_model_path(town.url)
    assert own.is_relative_to(tmp_path / "XDG_CACHE_HOME")
    assert own.exists()
    assert beside.read_bytes() == edit_before
    secret = tmp_path / "XDG_CONFIG_HOME" / "tally" / "read-model.secret"
    assert secret.stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(own)) as connection:
        connection.execute("UPDATE pages SET page = replace(page, '\"20\"', '\"99\"')")
        connection.commit()
    found = scored(town)
    assert distrusted()
    assert found.json == right
