"""Open, close and reset accounts: what is refused, and the events."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from ledger import codec
from ledger.accounts import AccountState, account, account_id, same_person
from ledger.errors import EntriesRefusedError, Refusal
from ledger.events import AccountClosed, AccountKeyReset, AccountOpened, Event
from ledger.instants import instant_text
from ledger.message import Message
from ledger.messages import reason_text
from ledger.signing import open_account_of
from ledger.state import EventRef

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from ledger.accounts import Accounts
    from ledger.application import Ledger
    from ledger.events import Role


def named_account(accounts: Accounts, name: str) -> AccountState:
    """Return the open account that something happens to, however its name is spelled.

    Raises:
        EntriesRefusedError: there is none.
    """
    try:
        return open_account_of(accounts, name)
    except EntriesRefusedError as error:
        raise EntriesRefusedError([one._replace(field="name") for one in error.refusals]) from None


class Opening(NamedTuple):
    """What an account is opened with."""

    name: str
    role: Role
    unit: str | None = None
    login: str | None = None


def _refuse(words: Message, name: str, field: str | None = None) -> EntriesRefusedError:
    return EntriesRefusedError([Refusal(words, field, name, code="account")])


def check_opening(ledger: Ledger, opening: Opening, by: str | None) -> tuple[Opening, str]:
    """Return an opening with its validated name, and who opens: the first account itself.

    Args:
        ledger: the ledger.
        opening: the account to open.
        by: who opens it; None only for the first.

    Raises:
        EntriesRefusedError: the name looks like that of another account or is not valid, the role
            and the unit do not fit, the first account is no verifier, or `by` may not.
    """
    name, accounts = account(opening.name, "name"), ledger.signing.accounts()
    if not any(map(str.isalnum, name)):
        raise _refuse(Message("a name has a letter or a digit"), name)
    known = (one for one in accounts.values() if _is_alike(one.name, name))
    other = next(known, None)
    if other is not None:
        what_to_do = Message("choose another name, or give it another key: `tally account reset`")
        if other.closed is not None:
            what_to_do = Message("it is closed and not opened again; choose another name")
        words = Message(
            "is or looks like the account {other}, opened at position {position}: {what_to_do}",
            other=other.name,
            position=other.opened.position,
            what_to_do=what_to_do,
        )
        raise _refuse(words, name)
    opening = opening._replace(name=name)
    _check_binding(ledger, opening)
    if accounts:
        if by is None:
            raise _refuse(Message("say which verifier opens it: --by"), name, "by")
        return opening, ledger.who(by, codec.ACCOUNT_OPENED)
    if opening.role != "verifier":
        words = Message("the first account opens all others: open a verifier first")
        raise _refuse(words, name, "role")
    if by is not None and account_id(by) != account_id(name):
        words = Message("the first account is opened by itself; leave --by and TALLY_BY out")
        raise _refuse(words, name, "by")
    return opening, name


def _is_alike(one: str, other: str) -> bool:
    return same_person(one, other) or account_id(one) == account_id(other)


def _check_binding(ledger: Ledger, opening: Opening) -> None:
    """Refuse a role without its unit, an unknown unit, and a login where none is kept."""
    name = opening.name
    if (opening.role == "unit") != (opening.unit is not None):
        raise _refuse(Message("--unit goes with --role unit, and --role unit needs it"), name)
    if opening.unit is not None:
        unit = ledger.state_of([opening.unit]).get(opening.unit)
        if unit is None or unit.entry.KIND != "unit":
            raise _refuse(Message("there is no unit {unit}", unit=opening.unit), name, "unit")
    if opening.login is not None and not ledger.store.keeps_logins:
        words = Message("only a PostgreSQL ledger keeps who was logged in")
        raise _refuse(words, name, "login")


def open_account(ledger: Ledger, opening: Opening, public: str, by: str | None) -> int:
    """Append the opening of an account with its public key; return its position.

    The first account signs its own.

    Raises:
        EntriesRefusedError: as of `check_opening`.
    """
    opening, by = check_opening(ledger, opening, by)

    def event(accounts: Accounts, at: str) -> Event:
        if account_id(opening.name) in accounts:
            raise _refuse(Message("was opened by somebody else just now"), opening.name)
        return AccountOpened(
            at=at,
            by=by,
            name=opening.name,
            role=opening.role,
            unit=opening.unit,
            public=public,
            login=opening.login,
        )

    founder = None
    if not ledger.signing.accounts():
        # Of its position and time nothing is asked before it is appended.
        made = event({}, "1970-01-01T00:00:00Z")
        assert isinstance(made, AccountOpened)
        founder = AccountState(EventRef(0, made.at, by), made, public)
    return ledger.change_account(partial(_named, opening.name, event), by, founder)


def close_account(ledger: Ledger, name: str, reason: str, by: str) -> int:
    """Append the closing of an account; return its position.

    Raises:
        EntriesRefusedError: there is no such open account, it is the last verifier, the reason is
            not valid, or `by` may not.
    """
    by, words = ledger.who(by, codec.ACCOUNT_CLOSED), reason_text(reason)

    def event(accounts: Accounts, at: str) -> Event:
        found = named_account(accounts, name)
        verifiers = [
            one
            for one in accounts.values()
            if one.closed is None and one.event.role == "verifier" and one is not found
        ]
        if found.event.role == "verifier" and not verifiers:
            raise _refuse(
                Message("is the last verifier, without whom no account can be opened"), found.name
            )
        return AccountClosed(at=at, by=by, reason=words)

    return ledger.change_account(partial(_named, name, event), by)


def check_reset(ledger: Ledger, name: str, reason: str, by: str) -> tuple[str, str, str]:
    """Return the account to be reset, the reason and who does it, validated.

    Raises:
        EntriesRefusedError: there is no such open account, the reason is not valid, or `by` may
            not.
    """
    by, words = ledger.who(by, codec.ACCOUNT_RESET), reason_text(reason)
    return named_account(ledger.signing.accounts(), name).name, words, by


def reset_account(ledger: Ledger, name: str, public: str, reason: str, by: str) -> int:
    """Append another key of an account; return its position.

    Raises:
        EntriesRefusedError: as of `check_reset`.
    """
    name, words, by = check_reset(ledger, name, reason, by)

    def event(accounts: Accounts, at: str) -> Event:
        named_account(accounts, name)
        return AccountKeyReset(at=at, by=by, public=public, reason=words)

    return ledger.change_account(partial(_named, name, event), by)


def _named(
    name: str, event: Callable[[Accounts, str], Event], accounts: Accounts, at: datetime
) -> tuple[str, Event]:
    """Return what happens to an account, with the originator id of its stream."""
    return account_id(name), event(accounts, instant_text(at))
