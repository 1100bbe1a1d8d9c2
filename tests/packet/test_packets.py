"""What a packet holds, and what its verifier says of it, by Python alone."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import ledger.read_model
from cli.packet import verify
from ledger.integrity.checkpoint import sign_head
from ledger.integrity.keys import load_key, make_key
from tests.cli.entries import UNITS, batch
from tests.cli.running import Tally
from tests.integrity.accounts import Office
from tests.integrity.towns import Town
from tests.packet.packets import (
    VERIFIER,
    by_python,
    events_of,
    files_of,
    made,
    unpacked,
    verified,
    wrong,
)
from tests.pages.conftest import MONTHS, THROUGH
from tests.pages.html_page import HtmlPage
from tests.pages.test_other_measures import FIRES, LAST, fire
from tests.support import submissions


def key_of(tally):
    return Path(f"{tally.path}.pub").read_text("utf-8").split()[0]


def last(lines):
    """Return what lines say in English."""
    return [line.rpartition(" / ")[2] for line in lines]


def test_a_packet_is_verified_by_python_alone(town_packet, tmp_path):
    """V001: 20 − 2 = 18, published as 19 before B-1 was corrected."""
    words = ["--key", key_of(town_packet.tally)]
    alone = tmp_path / "verify.py"
    alone.write_bytes(files_of(town_packet.path)["verify.py"])
    run = by_python(alone, town_packet.path, *words)
    assert run.returncode == 0, run.stdout
    found = last(run.stdout.splitlines())
    assert found[1] == "the manifest is signed by the office's key: by the key that was given"
    assert found[-5:] == [
        "recorder and verifier are two: 0 entries signed by two keys, 17 by names as typed",
        "the postings rest on entries that count: 8 references",
        "the points add up: V001 甲村 2016Q2: 20 + -2 = 18 points",
        "compared with the bulletin: 2016Q2#1 published 19, now 18",
        "everything is proved",
    ]
    folder = unpacked(town_packet.path, tmp_path / "out")
    inside = by_python("verify.py", *words, folder=folder)
    assert (inside.returncode, inside.stdout) == (0, run.stdout)
    assert by_python(alone, folder, *words).stdout == run.stdout


def test_it_holds_what_the_score_rests_on_and_no_other_units_entries(town_packet):
    files = files_of(town_packet.path)
    assert [*files][:6] == [
        *("manifest.txt", "index.html", "verify.py", "public.key", "explanation.json"),
        "proof.json",
    ]
    assert files["verify.py"] == VERIFIER.read_bytes()
    tally = town_packet.tally
    assert json.loads(files["explanation.json"]) == (
        tally("explain", "V001", "2016Q2", "--through", THROUGH, "--json").ok().json
    )
    events = events_of(files)
    names = {name for name, _ in events}
    of_months = {f"{kind}-V001-{month}" for kind in ("SR", "CR") for month in MONTHS}
    batches = {"B-1", "B-1.R", "B-1.2", "B-9", "CT-1"}
    assert {one for one in names if ":" not in one} == {"V001", *batches, *of_months}
    stated = {one for one in names if ":" in one and not one.startswith("objection:")}
    assert stated == {"measure:2016", "publication:2016Q2"}
    assert len(names) - len(stated) == len({"V001", *batches, *of_months}) + 1
    entries = [one["entry"] for _, one in events if isinstance(one.get("entry"), dict)]
    assert {one["unit"] for one in entries if "unit" in one} == {"V001"}
    assert {one["id"] for one in entries if one["kind"] == "unit"} == {"V001"}
    topics = [
        one["topic"] for one in json.loads(files["proof.json"])["events"] if one["id"] == "B-1"
    ]
    assert topics == [
        *("tally.PetitionBatchRecorded", "tally.EntryVerified", "tally.EntryReversed"),
    ]


def test_the_proof_is_one_that_check_verifies(town_packet, tmp_path):
    proof = tmp_path / "proof.json"
    proof.write_bytes(files_of(town_packet.path)["proof.json"])
    tally = town_packet.tally
    assert tally("check", "--proof", proof, "--key", f"{tally.path}.pub").ok().out


def test_a_packet_is_the_same_each_time(town_packet, tmp_path):
    again = tmp_path / "again.zip"
    words = "V001", "2016Q2", "--through", THROUGH, "--lang", "zh"
    town_packet.tally("packet", *words, "-o", again).ok()
    assert again.read_bytes() == town_packet.path.read_bytes()


def test_a_packet_of_a_large_ledger_is_the_same(town, town_packet, monkeypatch, tmp_path):
    """By the read model and the year's part instead of all events."""
    large = town.copy(tmp_path / "large")
    monkeypatch.setattr(ledger.read_model, "SMALL", 0)
    path = made(large, "V001", "2016Q2", "--through", THROUGH, "--lang", "zh")
    assert path.read_bytes() == town_packet.path.read_bytes()


def test_an_objection_of_another_unit_to_an_entry_of_both_is_not_in_it(town, tmp_path):
    tally = town.copy(tmp_path / "shared")
    tally.take_in(batch("B-5", host_unit="V002", occurred_at="2016-04-05T09:30:00+08:00"))
    for unit, reason in (("V001", "甲村的理由"), ("V002", "乙村的理由")):
        tally("object", "B-5", "--unit", unit, "--reason", reason, "--by", "clerk").ok()
    tally("decide", "B-5.O2", "dismissed", "--reason", "对乙村的答复", "--by", "head").ok()
    tally("checkpoint").ok()
    others = {"V001": ("乙村的理由", "对乙村的答复"), "V002": ("甲村的理由",)}
    own = {"V001": ("甲村的理由",), "V002": ("乙村的理由", "对乙村的答复")}
    for unit, hidden in others.items():
        files = files_of(made(tally, unit, "2016Q2", "--through", THROUGH))
        for name in ("index.html", "proof.json"):
            text = files[name].decode()
            assert [one for one in (*own[unit], *hidden) if one in text] == [*own[unit]]


def test_the_page_needs_nothing_else_and_shows_every_posting(town_packet):
    html = files_of(town_packet.path)["index.html"].decode()
    page = HtmlPage(html)
    for said in ("甲村", "2016Q2", "18", "B-1.2", "已通报，第 1 版", key_of(town_packet.tally)):
        assert said in page.text
    names = {tag for tag, _ in page.tags}
    assert not names & {"script", "link", "img", "form", "iframe"}
    for tag, values in page.tags:
        assert tag == "a" or not {"src", "href", "action", "style"} & set(values)
        assert not any(name.startswith("on") for name in values)
        assert tag != "a" or values["href"].startswith("#")
    assert "<script>" not in html


def test_a_year_is_the_sum_of_its_periods(town):
    """V002: 20 + 20, and 2 for a commendation; nothing of the year was published."""
    path = made(town, "V002", "2016", "--through", THROUGH)
    status, lines = verified(path)
    assert status == 0, lines
    found = last(lines)
    assert "the points add up: V002 乙村 2016: 0 + 42 = 42 points" in found
    said = "2016 was not published; 2016Q1 was not published; 2016Q2#1 is the same"
    assert f"compared with the bulletin: {said}" in found
    assert "explanation-2016Q1.json" in files_of(path)


def test_an_earlier_state_is_packed_by_its_position(town):
    """Before the correction: 20 − 1 = 19, as published."""
    before = town("history", "B-1.R", "--json").ok().json["events"][0]["position"] - 1
    path = made(town, "V001", "2016Q2", "--through", THROUGH, "--as-of", before)
    status, lines = verified(path)
    assert status == 0, lines
    assert "the points add up: V001 甲村 2016Q2: 20 + -1 = 19 points" in last(lines)
    names = {name for name, _ in events_of(files_of(path))}
    assert {"B-1.R", "B-1.2"}.isdisjoint(names)


def test_signatures_of_accounts_are_proved(office_packet):
    """Nothing was published; V001 objects, by its own account."""
    status, lines = verified(office_packet.path)
    assert status == 0, lines
    found = last(lines)
    assert found[-5:] == [
        "recorder and verifier are two: 16 entries signed by two keys, 0 by names as typed",
        "the postings rest on entries that count: 7 references",
        "the points add up: V001 甲村 2016Q2: 20 + -2 = 18 points",
        "compared with the bulletin: 2016Q2 was not published",
        "everything is proved",
    ]
    files = files_of(office_packet.path)
    names = [name for name, _ in events_of(files)]
    accounts = [name for name in names if name.startswith("account:")]
    assert sorted(accounts) == sorted(
        ["account:王主任", "account:小李", "account:小李", "account:甲村"]
    )
    assert "B-8" not in names
    others = [one for name, one in events_of(files) if name != "measure:2016"]
    assert "V002" not in json.dumps(others)


def test_what_a_damaged_row_leaves_unproved_is_named(tmp_path):
    """B-2 of V002 was damaged and set aside, and its verification: B-1 was in both appends."""
    office = Office(f"sqlite:///{tmp_path}/tally.db")
    make_key(office.url)
    office.open("王主任", "verifier")
    office.open("小李", "clerk", "王主任")
    office.ledger.record(submissions(UNITS), "小李")
    office.ledger.verify(None, "王主任")
    office.ledger.record(submissions([batch("B-1"), batch("B-2", unit="V002")]), "小李")
    office.ledger.verify(None, "王主任")
    at = {(one.originator_id, one.topic): one.position for one in office.rows()}
    places = [at["B-2", "tally.PetitionBatchRecorded"], at["B-2", "tally.EntryVerified"]]
    office.change("state", b"damaged", places[0])
    for position in places:
        office.set_aside(position)
    sign_head(office.store, load_key(office.url), [])
    office.store.close()
    tally = Tally(tmp_path, tmp_path / "tally.db")
    status, lines = verified(made(tally, "V001", "2016Q2", "--through", THROUGH))
    assert status == 0, lines
    unproved = [one - 1 for one in places]
    said = f"1 entries signed by two keys, 1 by names as typed; not proved: {unproved}"
    assert f"recorder and verifier are two: {said}" in last(lines)


def test_accounts_of_others_are_not_in_it(office):
    files = files_of(made(office, "V002", "2016Q2", "--through", THROUGH))
    names = {name for name, _ in events_of(files)}
    assert "account:甲村" not in names
    assert "account:小李" in names


def test_a_ledger_without_adoptions_says_that_the_measure_is_the_programs_own(tmp_path):
    town = Town.build(tmp_path / "tally.db")
    tally = Tally(tmp_path, tmp_path / "tally.db")
    before = next(row.position for row in rows_of(town) if row.originator_id == "measure:2016") - 1
    path = made(tally, "V001", "2016Q2", "--as-of", before)
    status, lines = verified(path)
    assert status == 0, lines
    (said,) = [line for line in last(lines) if "the measure is the one adopted" in line]
    assert "none; the program's own qianlianghu-2016 (SHA-256 " in said
    assert any("台账未采用办法" in line for line in lines)


def rows_of(town):
    with town.store() as store:
        return list(store.raw())


def test_an_own_measure_and_own_kinds_are_packed(tmp_path):
    """H1 opens with 100: a fire seen by satellite −30, a small one found by the patrol −3: 67."""
    tally = Tally(tmp_path)
    tally("init", "--measure", FIRES, "--by", "office").ok()
    village = {"kind": "unit", "type": "village"}
    tally.take_in(
        {**village, "id": "H1", "name": "石坡村", "group": "hill"},
        {**village, "id": "P1", "name": "河口村", "group": "plain"},
        fire("F-1", "H1", "satellite", 40, "2021-05-20"),
        fire("F-2", "H1", "patrol", 300, "2021-06-20"),
        fire("F-3", "P1", "patrol", 301, "2021-10-02"),
    )
    tally("checkpoint").ok()
    path = made(tally, "H1", "2021", "--through", LAST)
    status, lines = verified(path)
    assert status == 0, lines
    assert "the points add up: H1 石坡村 2021: 100 + -33 = 67 points" in last(lines)
    assert "measure/entries.toml" in files_of(path)
    names = {name for name, _ in events_of(files_of(path))}
    assert names == {"measure:2021", "H1", "F-1", "F-2"}


def test_another_key_than_the_one_given_is_found(town_packet, office, tmp_path):
    (found,) = wrong(town_packet.path, "--key", f"{office.path}.pub")
    assert "it is another key" in found
    kept = tmp_path / "kept.pub"
    shutil.copy(f"{town_packet.tally.path}.pub", kept)
    assert verified(town_packet.path, "--key", str(kept))[0] == 0
    assert "this is not" in wrong(town_packet.path, "--key", "a+b+c")[0]
    lines = ["没有公钥文件 / there is no file of a key: no.pub"]
    assert verified(town_packet.path, "--key", "no.pub") == (2, lines)


def test_words_that_are_not_understood_are_wrong_usage(town_packet):
    run = by_python(VERIFIER, town_packet.path, "--nonsense")
    assert run.returncode == 2
    assert "python -I -S verify.py" in run.stdout
    assert by_python(VERIFIER, "a.zip", "b.zip").returncode == 2
    run = by_python(VERIFIER, "a.zip")
    assert run.returncode == 1
    assert "there is no such file or folder" in run.stdout


VERSIONS = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"


@pytest.mark.parametrize("minor", [8, 9, 10, 12, 13])
def test_other_versions_of_python_verify_it_too(town_packet, minor):
    pythons = sorted(VERSIONS.glob(f"3.{minor}.*/bin/python3"))
    if not pythons or sys.platform == "win32":
        pytest.skip(f"no Python 3.{minor} here")
    words = [pythons[0], "-I", "-S", VERIFIER, town_packet.path]
    run = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")


def test_the_verifier_imports_the_standard_library_alone():
    assert verify.__spec__.origin == str(VERIFIER)
    run = by_python("-c", f"import runpy; runpy.run_path({str(VERIFIER)!r})")
    assert run.returncode == 0
