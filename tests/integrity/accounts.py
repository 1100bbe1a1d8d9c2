"""A ledger whose accounts have their keys in memory, and rows that others put into its file."""

from contextlib import closing, suppress
from hashlib import sha256

from eventsourcing.persistence import StoredEvent

from ledger import codec
from ledger.account_changes import Opening, close_account, open_account, reset_account
from ledger.account_proofs import AccountKey, key_id, signed_text
from ledger.application import Ledger
from ledger.errors import LedgerExistsError
from ledger.events import SIGNED, AccountOpened, AppendSigned
from ledger.instants import instant_of
from ledger.integrity.check import Check
from ledger.integrity.leaves import leaf_hash
from ledger.stores import create_store, open_store
from projections.adopted import Measures
from tests.support import submissions

AT = "2026-03-01T02:00:00.000000Z"


def village(number):
    return {"kind": "unit", "id": f"V{number:03}", "name": f"第{number}村", "type": "village"}


def opened(name, key, role="verifier"):
    return AccountOpened(at=AT, by=name, name=name, role=role, public=key.public)


class Office:
    """A ledger of accounts; each method is done by an account, by its name."""

    def __init__(self, url, keys=None, clock=lambda: instant_of(AT)):
        """Open a ledger, or make one; take the keys of accounts that it has."""
        self.url, self.keys = url, {} if keys is None else keys
        with suppress(LedgerExistsError):
            create_store(url).close()
        self.store = open_store(url)
        self.ledger = Ledger(
            self.store, Measures, clock, trust_clock=True, unlock=lambda one: self.keys[one.name]
        )

    def open(self, name, role, by=None, **more):
        self.keys[name] = AccountKey.make()
        return open_account(self.ledger, Opening(name, role, **more), self.keys[name].public, by)

    def close(self, name, by):
        return close_account(self.ledger, name, "调离", by)

    def reset(self, name, by):
        key = AccountKey.make()
        reset_account(self.ledger, name, key.public, "口令遗失", by)
        self.keys[name] = key

    def record(self, by, *numbers, **more):
        return self.ledger.record(submissions(map(village, numbers)), by, **more)

    def verify(self, by, *numbers):
        ids = [f"V{number:03}" for number in numbers]
        return self.ledger.verify(ids or None, by)

    def rows(self):
        return list(self.store.raw())

    def insert(self, name, version, event):
        """Append a row without a signature, as a program with the file's rights can."""
        row = StoredEvent(name, version, codec.topic_of(event), codec.encode(event))
        self.store.recorder.insert_events([row])
        return self.store.position()

    def sign(self, by, key, first=None, *, rows=None):
        """Append a signature of the last rows, as a program with a key can."""
        last = self.store.position()
        first = last if first is None else first
        hashes = b"".join(map(leaf_hash, self.store.raw(first - 1, last)))
        count = last - first + 1 if rows is None else rows
        text = signed_text(first, count, AT, by, sha256(hashes).digest())
        event = AppendSigned(
            at=AT, by=by, first=first, rows=count, key=key_id(key.public), signature=key.sign(text)
        )
        return self.insert(f"{SIGNED}{first}", 1, event)

    def check(self):
        with closing(open_store(self.url)) as store:
            return Check(store, [], Measures).run()

    def wrong(self):
        """Return position and message of each finding, which must be about signatures."""
        found = self.check().findings
        assert {one.kind for one in found} <= {"signature"}, found
        return [(one.position, str(one.message)) for one in found]


def town(url):
    """Return an office of a head, a clerk, and two villages recorded and verified."""
    office = Office(url)
    office.open("王主任", "verifier")
    office.open("小李", "clerk", "王主任")
    office.record("小李", 1, 2)
    office.verify("王主任", 1, 2)
    return office
