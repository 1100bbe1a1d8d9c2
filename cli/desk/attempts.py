"""Limit the attempts to sign in: for each account, each address, and all of them."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from typing import TYPE_CHECKING, Final

from ledger.errors import TallyError
from ledger.message import Message

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_FAILURES: Final = 5
"""Failed attempts of one account or address within `WINDOW`."""

MOST_OF_ALL: Final = 200
"""Failed attempts of everybody within `WINDOW`."""

WINDOW: Final = 15 * 60
"""Seconds for which a failed attempt counts."""

_MOST_NAMES: Final = 10_000
"""Names and addresses to remember; the one unused for longest is forgotten."""

_ALL: Final = "all"


class TooManyAttemptsError(TallyError):
    """Too many attempts were made.

    Attributes:
        seconds: until the next one may be made.
    """

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(
            Message(
                "too many attempts; try again in {minutes} {minutes:minute|minutes}",
                minutes=-(-seconds // 60),
            )
        )


class Attempts:
    """Failed attempts to sign in, by account and by address."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin without any.

        Args:
            clock: returns seconds that never run backwards.
        """
        self._clock = clock
        self._failures: OrderedDict[str, deque[float]] = OrderedDict()

    def check(self, account: str, address: str) -> None:
        """Refuse another attempt if too many failed.

        Args:
            account: originator id of the account.
            address: of the client.

        Raises:
            TooManyAttemptsError: too many failed.
        """
        now, wait = self._clock(), 0.0
        for name, most in _limits(account, address):
            failed = self._failures.get(name)
            while failed and now - failed[0] >= WINDOW:
                failed.popleft()
            if failed and len(failed) >= most:
                wait = max(wait, failed[-most] + WINDOW - now)
        if wait > 0:
            raise TooManyAttemptsError(int(wait) + 1)

    def fail(self, account: str, address: str) -> None:
        """Note a failed attempt."""
        for name, _ in _limits(account, address):
            self._failures.setdefault(name, deque(maxlen=MOST_OF_ALL)).append(self._clock())
            self._failures.move_to_end(name)
        while len(self._failures) > _MOST_NAMES:
            self._failures.popitem(last=False)

    def succeed(self, account: str, address: str) -> None:
        """Take the last attempt back, and forget those of the account: it has signed in."""
        for name, _ in _limits(account, address):
            failed = self._failures.get(name)
            if failed:
                failed.pop()
        self._failures.pop(account, None)


def _limits(account: str, address: str) -> list[tuple[str, int]]:
    return [(account, MOST_FAILURES), (f"from:{address}", MOST_FAILURES * 4), (_ALL, MOST_OF_ALL)]
