"""Run eventsourcing's abstract test cases for recorders against both stores.

Four things are adapted. Originator ids are text, the office's document numbers, so the cases get
text in place of UUIDs. A ledger takes topics, states and versions of its own form
alone, so the cases' own are written in that form and read back. `AggregateRecorderTestCase` expects
`None` from `insert_events`, but both recorders number every event, so that case runs on a subclass
that hides the numbers. Subscribing is not tested, because neither recorder offers it.
"""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from time import sleep
from uuid import uuid4

import pytest
from eventsourcing.tests import persistence as library

from ledger.stores import create_store, open_store
from ledger.stores.postgres_recorder import LedgerRecorder as PostgresRecorder
from ledger.stores.sqlite_recorder import LedgerDatastore
from ledger.stores.sqlite_recorder import LedgerRecorder as SQLiteRecorder

_FORMED, _PLAIN = (str.maketrans(*pair) for pair in (("1234-", "ABCDE"), ("ABCDE", "1234-")))
_FROM_ZERO = set()
"""The ids whose cases begin with version 0."""


class Formed:
    """Write topics, states and versions in the form of a ledger's, and read them back."""

    def insert_events(self, stored_events, **kwargs):
        _FROM_ZERO.update(one.originator_id for one in stored_events if not one.originator_version)
        return super().insert_events(
            [
                replace(
                    one,
                    originator_version=one.originator_version + (one.originator_id in _FROM_ZERO),
                    topic=_formed(one.topic),
                    state=json.dumps({"at": "-", "state": one.state.decode()}).encode(),
                )
                for one in stored_events
            ],
            **kwargs,
        )

    def select_events(self, *args, **kwargs):
        return [_plain(one) for one in super().select_events(*args, **kwargs)]

    def select_notifications(self, *args, topics=(), **kwargs):
        found = super().select_notifications(*args, topics=list(map(_formed, topics)), **kwargs)
        return [_plain(one) for one in found]


def _formed(topic):
    return f"tally.T{topic.translate(_FORMED)}"


def _plain(one):
    return replace(
        one,
        originator_version=one.originator_version - (one.originator_id in _FROM_ZERO),
        topic=one.topic.removeprefix("tally.T").translate(_PLAIN),
        state=json.loads(one.state)["state"].encode(),
    )


class FormedSQLite(Formed, SQLiteRecorder):
    pass


class FormedPostgres(Formed, PostgresRecorder):
    pass


class SilentSQLite(FormedSQLite):
    def insert_events(self, stored_events, **kwargs):
        super().insert_events(stored_events, **kwargs)


class SilentPostgres(FormedPostgres):
    def insert_events(self, stored_events, **kwargs):
        super().insert_events(stored_events, **kwargs)


class Adapted:
    """Supply text ids, and a fresh ledger for each recorder."""

    kind = ""
    recorder = Formed

    @pytest.fixture(autouse=True)
    def _a_place(self, request):
        self._url = request.getfixturevalue(f"{self.kind}_url")
        self._stores = []
        others = set(threading.enumerate())
        yield
        # The library's case on throughput does not wait for its readers, and closing a connection
        # that a thread still uses crashes the process.
        for thread in set(threading.enumerate()) - others:
            # A pool's own threads end only when it is closed.
            if not thread.name.startswith("pool-"):
                thread.join(5)
        for store in self._stores:
            store.close()

    def new_originator_id(self):
        return f"V-{uuid4()}"

    def create_recorder(self):
        store = create_store(self._url)
        self._stores.append(store)
        recorder = store.recorder
        recorder.__class__ = self.recorder
        return recorder


class TestSQLiteApplication(Adapted, library.ApplicationRecorderTestCase):
    kind = "sqlite"
    recorder = FormedSQLite


class TestPostgresApplication(Adapted, library.ApplicationRecorderTestCase):
    kind = "postgres"
    recorder = FormedPostgres


class TestSQLiteAggregate(Adapted, library.AggregateRecorderTestCase):
    kind = "sqlite"
    recorder = SilentSQLite


class TestPostgresAggregate(Adapted, library.AggregateRecorderTestCase):
    kind = "postgres"
    recorder = SilentPostgres


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_subscribing_is_not_offered(request, kind):
    store = create_store(request.getfixturevalue(f"{kind}_url"))
    with pytest.raises(NotImplementedError):
        store.recorder.subscribe()
    store.close()


def test_concurrent_threads_get_one_recorder(tmp_path, monkeypatch):
    url = f"sqlite:///{tmp_path}/tally.db"
    create_store(url).close()
    made, make = [], LedgerDatastore.__init__

    def slowly(datastore, *arguments):
        made.append(datastore)
        sleep(0.05)
        make(datastore, *arguments)

    monkeypatch.setattr(LedgerDatastore, "__init__", slowly)
    with closing(open_store(url)) as store:
        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(lambda _: store.recorder, range(8)))
        assert len(made) == 1
        assert len(set(map(id, found))) == 1
