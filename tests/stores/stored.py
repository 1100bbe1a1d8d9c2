"""Events and entries for tests of stores."""

from datetime import UTC, datetime, timedelta

from eventsourcing.persistence import StoredEvent

from ledger.application import Ledger
from projections.adopted import Measures
from projections.measure import built_in
from tests.support import submissions

RULEBOOK = built_in()


def events(name, number, version=1):
    """Return one stored event for each of `number` aggregates."""
    state = b'{"at":"2026-01-01T00:00:00.000000Z","n":%d}'
    return [StoredEvent(f"{name}-{i}", version, "tally.Test", state % i) for i in range(number)]


def note(size):
    """Return a note of the form that a checkpoint of a size has, signed by nobody."""
    return f"tally/校验\n{size}\nroot\n"


def unit(entry_id):
    return {"kind": "unit", "id": entry_id, "name": f"village {entry_id}", "type": "village"}


def batch(entry_id, unit_id, headcount=5):
    return {
        "kind": "petition_batch",
        "id": entry_id,
        "unit": unit_id,
        "matter": "M-1",
        "level": "city",
        "headcount": headcount,
        "occurred_at": "2016-03-01T09:00:00",
        "abnormal": True,
    }


def reversal(entry_id, of):
    return {"kind": "reversal", "id": entry_id, "of": of, "reason": "entered twice"}


class Clock:
    """A clock that is a second later at each call."""

    def __init__(self):
        self.now = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self):
        self.now += timedelta(seconds=1)
        return self.now


def ledger(store, clock=None):
    return Ledger(store, Measures, clock, trust_clock=True) if clock else Ledger(store, Measures)


def record(store, *entries, by="clerk", verify_by=None):
    return ledger(store).record(submissions(entries), by, verify_by)


def positions(store):
    return [row.position for row in store.raw()]


def whole(store):
    """Return all rows; assert that they have no gap and that the audit finds nothing."""
    rows = list(store.raw())
    assert [row.position for row in rows] == list(range(1, len(rows) + 1))
    assert store.audit() == []
    return rows
