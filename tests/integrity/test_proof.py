"""Inclusion and consistency proofs are verified without the ledger."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.integrity.checkpoint import Head, open_checkpoint
from ledger.integrity.errors import ProofError
from ledger.integrity.keys import load_key, load_verifiers
from ledger.integrity.leaves import leaf
from ledger.integrity.note import Signer
from ledger.integrity.proof import NotProvableError, as_json, prove, verify_proof
from ledger.stores import StoredRow
from tests.cli.running import Tally

rows = st.builds(
    StoredRow,
    st.integers(1, 2**63 - 1),
    st.text(st.characters(exclude_categories=["Cs"])),
    st.integers(1, 2**63 - 1),
    st.text(st.characters(exclude_categories=["Cs"])),
    st.binary(),
)


@given(rows, rows)
def test_different_rows_have_different_leaves(one, other):
    assert (leaf(one) == leaf(other)) == (one == other)


@pytest.fixture
def tally(town):
    return Tally(town.path.parent, town.path)


def proof_of(town, entry_id, since=None):
    with town.store() as store:
        proof = prove(store, load_verifiers(town.url), entry_id, since)
    return json.dumps(as_json(proof)).encode()


def test_every_event_can_be_proved(shared_town):
    """The proofs of all entries show every event as it is stored."""
    verifiers = load_verifiers(shared_town.url)
    stored = shared_town.rows()
    shown = []
    for name in dict.fromkeys(row.originator_id for row in stored):
        head, proved = verify_proof(proof_of(shared_town, name), verifiers)
        assert head.size == len(stored)
        shown += proved
    assert sorted(shown) == stored


def test_refuses_a_changed_proof(shared_town):
    verifiers = load_verifiers(shared_town.url)
    raw = proof_of(shared_town, "B-1")
    verify_proof(raw, verifiers)
    first = json.loads(raw)

    def changed(**fields):
        event = {**first["events"][0], **fields}
        return json.dumps({**first, "events": [event]}).encode()

    state = first["events"][0]["state"]
    path = first["events"][0]["path"]
    for wrong in (
        changed(state=state.replace('"headcount":6', '"headcount":5')),
        changed(position=first["events"][0]["position"] + 1),
        changed(position=0),
        changed(position=-1),
        changed(id="B-2"),
        changed(version=2),
        changed(topic="tally.EntryVerified"),
        changed(path=path[1:]),
        changed(path=[*path, path[0]]),
        changed(path=[path[1], path[0], *path[2:]]),
        changed(path=["AAAA", *path[1:]]),
        changed(more=1),
        json.dumps({**first, "checkpoint": first["checkpoint"].replace("tally/", "tally/0")}),
        json.dumps({**first, "format": "tally.proof/2"}),
        b"",
        b"[]",
    ):
        with pytest.raises(ProofError):
            verify_proof(wrong, verifiers)


def test_refuses_a_proof_signed_by_another_key(shared_town):
    """A forger can sign the tree, but not with the key that the auditor trusts."""
    proof = json.loads(proof_of(shared_town, "B-1"))
    forger = Signer.make(load_key(shared_town.url).name)
    head = open_checkpoint(proof["checkpoint"], load_verifiers(shared_town.url))
    forged = json.dumps({**proof, "checkpoint": forger.sign(head.text())}).encode()
    verify_proof(forged, [forger.verifier])
    with pytest.raises(ProofError, match="by none of the known keys"):
        verify_proof(forged, load_verifiers(shared_town.url))


def test_proves_that_the_ledger_extends_older_checkpoints(shared_town):
    verifiers = load_verifiers(shared_town.url)
    for _, note in shared_town.kept():
        older = open_checkpoint(note, verifiers)
        verify_proof(proof_of(shared_town, None, older), verifiers, older)
        with pytest.raises(ProofError, match="does not prove"):
            verify_proof(proof_of(shared_town, "B-1"), verifiers, older)
        wrong = Head(older.origin, older.size, bytes(32))
        with pytest.raises(ProofError):
            verify_proof(proof_of(shared_town, None, wrong), verifiers, wrong)


def test_refuses_to_prove_unknown_and_uncovered_entries(town):
    with pytest.raises(NotProvableError, match="B-77 is not in this ledger"):
        proof_of(town, "B-77")
    town.record([{"kind": "unit", "id": "V003", "name": "丁村", "type": "village"}])
    with pytest.raises(NotProvableError, match="run `tally checkpoint` first"):
        proof_of(town, "V003")


def test_prove_and_check_commands(town, tally, tmp_path):
    old = tmp_path / "old"
    old.write_text(town.kept()[0][1])
    proof = tmp_path / "proof.json"
    proof.write_text(tally("prove", "B-1", "--since", old, "--json").ok().out)
    pub = tmp_path / "auditor.pub"
    pub.write_bytes(town.places.public.read_bytes())
    elsewhere = Tally(tmp_path, tmp_path / "no-ledger.db")
    found = elsewhere("check", "--proof", proof, "--key", pub, "--against", old, "--json").ok().json
    assert [event["id"] for event in found["events"]] == ["B-1"] * 3
    assert found["size"] == len(town.rows())
    assert found["extends"] == [2]
    text = elsewhere("check", "--proof", proof, "--key", pub).ok().out
    assert f"these 3 events are in {load_key(town.url).name} of {found['size']} events" in text
    proof.write_text(proof.read_text().replace('headcount\\":6', 'headcount\\":5'))
    run = elsewhere("check", "--proof", proof, "--key", pub).refused()
    assert "proves nothing: the proof leads to another root" in run.err
    assert "position" in tally("prove", "B-1").ok().out
    tally("prove").misused()
