"""Accounts: who may append what, and how their names are compared.

A ledger without accounts takes names as they are typed.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct

from ledger.characters import composed, name_key
from ledger.events import ACCOUNT
from ledger.lookalikes import skeletons
from ledger.message import Message

if TYPE_CHECKING:
    from ledger.events import AccountClosed, AccountKeyReset, AccountOpened
    from ledger.state import EventRef, LedgerState

NAMES_AS_TYPED = Message("names as typed")
"""What is said of names that no signature proves."""


def account(name: str, option: str) -> str:
    """Return the validated account name that an option gives.

    Raises:
        EntriesRefusedError: the name is not valid.
    """
    from ledger.fields import Account  # noqa: PLC0415 - not for commands that only read
    from ledger.messages import checked_text  # noqa: PLC0415

    return checked_text(Account, name, option)


def same_person(one: str, other: str) -> bool:
    """Return whether two account names look the same, as `clerk` in Latin and Cyrillic letters."""
    return not skeletons(one).isdisjoint(skeletons(other))


def same_account(one: str, other: str) -> bool:
    """Return whether two account names are equal but for case, width and spaces.

    Events that were recorded before are held to this rule, not to that of `same_person`.
    """
    return _folded(one) == _folded(other)


@lru_cache(1_024)
def _folded(name: str) -> str:
    """Return a name to compare it by: without width and case, with single spaces."""
    return " ".join(composed(name).split()).casefold()


def account_id(name: str) -> str:
    """Return the originator id of an account: one for all spellings of its name (`name_key`)."""
    return f"{ACCOUNT}{name_key(name)}"


class AccountState(Struct):
    """An account with all that has happened to it so far."""

    opened: EventRef
    event: AccountOpened
    public: str
    """The public key of now."""
    version: int = 1
    closed: EventRef | None = None
    closed_for: str = ""
    """Why it was closed."""
    resets: tuple[tuple[EventRef, str], ...] = ()
    """When it was given another key, and why."""

    @property
    def name(self) -> str:
        """The name as it was opened; `by` of all that the account appends."""
        return self.event.name


Accounts = dict[str, AccountState]
"""By originator id."""


def account_opened(
    state: LedgerState, name: str, version: int, event: AccountOpened, ref: EventRef
) -> None:
    """Apply the opening of an account; a second one of the name changes nothing."""
    state.accounts.setdefault(name, AccountState(ref, event, event.public, version))


def account_closed(
    state: LedgerState, name: str, version: int, event: AccountClosed, ref: EventRef
) -> None:
    """Apply the closing of an account; raise `KeyError` if it was never opened."""
    found = state.accounts[name]
    found.version = version
    if found.closed is None:
        found.closed, found.closed_for = ref, event.reason


def account_reset(
    state: LedgerState, name: str, version: int, event: AccountKeyReset, ref: EventRef
) -> None:
    """Apply another key of an account; raise `KeyError` if it was never opened."""
    found = state.accounts[name]
    found.version, found.public = version, event.public
    found.resets = (*found.resets, (ref, event.reason))
