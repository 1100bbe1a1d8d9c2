"""Proofs that pages give: the tree is made beside the pages, once for each checkpoint."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from threading import Event

import pytest

import cli.pages.app as pages
from cli.pages import books
from cli.session import session
from ledger.integrity.errors import DamagedError
from ledger.integrity.keys import load_verifiers
from ledger.integrity.proof import prove_in, proven_tree, verify_proof
from ledger.stores import open_store
from tests.cli.entries import UNITS, batch
from tests.cli.running import Tally
from tests.pages.conftest import client_of


@pytest.fixture
def tally(tmp_path):
    made = Tally(tmp_path)
    made("init").ok()
    made.take_in(*UNITS, batch(), batch("B-2"))
    made("checkpoint").ok()
    return made


@pytest.fixture
def made(monkeypatch):
    """Return the sizes of the trees that the pages make."""
    sizes = []

    def noted(*given):
        tree = proven_tree(*given)
        sizes.append(tree.size)
        return tree

    monkeypatch.setattr(books, "proven_tree", noted)
    return sizes


def proved(client, tally, name):
    """Return the positions that the proof of an entry proves."""
    response = client.get("/proof", id=name)
    assert response.status_code == 200, response.text
    assert f"{name}.proof.json" in response.headers["content-disposition"]
    _, rows = verify_proof(response.content, load_verifiers(tally.url))
    assert {row.originator_id for row in rows} == {name}
    return [row.position for row in rows]


def test_one_tree_proves_every_entry_until_there_is_another_checkpoint(tally, made):
    with session(tally.url) as opened:
        client, size = client_of(opened), tally.position
        assert len(proved(client, tally, "B-1")) == 2, "recorded and verified"
        assert len(proved(client, tally, "V001")) == 2
        assert made == [size]
        tally.take_in(batch("B-3"))
        assert "tally checkpoint" in client.error(400, "/proof", id="B-3")
        tally("checkpoint").ok()
        assert proved(client, tally, "B-3") == [size + 1, size + 2]
        assert made == [size, size + 2]


def test_a_row_changed_after_the_tree_was_made_is_not_proved(tally):
    with closing(open_store(tally.url)) as store:
        tree = proven_tree(store, load_verifiers(tally.url))
        position = prove_in(tree, store, "V001").events[0].position
        with closing(sqlite3.connect(tally.url.removeprefix("sqlite:///"))) as connection:
            connection.execute("DROP TRIGGER no_update")
            connection.execute(
                "UPDATE stored_events SET state = replace(state, '甲', '丁') WHERE position = ?",
                (position,),
            )
            connection.commit()
        with pytest.raises(DamagedError, match=f"position {position} is not as it was signed"):
            prove_in(tree, store, "V001")


def test_a_proof_whose_tree_takes_long_holds_no_page(tally, monkeypatch):
    go = Event()

    def slow(*given):
        go.wait(30)
        return proven_tree(*given)

    monkeypatch.setattr(books, "proven_tree", slow)
    monkeypatch.setattr(pages, "PATIENCE", 0.05)
    with session(tally.url) as opened:
        client = client_of(opened)
        response = client.http.get("/proof", params={"id": "B-1"})
        assert response.status_code == 503
        assert "This is being computed." in response.text
        assert '<a href="/proof?id=B-1">Look again</a>' in response.text
        assert "甲村" in client.page("/ranking").text
        go.set()
        assert json.loads(client.get("/proof", id="B-1").content)["format"] == "tally.proof/1"
