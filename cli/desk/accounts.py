"""Open accounts at the desk: the key's file, and the event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.account_changes import Opening, check_opening
from ledger.account_changes import open_account as append_opening
from ledger.account_proofs import AccountKey
from ledger.errors import TallyError
from ledger.integrity.account_keys import write_key
from ledger.message import Message

if TYPE_CHECKING:
    from cli.pages.books import Books


def check_twice(passphrase: str, again: str) -> None:
    """Refuse a new passphrase that was typed in two ways.

    Raises:
        TallyError: the two differ.
    """
    if passphrase != again:
        raise TallyError(Message("the two passphrases differ; nothing was written"))


def open_account(books: Books, name: str, passphrases: tuple[str, str]) -> AccountKey:
    """Open the first account; return its key.

    Args:
        books: the open ledger.
        name: of the account.
        passphrases: of the new key, typed twice.

    Raises:
        TallyError: the two differ, or are too short; or the account cannot be opened.
    """
    check_twice(*passphrases)
    ledger = books.session.ledger
    opening, _ = check_opening(ledger, Opening(name, "verifier"), None)
    key = AccountKey.make()
    write_key(books.url, opening.name, key, passphrases[0])
    ledger.signing.keep(key)  # it signs its own opening
    append_opening(ledger, opening, key.public, None)
    return key
