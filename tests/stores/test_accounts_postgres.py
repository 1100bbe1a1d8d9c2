"""Accounts of a PostgreSQL ledger: their appends pass its function, and may be bound to logins."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from ledger import codec
from ledger.errors import EntriesRefusedError
from ledger.stores import grant
from tests.integrity.accounts import Office, at_once
from tests.stores.granted import owner, role_of, user

__all__ = ["owner", "role_of"]


def now():
    return datetime.now(UTC)


@pytest.fixture
def office(owner, role_of):
    """The office of a head, and of a clerk bound to a login of their own."""
    office = Office(owner, clock=now)
    clerk = role_of("clerk")
    grant(owner, user(clerk))
    office.open("王主任", "verifier")
    office.open("小李", "clerk", "王主任", login=user(clerk))
    office.clerk = Office(clerk, office.keys, now)
    yield office
    office.clerk.store.close()
    office.store.close()


def test_appends_by_the_function_are_signed_and_proved(office):
    # In several calls of the function, with the signature in the last one.
    office.clerk.record("小李", *range(100, 4_600))
    office.verify("王主任", 100, 101)
    report = office.check()
    assert report.findings == []
    assert report.four_eyes.as_json() == {
        "two_keys": 2,
        "names_as_typed": 1,
        "accounts": 2,
        "unproved": [],
    }


def test_appends_at_once_are_a_chain(office):
    before = office.store.position()
    at_once(office, office.clerk)
    assert office.wrong() == []
    assert office.store.position() == before + 2 * 20


def test_forged_rows_in_the_streams_of_signatures_stop_nothing(office):
    """They turn no account off, and the next signature takes the next version."""
    rows = office.rows()
    last, founder = len(rows), next(row for row in rows if row.topic == codec.APPEND_SIGNED)
    now = codec.decode(rows[-1].topic, rows[-1].state).at
    forged = replace(codec.decode(founder.topic, founder.state), at=now, signature="0" * 128)
    office.insert(founder.originator_id, 2, forged)
    office.insert(f"signed:{last + 3}", 1, replace(forged, first=last + 3))
    office.clerk.record("小李", 100)
    office.verify("王主任", 100)
    assert office.rows()[last + 3][1:3] == (f"signed:{last + 3}", 2)
    assert [position for position, _ in office.wrong()] == [last + 1, last + 2]
    assert office.check().four_eyes.proved == 1


def test_an_append_by_another_login_is_found(office):
    office.clerk.record("小李", 100)
    assert office.wrong() == []
    position = office.record("小李", 101).position
    name = (
        f"小李 is bound to the login {user(office.clerk.url)}, but {user(office.url)} appended this"
    )
    assert office.wrong() == [(position - 1, name)]


def test_a_row_appended_with_a_password_and_no_key_is_found(office):
    office.clerk.keys.clear()
    with pytest.raises(KeyError):
        office.clerk.record("小李", 100)
    with pytest.raises(EntriesRefusedError, match="is no account of this ledger"):
        office.clerk.record("clerk", 100)
