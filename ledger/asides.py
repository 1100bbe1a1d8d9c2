"""Damaged positions that were set aside on the record, and are left out of every reading."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from ledger.events import ASIDE
from ledger.instants import instant_text
from ledger.message import Message

if TYPE_CHECKING:
    from ledger.events import RowSetAside
    from ledger.state import EventRef


class SetAside(Struct):
    """One position that was set aside, with its verification if there is one."""

    ref: EventRef
    event: RowSetAside
    version: int
    """Of the last event of its stream."""
    verified: EventRef | None = None

    @property
    def effective(self) -> bool:
        """Whether a second person has verified it."""
        return self.verified is not None

    @property
    def name(self) -> str:
        """The originator id of its stream, by which it is verified."""
        return aside_id(self.event.position)

    def sentence(self) -> Message:
        """Return the line for a person on what is left out, once it is verified."""
        assert self.verified is not None, "what nobody has verified leaves nothing out"
        return Message(
            "position {position} is damaged and was set aside: {reason} ({by}, verified by "
            "{verified_by} at position {verified})",
            position=self.event.position,
            reason=self.event.reason,
            by=self.ref.by,
            verified_by=self.verified.by,
            verified=self.verified.position,
        )

    def as_json(self) -> dict[str, Any]:
        """Return what a JSON that it bears on says of it."""
        return {
            "position": self.event.position,
            "sha256": self.event.sha256,
            "reason": self.event.reason,
            "set_aside": _ref_json(self.ref),
            "verified": None if self.verified is None else _ref_json(self.verified),
        }


def _ref_json(ref: EventRef) -> dict[str, Any]:
    return {"position": ref.position, "at": instant_text(ref.at), "by": ref.by}


def aside_id(position: int) -> str:
    """Return the originator id of the setting aside of a position."""
    return f"{ASIDE}{position}"
