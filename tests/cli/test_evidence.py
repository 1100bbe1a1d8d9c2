"""Papers are kept beside the ledger by their hash, never in it; `check` proves those there."""

from __future__ import annotations

import hashlib
import os
import stat
import time

import pytest

from ledger import evidence
from tests.cli.entries import UNITS, batch

SCAN = b"%PDF-1.7 scan"
SHA256 = hashlib.sha256(SCAN).hexdigest()
OTHER = b"another paper"
POSIX = pytest.mark.skipif(os.name != "posix", reason="modes and links of POSIX")


@pytest.fixture
def office(tally):
    """Return `tally` on a ledger of two villages, and a scanned paper beside it."""
    tally.take_in(*UNITS)
    tally.folder.joinpath("登记表.pdf").write_bytes(SCAN)
    return tally


@pytest.fixture
def folder(office):
    return office.folder / "tally.db.evidence"


@pytest.fixture
def kept(office, folder):
    """Return the path of the paper, which is kept and named by B-1."""
    given = office("evidence", "add", office.folder / "登记表.pdf").ok().out.strip()
    record(office, "B-1", "--evidence", given)
    return folder / SHA256[:2] / SHA256


def record(tally, name, *more):
    fields = {"unit": "V001", "matter": f"XF-{name}", "level": "town", "headcount": 3}
    words = [one for field, value in fields.items() for one in (f"--{field}", value)]
    when = ("--occurred-at", "2016-03-05T09:30", "--abnormal")
    return tally("record", "petition_batch", "--id", name, *words, *when, "--by", "clerk", *more)


def papers(tally):
    return tally("check", "--json").ok().json["evidence"]


def wrong(tally):
    """Return position, id and message of the findings, which must be about papers; status 1."""
    found = tally("check", "--json")
    assert found.status == 1
    assert {one["kind"] for one in found.json["findings"]} == {"evidence"}
    return [(one["position"], one["id"], one["message"]) for one in found.json["findings"]]


def test_add_prints_what_an_entry_takes_and_the_ledger_has_the_hash_alone(office, folder):
    path = office.folder / "登记表.pdf"
    run = office("evidence", "add", path, "--json").ok()
    assert run.json == {
        "evidence": [{"name": "登记表.pdf", "sha256": SHA256}],
        "folder": str(folder),
    }
    assert office("evidence", "add", path).ok().out == f"登记表.pdf={SHA256}\n"
    record(office, "B-1", "--evidence", f"登记表.pdf={SHA256}").ok()
    assert (folder / SHA256[:2] / SHA256).read_bytes() == SCAN
    assert [one for one in folder.rglob("*") if one.is_file()] == [folder / SHA256[:2] / SHA256]
    assert SCAN not in office.path.read_bytes()
    assert office("check").ok().out.count("papers: 1 present and whole, 0 named but not here") == 1


@POSIX
def test_papers_are_the_owners_alone(kept):
    modes = [stat.S_IMODE(one.stat().st_mode) for one in (kept, kept.parent, kept.parent.parent)]
    assert modes == [0o600, 0o700, 0o700]


def test_record_keeps_the_file_that_it_is_given(office, folder):
    record(office, "B-1", "--evidence", f"@{office.folder / '登记表.pdf'}").ok()
    (found,) = office("list", "petition_batch", "--json").ok().json["entries"]
    assert found["content"]["evidence"] == [{"name": "登记表.pdf", "sha256": SHA256}]
    assert papers(office) == {"whole": 1, "missing": 0, "unnamed": 0}
    assert (folder / SHA256[:2] / SHA256).exists()


def test_what_is_named_but_not_here_is_told_and_is_no_failure(office):
    office.take_in(batch(evidence=[{"name": "甲.pdf", "sha256": SHA256}]))
    assert papers(office) == {"whole": 0, "missing": 1, "unnamed": 0}
    assert "0 present and whole, 1 named but not here" in office("check").ok().out


def test_a_ledger_without_papers_says_nothing_of_them(office):
    assert "papers: " not in office("check").ok().out


@pytest.mark.parametrize("content", [OTHER, SCAN + b"\n", SCAN[:-1]])
def test_a_changed_paper_is_found_with_the_entry_that_names_it(office, kept, content):
    kept.write_bytes(content)
    ((position, name, message),) = wrong(office)
    assert (position, name) == (6, "B-1")
    sha256 = hashlib.sha256(content).hexdigest()
    assert message == f"登记表.pdf: {kept} is damaged: its SHA-256 is {sha256}"
    # The same paper, kept again, mends it.
    office("evidence", "add", office.folder / "登记表.pdf").ok()
    assert papers(office) == {"whole": 1, "missing": 0, "unnamed": 0}


def test_an_emptied_paper_and_a_damaged_one_that_no_entry_names_are_found(office, kept):
    kept.write_bytes(b"")
    other = kept.parent.parent / "ab" / ("ab" + "0" * 62)
    other.parent.mkdir()
    other.write_bytes(SCAN)
    found = {(position, name) for position, name, _ in wrong(office)}
    assert found == {(6, "B-1"), (None, None)}


def test_a_damaged_paper_stops_neither_checkpoint_nor_backup(office, kept):
    kept.write_bytes(OTHER)
    office("checkpoint").ok()
    run = office("backup", office.folder / "copy.db").ok()
    assert f"the papers in {kept.parent.parent} are not copied; copy that folder" in run.err


@POSIX
def test_no_link_in_the_folder_is_followed(office, kept, tmp_path):
    secret = tmp_path / "secret"
    secret.write_bytes(SCAN)
    kept.unlink()
    kept.symlink_to(secret)
    assert "it is a link" in wrong(office)[0][2]
    run = office("evidence", "get", SHA256, "-o", tmp_path / "out.pdf").refused()
    assert "it is a link" in run.err
    kept.unlink()
    kept.parent.rmdir()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    kept.parent.symlink_to(elsewhere)
    assert "it is a link" in office("evidence", "add", tmp_path / "登记表.pdf").refused().err
    assert not [*elsewhere.iterdir()]
    run = office("evidence", "get", SHA256, "-o", tmp_path / "out.pdf").refused()
    assert "it is a link" in run.err


@POSIX
def test_a_folder_that_is_a_link_is_refused_unless_it_was_named(office, folder, monkeypatch):
    elsewhere = office.folder / "elsewhere"
    elsewhere.mkdir()
    folder.symlink_to(elsewhere)
    path = office.folder / "登记表.pdf"
    assert "name the folder by TALLY_EVIDENCE" in office("evidence", "add", path).refused().err
    assert "name the folder by TALLY_EVIDENCE" in wrong(office)[0][2]
    monkeypatch.setenv("TALLY_EVIDENCE", str(folder))
    office("evidence", "add", path).ok()
    assert (elsewhere / SHA256[:2] / SHA256).read_bytes() == SCAN
    assert papers(office) == {"whole": 0, "missing": 0, "unnamed": 1}


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("空.pdf", b"", "空.pdf is empty"),
        ("大.pdf", b"0" * 101, "大.pdf has more than the 100 bytes of a paper"),
        ("a,b.pdf", SCAN, "cannot be written as NAME=SHA-256; rename the file"),
        ("甲、乙.pdf", SCAN, "cannot be written as NAME=SHA-256; rename the file"),
        ("a=b.pdf", SCAN, "cannot be written as NAME=SHA-256; rename the file"),
        ("11010519491231002X.pdf", SCAN, "evidence: "),
        ("13800138000.jpg", SCAN, "evidence: "),
    ],
)
def test_a_paper_is_refused_and_nothing_stays(office, folder, monkeypatch, name, content, message):
    monkeypatch.setattr(evidence, "MOST", 100)
    path = office.folder / name
    path.write_bytes(content)
    run = office("evidence", "add", path).refused()
    assert message in run.err
    if "evidence: " in message:
        assert name[:11] not in run.err
    assert not [one for one in folder.rglob("*") if one.is_file()]


@POSIX
def test_other_than_files_are_refused(office, folder):
    (office.folder / "link.pdf").symlink_to(office.folder / "登记表.pdf")
    os.mkfifo(office.folder / "pipe.pdf")
    for name, why in {
        "link.pdf": "it is a link; name the file itself",
        "pipe.pdf": "it is not a file",
        ".": "it is not a file",
        "none.pdf": "No such file",
    }.items():
        assert why in office("evidence", "add", office.folder / name).refused().err
    assert not folder.exists()


def test_get_writes_a_whole_paper_into_a_new_file(office, kept, tmp_path):
    out = tmp_path / "out.pdf"
    run = office("evidence", "get", SHA256.upper(), "-o", out, "--json").ok()
    assert run.json == {"sha256": SHA256, "file": str(out)}
    assert out.read_bytes() == SCAN
    assert "exists already" in office("evidence", "get", SHA256, "-o", out).refused().err
    other = tmp_path / "other.pdf"
    kept.write_bytes(OTHER)
    assert "is damaged" in office("evidence", "get", SHA256, "-o", other).refused().err
    kept.unlink()
    assert "there is no paper" in office("evidence", "get", SHA256, "-o", other).refused().err
    assert not [one for one in tmp_path.iterdir() if one.name.startswith("other.pdf")]
    office("evidence", "get", "B-1", "-o", other).misused()
    missing = tmp_path / "none" / "x.pdf"
    office("evidence", "get", SHA256, "-o", missing).refused()


def test_list_tells_what_is_here_missing_unnamed_and_without(office, kept):
    office.take_in(batch("B-2", matter="XF-2", evidence=[{"name": "乙.pdf", "sha256": "a" * 64}]))
    office.take_in({"kind": "reversal", "id": "B-1.R", "of": "B-1", "reason": "误录"})
    office.folder.joinpath("丙.jpg").write_bytes(OTHER)
    office("evidence", "add", office.folder / "丙.jpg").ok()
    unnamed = hashlib.sha256(OTHER).hexdigest()
    assert office("evidence", "list", "--json").ok().json == {
        "position": office.position,
        "folder": str(kept.parent.parent),
        "papers": [
            {"name": "登记表.pdf", "sha256": SHA256, "entries": ["B-1"], "here": True},
            {"name": "乙.pdf", "sha256": "a" * 64, "entries": ["B-2"], "here": False},
        ],
        "unnamed": [unnamed],
        "without": ["V001", "V002"],
    }
    assert office("evidence", "list").ok().out.splitlines() == [
        f"here  登记表.pdf={SHA256}  of B-1",
        f"not here  乙.pdf={'a' * 64}  of B-2",
        f"{unnamed} is here, and no entry names it",
        "2 entries without papers: V001, V002",
    ]
    assert office("evidence", "list", "--format", "csv").ok().out.splitlines() == [
        "sha256,name,entries,state",
        f"{SHA256},登记表.pdf,B-1,here",
        f"{'a' * 64},乙.pdf,B-2,missing",
        f"{unnamed},,,unnamed",
    ]


def test_a_part_of_a_killed_process_is_removed_a_day_later(office, folder):
    folder.mkdir()
    old, new = folder / "old.part", folder / "new.part"
    for one in (old, new):
        one.write_bytes(b"half")
    yesterday = time.time() - 25 * 60 * 60
    os.utime(old, (yesterday, yesterday))
    office("evidence", "add", office.folder / "登记表.pdf").ok()
    assert (old.exists(), new.exists()) == (False, True)
    assert papers(office) == {"whole": 0, "missing": 0, "unnamed": 1}
