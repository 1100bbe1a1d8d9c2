"""Every kind of tampering at random places is found, and located where it was done."""

import random
import shutil
import sqlite3
from contextlib import closing

import pytest

from ledger.errors import TallyError
from tests.integrity.tampering import (
    KINDS,
    byte_in_id,
    byte_in_state,
    byte_in_topic,
    checkpoint,
    plausible_state,
    row_deleted,
    rows_swapped,
    tail_cut,
    topic,
)
from tests.integrity.towns import Town

PLACES = pytest.mark.parametrize(
    ("places", "seed"),
    [pytest.param(30, 4), pytest.param(1_000, 44, marks=pytest.mark.slow)],
    ids=["30", "1000"],
)
LOCATED = [byte_in_id, byte_in_topic, byte_in_state, topic, plausible_state, rows_swapped]


def tampered(shared_town, folder, kind, seed):
    """Return a copy of the town with one change, and the positions changed."""
    path = folder / "copy.db"
    shutil.copy(shared_town.path, path)
    twin = Town(path)
    shutil.copy(shared_town.places.public, twin.places.public)
    with twin.without_triggers() as raw:
        return twin, kind(raw, random.Random(seed))


@PLACES
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_finds_every_tampering_without_files_beside_the_ledger(
    shared_town, tmp_path, kind, places, seed
):
    """The ledger's own checkpoints and its public key suffice."""
    missed = []
    for place in range(places):
        twin, _ = tampered(shared_town, tmp_path, kind, f"{seed}-{place}")
        if not twin.check(outside=False).findings:
            missed.append(f"{seed}-{place}")
    assert missed == []


@PLACES
@pytest.mark.parametrize("kind", LOCATED, ids=lambda kind: kind.__name__)
def test_locates_every_changed_row(shared_town, tmp_path, kind, places, seed):
    """With the leaf hashes beside the key, exactly the changed rows are named."""
    for name in ("checkpoint", "leaves"):
        shutil.copy(getattr(shared_town.places, name), tmp_path / f"copy.db.{name}")
    for place in range(places):
        twin, due = tampered(shared_town, tmp_path, kind, f"{seed}-{place}")
        findings = twin.check().findings
        exact = {
            finding.position
            for finding in findings
            if finding.kind in {"changed", "moved"} and "the events" not in finding.message
        }
        assert exact == set(due), f"{seed}-{place}"


@PLACES
def test_finds_flipped_bits_of_the_file(shared_town, tmp_path, places, seed):
    """Each is found, or the file cannot be opened, or its content is unchanged."""
    rows, kept = shared_town.rows(), shared_town.kept()
    whole = shared_town.path.read_bytes()
    path = tmp_path / "copy.db"
    twin = Town(path)
    shutil.copy(shared_town.places.public, twin.places.public)
    found = 0
    for place in range(places):
        chance = random.Random(f"{seed}-{place}")
        changed = bytearray(whole)
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
        for beside in ("-wal", "-shm"):
            path.with_name(path.name + beside).unlink(missing_ok=True)
        path.write_bytes(changed)
        try:
            seen = bool(twin.check(outside=False).findings)
        except TallyError:
            seen = True
        if not seen:
            assert (twin.rows(), twin.kept()) == (rows, kept), f"{seed}-{place}"
        found += seen
    print(f"{found} of {places} flipped bytes found; the others changed no content")
    assert found > places / 4


def test_finds_a_cut_tail_by_the_checkpoint_beside_the_key(town):
    """The tail is cut together with the checkpoints that would show it."""
    with town.without_triggers() as raw:
        raw.execute("DELETE FROM stored_events WHERE position > 20")
        raw.execute("DELETE FROM checkpoints WHERE size > 20")
    assert town.check(outside=False).findings == []
    (finding,) = town.check().findings
    assert (finding.kind, finding.position) == ("cut", 21)
    assert "which were signed, are missing" in finding.message


def messages(town, kind, seed):
    with town.without_triggers() as raw:
        due = kind(raw, random.Random(seed))
    return due, [str(finding) for finding in town.check().findings]


def test_names_swapped_rows(town):
    (one, other), found = messages(town, rows_swapped, 1)
    assert any(
        f"position {one}:" in line and f"was at position {other} when it was signed" in line
        for line in found
    )


def test_names_a_changed_row(town):
    (place,), found = messages(town, plausible_state, 1)
    row = town.rows()[place - 1]
    words = "is not the row that was signed"
    assert f"changed: position {place}: {row.originator_id}: {words}" in found


def test_names_a_row_whose_version_is_out_of_range(town):
    with town.without_triggers() as raw:
        raw.execute("UPDATE stored_events SET originator_version = -1 WHERE position = 5")
    name = town.rows()[4].originator_id
    found = [str(finding) for finding in town.check().findings]
    assert f"changed: position 5: {name}: is not the row that was signed" in found


def test_names_a_missing_row(town):
    (place,), found = messages(town, row_deleted, 1)
    words = f"the rows from here up to position {place} are missing"
    assert f"missing: position {place}: {words}" in found


def test_names_a_cut_tail(town):
    last = town.rows()[-1].position
    (place,), found = messages(town, tail_cut, 1)
    words = f"the tail is cut: the events {place}–{last}, which were signed, are missing"
    assert f"cut: position {place}: {words}" in found


def test_names_a_changed_checkpoint(town):
    _, found = messages(town, checkpoint, 3)
    assert any(line.startswith("checkpoint: the kept checkpoint of size") for line in found)


def test_names_missing_triggers_and_foreign_tables(town):
    with town.without_triggers() as raw:
        raw.execute("CREATE TABLE notes (x)")
    with closing(sqlite3.connect(town.path)) as raw:
        raw.execute("DROP TRIGGER no_update")
    assert {(finding.kind, finding.message) for finding in town.check().findings} == {
        ("store", "table notes does not belong to a ledger"),
        ("store", "trigger no_update is missing"),
    }
