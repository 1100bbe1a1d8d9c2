"""A small ledger with every kind of entry, its key and its checkpoints."""

import shutil
import sqlite3
from contextlib import closing, contextmanager

from ledger.application import Ledger
from ledger.integrity.check import Check
from ledger.integrity.checkpoint import checkpoint_text
from ledger.integrity.keys import KeyPaths, load_key, load_verifiers, make_key
from ledger.stores import create_store, open_store
from projections.adopted import Measures
from tests.cli.entries import OF_EACH_KIND, UNITS
from tests.support import adopt, submissions


class Town:
    """A ledger in a file, with the files beside it."""

    def __init__(self, path):
        self.path = path
        self.url = f"sqlite:///{path}"
        self.places = KeyPaths(self.url)

    @classmethod
    def build(cls, path):
        """Make a town with checkpoints after the villages, after the import and at the end."""
        town = cls(path)
        create_store(town.url).close()
        make_key(town.url)
        town.record(UNITS)
        town.checkpoint()
        town.record(OF_EACH_KIND, verify_by="head")
        town.checkpoint()
        with town.ledger() as ledger:
            ledger.verify(None, "head")
        town.record([{"kind": "reversal", "id": "B-1.R", "of": "B-1", "reason": "重复登记"}])
        with town.ledger() as ledger:
            adopt(ledger, 2016)
        town.checkpoint()
        return town

    @contextmanager
    def store(self):
        with closing(open_store(self.url)) as store:
            yield store

    @contextmanager
    def ledger(self):
        with self.store() as store:
            yield Ledger(store, Measures)

    def record(self, entries, by="clerk", verify_by=None):
        with self.ledger() as ledger:
            ledger.record(submissions(entries), by, verify_by)

    def checkpoint(self):
        with self.store() as store:
            return checkpoint_text(store, load_key(self.url))

    def check(self, against=(), *, outside=True):
        """Return the report, with or without comparing the files beside the key."""
        with self.store() as store:
            places = self.places if outside else None
            check = Check(store, load_verifiers(self.url), Measures, places)
            return check.run(against)

    def rows(self):
        with self.store() as store:
            return list(store.raw())

    def kept(self):
        with self.store() as store:
            return store.checkpoints.kept()

    def twin(self, path):
        """Copy the ledger with all files beside it."""
        twin = Town(path)
        for ours, theirs in (
            (self.path, twin.path),
            *((getattr(self.places, n), getattr(twin.places, n)) for n in vars(self.places)),
        ):
            if ours.exists():
                shutil.copy(ours, theirs)
        return twin

    @contextmanager
    def without_triggers(self):
        """Open a raw connection to the file; drop the triggers and put them back afterwards."""
        with closing(sqlite3.connect(self.path, isolation_level=None)) as connection:
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("PRAGMA journal_mode = MEMORY")
            triggers = connection.execute(
                "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY rowid"
            ).fetchall()
            connection.execute("BEGIN")
            for name, _ in triggers:
                connection.execute(f"DROP TRIGGER {name}")
            yield connection
            for _, sql in triggers:
                connection.execute(sql)
            connection.execute("COMMIT")
