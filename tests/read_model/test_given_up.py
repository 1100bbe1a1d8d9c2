"""A read model that fails is given up once, for the ledger and the loader of a session."""

from __future__ import annotations

from cli.session import session
from ledger.read_model import ReadModelError
from ledger.read_model.lookup import Lookup
from projections.query import ScoreQuery
from tests.cli.entries import UNITS, batch
from tests.support import shown


def test_the_loader_reads_events_once_the_ledger_gave_up_its_read_model(at_work, monkeypatch):
    at_work.take_in(*UNITS, batch())
    query = ScoreQuery(2016)
    with session(at_work.url) as opened:
        by_read_model = shown(opened.loader.scores(query).scores)

    def fail(*_args, **_more):
        raise ReadModelError("the file is damaged")

    with session(at_work.url) as opened:
        opened.loader.scores(query)
        with monkeypatch.context() as patch:
            patch.setattr(Lookup, "state", fail)
            assert opened.ledger.state_of(["B-1"]).get("B-1") is not None
        assert shown(opened.loader.scores(query).scores) == by_read_model
