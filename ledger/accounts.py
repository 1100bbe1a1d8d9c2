"""Account and role names: who records, who verifies, and whether two names are one person's."""

from __future__ import annotations

import unicodedata

from ledger.fields import Account
from ledger.given import given_text


def account(name: str, option: str) -> str:
    """The account name of who acts, checked; raises `EntriesRefusedError`."""
    return given_text(Account, name, option)


def same_person(one: str, other: str) -> bool:
    """Whether two account names are one, whatever their case or width."""
    return _folded(one) == _folded(other)


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).split()).casefold()
