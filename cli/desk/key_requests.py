"""Requests for an account or another key: made by its holder, answered by a verifier.

The holder types the passphrase where nobody else sees it; a key is made and its file written. The
verifier is shown the key's id, compares it with the one that the holder was shown, and puts the key
on the record. A request that nobody answers leaves a file that opens nothing.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from cli.desk.sessions import new_token
from ledger.account_proofs import AccountKey, key_id
from ledger.accounts import account, account_id
from ledger.errors import TallyError
from ledger.message import Message

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ledger.accounts import Accounts

MOST: Final = 20
"""Requests that wait at a time."""

SECONDS: Final = 24 * 60 * 60
"""For how long a request waits."""


class KeyRequestError(TallyError):
    """A request for a key is refused, or does not wait any more."""


class KeyRequest(Struct, eq=False):
    """A request: the account's name and the key that was made for it."""

    name: str
    public: str
    path: Path
    """The file of the key."""
    at: float
    asked: datetime = field(default_factory=lambda: datetime.now(UTC))
    token: str = field(default_factory=new_token)

    @property
    def key(self) -> str:
        """Return the id of the key."""
        return key_id(self.public)


def make_key(url: str, accounts: Accounts, name: str, passphrase: str) -> tuple[str, str, Path]:
    """Make a key for an account and write its file, which takes 64 MiB and a tenth of a second.

    Args:
        url: the ledger.
        accounts: those that there are; of one of these, the key is another one.
        name: the account.
        passphrase: of the key.

    Returns:
        the account's name as it is on the record, the public key, and the file.

    Raises:
        TallyError: the name or the passphrase is not valid, or the file cannot be written.
    """
    from ledger.integrity.account_keys import write_key  # noqa: PLC0415 - slow to import

    name = account(name, "name")
    known = accounts.get(account_id(name))
    name = name if known is None else known.name
    key = AccountKey.make()
    return name, key.public, write_key(url, name, key, passphrase)


class KeyRequests:
    """The requests that wait for a verifier."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin without any.

        Args:
            clock: returns seconds that never run backwards.
        """
        self._clock = clock
        self._waiting: OrderedDict[str, KeyRequest] = OrderedDict()

    def check_room(self) -> None:
        """Refuse another request while too many wait.

        Raises:
            KeyRequestError: too many wait.
        """
        if len(self.waiting()) >= MOST:
            raise KeyRequestError(
                Message("too many requests wait already; ask a verifier to answer them first")
            )

    def add(self, name: str, public: str, path: Path) -> KeyRequest:
        """Add a request; others of the same name stay, for they may be somebody else's."""
        made = KeyRequest(name, public, path, self._clock())
        self._waiting[made.token] = made
        return made

    def waiting(self) -> list[KeyRequest]:
        """Return the requests that wait, the oldest first."""
        now = self._clock()
        for one in [*self._waiting.values()]:
            if now - one.at > SECONDS:
                self.drop(one)
        return [*self._waiting.values()]

    def find(self, token: str) -> KeyRequest:
        """Return a request.

        Raises:
            KeyRequestError: it does not wait any more.
        """
        found = next((one for one in self.waiting() if one.token == token), None)
        if found is None:
            raise KeyRequestError(
                Message("the request does not wait any more; let its holder ask again")
            )
        return found

    def drop(self, request: KeyRequest) -> None:
        """Remove a request with the file of its key."""
        self._waiting.pop(request.token, None)
        with suppress(OSError):
            request.path.unlink(missing_ok=True)

    def granted(self, request: KeyRequest) -> None:
        """Remove a request whose key is on the record."""
        self._waiting.pop(request.token, None)
