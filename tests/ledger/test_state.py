"""The fold of a ledger's state."""

from __future__ import annotations

from itertools import count

import pytest

from ledger.batch import row_of
from ledger.errors import StoreError
from ledger.state import LedgerState
from tests.support import appended

UNITS = [
    {"kind": "unit", "id": f"V00{number}", "name": f"第{number}村", "type": "village"}
    for number in range(1, 5)
]


def test_a_fold_that_a_store_interrupts_is_resumed_where_it_ended():
    events = appended(UNITS, LedgerState(), verify_by=None)
    rows = list(map(row_of, count(1), events))

    def interrupted():
        yield from rows[:3]
        raise StoreError("the connection was lost")

    state = LedgerState()
    with pytest.raises(StoreError):
        state.fold(interrupted())
    assert state.position == 3
    state.fold(rows[3:])
    assert (state.position, list(state.entries)) == (len(rows), [unit["id"] for unit in UNITS])
