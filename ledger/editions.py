"""Published editions of a period's figures: in force once a second person verified them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from ledger.events import PUBLICATION

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ledger.events import FiguresPublished
    from ledger.state import EventRef
    from ledger.stores import Store


class Withdrawn(NamedTuple):
    """The withdrawal of an edition: where, and why."""

    ref: EventRef
    reason: str


class Edition(Struct):
    """One edition of a period's published figures, with its verification or withdrawal."""

    ref: EventRef
    number: int
    event: FiguresPublished
    version: int
    """Of the last event of its stream that concerns it."""
    verified: EventRef | None = None
    withdrawn: Withdrawn | None = None

    @property
    def effective(self) -> bool:
        """Whether it is in force until another one follows.

        Those published before editions were verified are at once.
        """
        is_verified = self.verified is not None or not self.event.to_verify
        return is_verified and self.withdrawn is None

    @property
    def awaits_verification(self) -> bool:
        """Whether it is neither verified nor withdrawn."""
        return not self.effective and self.withdrawn is None


def published_periods(store: Store) -> list[str]:
    """Return the names of the periods that were ever published, in their stored spelling."""
    return [name.removeprefix(PUBLICATION) for name in store.ids_with(PUBLICATION)]


def edition_id(text: str, periods: Iterable[str]) -> str | None:
    """Return the originator id of a published period's editions, named in any case, or None."""
    folded = text.casefold()
    return next((PUBLICATION + one for one in periods if one.casefold() == folded), None)


def edition_in_force(editions: Sequence[Edition]) -> Edition | None:
    """Return the edition in force among those of one period, oldest first."""
    return next((one for one in reversed(editions) if one.effective), None)
