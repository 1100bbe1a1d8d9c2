"""What publications, objections and decisions state, as the register keeps it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

import msgspec

from ledger.bounds import TEXT_LENGTH
from ledger.saying import Said

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.events import LedgerEvent

Statement = TypeVar("Statement", bound=msgspec.Struct)

_Text = Annotated[str, msgspec.Meta(min_length=1, max_length=TEXT_LENGTH)]

Figures = tuple[dict[str, Any], ...]
"""Of each unit its quarter and its flags, as the contract's `score` has them."""

_NAMES = ("unit", "name", "quarter")
_POINTS = ("score", "basic_work", "abnormal_petitions", "rewards", "penalties")
FLAGS = ("disqualified", "vetoed", "eligible")
"""What published figures say of a unit beside its points."""


def sound(figures: Figures) -> Figures:
    """Published figures, if each says of which unit it is, its points and its flags.

    Raises:
        ValueError: one does not.
    """
    for one in figures:
        named = all(isinstance(one.get(name), str) for name in _NAMES)
        flagged = all(isinstance(one.get(name), bool) for name in FLAGS)
        if not (named and flagged and all(_is_number(one.get(name)) for name in _POINTS)):
            raise ValueError(Said("figures that say too little of a unit"))
    return figures


def _is_number(text: object) -> bool:
    try:
        return isinstance(text, str) and Decimal(text).is_finite()
    except InvalidOperation:
        return False


class Published(msgspec.Struct, frozen=True):
    """The figures of a quarter; see `ledger.events.FiguresPublished` for the fields."""

    quarter: str
    position: int
    through: date
    figures: Figures
    reason: _Text | None = None
    checkpoint: str | None = None

    def __post_init__(self) -> None:
        """Refuses figures that are none."""
        sound(self.figures)


class Raised(msgspec.Struct, frozen=True):
    """An objection; see `ledger.events.ObjectionRaised` for the fields."""

    unit: str
    reason: _Text
    entry: str | None = None
    period: str | None = None
    clause: str | None = None


class Decided(msgspec.Struct, frozen=True):
    """What became of an objection; see `ledger.events.ObjectionDecided` for the fields."""

    outcome: Literal["upheld", "dismissed"]
    reason: _Text


def statement_decoder(kind: type[Statement]) -> Callable[[bytes], tuple[str, str, Statement]]:
    """Reads the state of an event: when and by whom it was stated, and the statement.

    What else stands in a state is refused.
    """
    names = kind.__struct_fields__
    fields = [(one.name, one.type, one.default) for one in msgspec.structs.fields(kind)]
    required = [(name, of) for name, of, default in fields if default is msgspec.NODEFAULT]
    optional = [field for field in fields if field[2] is not msgspec.NODEFAULT]
    envelope = [("class_version", int), ("at", str), ("by", str)]
    state = msgspec.defstruct(
        f"{kind.__name__}State", [*envelope, *required, *optional], forbid_unknown_fields=True
    )
    decode = msgspec.json.Decoder(state).decode

    def read(raw: bytes) -> tuple[str, str, Statement]:
        found: Any = decode(raw)
        return found.at, found.by, kind(**{name: getattr(found, name) for name in names})

    return read


def stated(kind: type[Statement], event: LedgerEvent) -> Statement:
    """The statement of an event."""
    return kind(**{name: getattr(event, name) for name in kind.__struct_fields__})
