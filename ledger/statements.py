"""What publications, objections and decisions state, as the register keeps it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.events import LedgerEvent

Statement = TypeVar("Statement", bound=msgspec.Struct)


class Published(msgspec.Struct, frozen=True):
    """The figures of a quarter; see `ledger.events.FiguresPublished` for the fields."""

    quarter: str
    position: int
    through: date
    figures: tuple[dict[str, Any], ...]
    reason: str | None = None


class Raised(msgspec.Struct, frozen=True):
    """An objection; see `ledger.events.ObjectionRaised` for the fields."""

    unit: str
    reason: str
    entry: str | None = None
    period: str | None = None
    clause: str | None = None


class Decided(msgspec.Struct, frozen=True):
    """What became of an objection; see `ledger.events.ObjectionDecided` for the fields."""

    outcome: str
    reason: str


def statement_decoder(kind: type[Statement]) -> Callable[[bytes], Statement]:
    """Reads a statement out of the state of its event, which was checked when it was stored."""
    return msgspec.json.Decoder(kind).decode


def stated(kind: type[Statement], event: LedgerEvent) -> Statement:
    """The statement of an event."""
    return kind(**{name: getattr(event, name) for name in kind.__struct_fields__})
