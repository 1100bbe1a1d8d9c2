"""Account and role names: who records, who verifies, and whether two names are one person's."""

from __future__ import annotations

import unicodedata


def account(name: str, option: str) -> str:
    """The account name of who acts, checked; raises `EntriesRefusedError`."""
    from ledger.fields import Account  # noqa: PLC0415 - not for who only reads
    from ledger.given import given_text  # noqa: PLC0415

    return given_text(Account, name, option)


def same_person(one: str, other: str) -> bool:
    """Whether two account names are one, whatever their case or width."""
    return _folded(one) == _folded(other)


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).split()).casefold()
