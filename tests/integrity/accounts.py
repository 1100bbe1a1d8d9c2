"""A ledger whose accounts have their keys in memory, and rows that others put into its file."""

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from hashlib import sha256
from pathlib import Path

from eventsourcing.persistence import StoredEvent
from msgspec.structs import replace

from ledger import codec
from ledger.account_changes import Opening, close_account, open_account, reset_account
from ledger.account_proofs import AccountKey, key_id, signed_text
from ledger.application import Ledger
from ledger.errors import LedgerExistsError
from ledger.events import SIGNED, AccountOpened, AppendSigned, EntryRecorded
from ledger.instants import instant_of
from ledger.integrity.check import Check
from ledger.integrity.leaves import leaf_hash
from ledger.kinds import BUILT_IN
from ledger.stores import create_store, open_store
from projections.adopted import Measures
from tests.integrity.towns import Town
from tests.support import submissions

AT = "2026-03-01T02:00:00.000000Z"


def village(number):
    return {"kind": "unit", "id": f"V{number:03}", "name": f"第{number}村", "type": "village"}


def opened(name, key, role="verifier", by=None):
    return AccountOpened(at=AT, by=by or name, name=name, role=role, public=key.public)


def recorded(number, by="小李"):
    entry = BUILT_IN.validate(json.dumps(village(number)).encode())
    return EntryRecorded(at=AT, by=by, import_number=None, entry=entry)


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

    def record(self, by, *numbers, name=None, **more):
        made = [village(one) | ({} if name is None else {"name": name}) for one in numbers]
        return self.ledger.record(submissions(made), by, **more)

    def verify(self, by, *numbers):
        ids = [f"V{number:03}" for number in numbers]
        return self.ledger.verify(ids or None, by)

    def rows(self):
        return list(self.store.raw())

    def insert(self, name, version, event):
        """Append a row without a signature, as a program with the file's rights can."""
        row = StoredEvent(name, version, codec.topic_of(event), codec.encode(event))
        self.store.recorder.insert_events([row], as_found=True)
        return self.store.position()

    def change(self, column, value, position):
        """Change a value of a row, as a program with the file's rights can: without triggers."""
        self.store.close()
        with Town(Path(self.url.removeprefix("sqlite:///"))).without_triggers() as raw:
            raw.execute(
                f"UPDATE stored_events SET {column} = ? WHERE position = ?", (value, position)
            )
        self.__init__(self.url, self.keys)

    def set_aside(self, *positions):
        self.ledger.set_aside(positions, "损坏", "小李")
        self.ledger.verify([f"aside:{one}" for one in positions], "王主任")

    def sign(self, by, key, first=None, *, version=1, **stated):
        """Append a signature of the last rows, as a program with a key can.

        `stated` replaces what it states of them.
        """
        last = self.store.position()
        first = last if first is None else first
        leaves = [*map(leaf_hash, self.store.raw(to=last))]
        made = AppendSigned(
            at=AT,
            by=by,
            first=first,
            rows=last - first + 1,
            before=leaves[first - 2].hex(),
            leaves=sha256(b"".join(leaves[first - 1 :])).hexdigest(),
            key=key_id(key.public),
            signature="",
        )
        made = replace(made, **stated)
        made = replace(made, signature=key.sign(signed_text(made)))
        return self.insert(f"{SIGNED}{first}", version, made)

    def check(self):
        with closing(open_store(self.url)) as store:
            return Check(store, [], Measures).run()

    def wrong(self):
        """Return position and message of each finding, which must be about signatures."""
        found = self.check().findings
        assert {one.kind for one in found} <= {"signature"}, found
        return [(one.position, str(one.message)) for one in found]


def at_once(first, second):
    """Let a verifier and a clerk append ten times each, each by a store of their own."""

    def act(office, by, start):
        for number in range(start, start + 10):
            office.record(by, number)

    with ThreadPoolExecutor(2) as both:
        done = both.submit(act, first, "王主任", 600), both.submit(act, second, "小李", 700)
        for one in done:
            one.result()


def town(url):
    """Return an office of a head, a clerk, and two villages recorded and verified."""
    office = Office(url)
    office.open("王主任", "verifier")
    office.open("小李", "clerk", "王主任")
    office.record("小李", 1, 2)
    office.verify("王主任", 1, 2)
    return office
