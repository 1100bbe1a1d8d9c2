"""Sessions of accounts that are signed in: cookies, expiry, and the tokens of forms.

The cookie holds the session's id alone, signed with a key of this process; the account's unlocked
key is in the server's memory, and gone with it. Tokens in forms keep another site's page from
sending them (CSRF), and a form that is sent twice from being carried out twice.
"""

from __future__ import annotations

import hmac
import secrets
import time
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from itsdangerous import BadSignature, TimestampSigner
from msgspec import Struct, field

if TYPE_CHECKING:
    from collections.abc import Callable

    from cli.desk.work import Done
    from ledger.account_proofs import AccountKey
    from ledger.events import Role
    from ledger.message import Message

IDLE: Final = 60 * 60
"""Seconds after which a session ends that nobody uses."""

LONGEST: Final = 10 * 60 * 60
"""Seconds after which every session ends: a working day."""

MOST_SESSIONS: Final = 200
"""Sessions at a time; the one unused for longest ends for another."""

MOST_OF_AN_ACCOUNT: Final = 10
"""Of them, sessions of one account, which so ends none of another by signing in often."""

_MOST_DONE: Final = 100
"""Forms whose outcome a session remembers."""

_TOKEN_BYTES: Final = 32


def new_token() -> str:
    """Return a random token of 256 bits."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def is_same(one: str, other: str) -> bool:
    """Return whether two tokens are equal, in a time that does not depend on where they differ."""
    return hmac.compare_digest(one.encode(errors="replace"), other.encode(errors="replace"))


class SignedIn(Struct, eq=False):
    """A session: who is signed in, and what the desk remembers of it."""

    account: str
    """Originator id of the account."""
    key: AccountKey
    began: float
    seen: float
    role: Role | None = None
    """The account's, as its last page found it; None before the first."""
    id: str = field(default_factory=new_token)
    csrf: str = field(default_factory=new_token)
    done: OrderedDict[str, Done] = field(default_factory=OrderedDict)
    """By token of the form, what came of it."""
    notices: list[Message] = field(default_factory=list)
    """To be shown on the next page."""

    def remember(self, once: str, done: Done) -> None:
        """Remember what came of a form, so that sending it again does nothing more."""
        self.done[once] = done
        while len(self.done) > _MOST_DONE:
            self.done.popitem(last=False)


class Sessions:
    """All sessions of a server."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin without sessions.

        Args:
            clock: returns seconds that never run backwards.
        """
        self._clock = clock
        self._signer = TimestampSigner(new_token(), salt="tally.desk/1")
        self._open: OrderedDict[str, SignedIn] = OrderedDict()
        # Browsers send cookies to every port of a host (RFC 6265 §8.5), so also to other desks.
        self.cookie: Final = f"tally_{secrets.token_hex(4)}"

    def open(self, account: str, key: AccountKey) -> SignedIn:
        """Begin a session, under an id that no cookie had before (against fixation)."""
        now = self._clock()
        made = SignedIn(account, key, now, now)
        own = [one for one in self._open.values() if one.account == account]
        for old in own[: max(0, len(own) + 1 - MOST_OF_AN_ACCOUNT)]:
            self.close(old)
        self._open[made.id] = made
        while len(self._open) > MOST_SESSIONS:
            self._open.popitem(last=False)
        return made

    def find(self, cookie: str) -> SignedIn | None:
        """Return the session of a cookie and note its use; None for none, or one that expired."""
        found = self._open.get(self.unsigned(cookie, LONGEST) or "")
        if found is None:
            return None
        now = self._clock()
        if now - found.seen > IDLE or now - found.began > LONGEST:
            self.close(found)
            return None
        found.seen = now
        self._open.move_to_end(found.id)
        return found

    def close(self, session: SignedIn) -> None:
        """End a session."""
        self._open.pop(session.id, None)

    def close_others(self, session: SignedIn) -> None:
        """End the other sessions of the same account."""
        for one in [*self._open.values()]:
            if one.account == session.account and one is not session:
                self.close(one)

    def signed(self, text: str) -> str:
        """Return a text with a signature and the time."""
        return self._signer.sign(text).decode()

    def unsigned(self, signed: str, seconds: int) -> str | None:
        """Return a text that this process signed; None if it did not, or longer ago."""
        try:
            return self._signer.unsign(signed, max_age=seconds).decode()
        except (BadSignature, UnicodeError):
            return None
