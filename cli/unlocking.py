"""Unlock the keys of accounts: by TALLY_PASSPHRASE, or by a question on the terminal."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from cli.commands.receipts import is_interactive
from cli.language import render
from ledger.errors import TallyError
from ledger.integrity.account_keys import check_key, check_passphrase, load_key
from ledger.message import Message

if TYPE_CHECKING:
    from ledger.account_proofs import AccountKey
    from ledger.accounts import AccountState


class NoPassphraseError(TallyError):
    """There is nobody to ask for a passphrase, and no variable gives it."""

    def __init__(self, name: str, variable: str) -> None:
        super().__init__(
            Message(
                "there is no terminal to ask for the passphrase of {name}; give it in {variable}",
                name=name,
                variable=variable,
            )
        )


class NoTextError(TallyError):
    """A passphrase is not text in the encoding of the terminal."""

    def __init__(self, source: str | Message) -> None:
        super().__init__(
            Message(
                "{source} is not text in {encoding}; give it in the encoding of the terminal",
                source=source,
                encoding=sys.getfilesystemencoding().upper(),
            )
        )


def named_key() -> Path | None:
    """Return the file of a key that TALLY_KEY_FILE names; None: it is in the ledger's folder."""
    named = os.environ.get("TALLY_KEY_FILE")
    return Path(named) if named else None


def unlocked(url: str, account: AccountState) -> AccountKey:
    """Return the key of an account.

    Raises:
        KeyFileError: there is no such key, or the passphrase is wrong.
        NoPassphraseError: nobody can be asked for it.
        NoTextError: it is not text.
    """
    named = named_key()
    check_key(url, account, named)
    words = Message("Passphrase of {name}: ", name=account.name)
    passphrase = _passphrase(words, account.name, "TALLY_PASSPHRASE")
    return load_key(url, account, passphrase, named)


def new_passphrase(name: str) -> str:
    """Return the passphrase of a new key, asked for twice.

    Raises:
        KeyFileError: it is refused, as of `check_passphrase`.
        NoPassphraseError: nobody can be asked for it.
        NoTextError: it is not text.
        TallyError: the two differ.
    """
    variable = "TALLY_NEW_PASSPHRASE"
    found = _passphrase(Message("New passphrase of {name}: ", name=name), name, variable)
    check_passphrase(found)
    if found != _passphrase(Message("Once more: "), name, variable):
        raise TallyError(Message("the two passphrases differ; nothing was written"))
    return found


def _passphrase(words: Message, name: str, variable: str) -> str:
    given = os.environ.get(variable)
    if not given and not is_interactive():
        raise NoPassphraseError(name, variable)
    from getpass import getpass  # noqa: PLC0415 - not for --help

    try:
        found = given or getpass(render(words))
        found.encode()
    except UnicodeError:
        raise NoTextError(variable if given else Message("the passphrase")) from None
    return found
