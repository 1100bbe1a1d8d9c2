"""Account and role names: who records, who verifies, and whether two names are one person's."""

from __future__ import annotations

import unicodedata

from pydantic import TypeAdapter, ValidationError

from ledger.errors import EntriesRefusedError, Refusal
from ledger.fields import Account

_ACCOUNT: TypeAdapter[str] = TypeAdapter(Account)


def account(name: str, option: str) -> str:
    """The account name of who acts, checked; raises `EntriesRefusedError`."""
    try:
        return _ACCOUNT.validate_python(name)
    except ValidationError as error:
        words = error.errors(include_url=False, include_input=False)[0]["msg"]
        raise EntriesRefusedError([Refusal(words, option)]) from None


def same_person(one: str, other: str) -> bool:
    """Whether two account names are one, whatever their case or width."""
    return _folded(one) == _folded(other)


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).split()).casefold()
