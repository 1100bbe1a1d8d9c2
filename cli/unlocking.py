"""Unlock the keys of accounts: by TALLY_PASSPHRASE, or by a question on the terminal."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cli.commands.receipts import is_interactive
from cli.language import render
from ledger.errors import TallyError
from ledger.integrity.account_keys import check_key, check_passphrase, key_path, load_key
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


def unlocked(url: str, account: AccountState) -> AccountKey:
    """Return the key of an account.

    Raises:
        KeyFileError: there is no such key, or the passphrase is wrong.
        NoPassphraseError: nobody can be asked for it.
    """
    path = key_path(url, account.name)
    check_key(path, account)
    words = Message("Passphrase of {name}: ", name=account.name)
    return load_key(path, account, _passphrase(words, account.name, "TALLY_PASSPHRASE"))


def new_passphrase(name: str) -> str:
    """Return the passphrase of a new key, asked for twice.

    Raises:
        KeyFileError: it is too short.
        NoPassphraseError: nobody can be asked for it.
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
    if given is not None:
        return given
    if not is_interactive():
        raise NoPassphraseError(name, variable)
    from getpass import getpass  # noqa: PLC0415 - only on a terminal

    return getpass(render(words))
