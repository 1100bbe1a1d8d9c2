"""Account and role names of who records and who verifies."""

from __future__ import annotations

from functools import lru_cache

from ledger.characters import composed
from ledger.lookalikes import skeletons


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
