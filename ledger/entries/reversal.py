"""The compensating entry (冲销): it takes another entry back and changes nothing in place."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from ledger.entries.base import Entry, field

if TYPE_CHECKING:
    from ledger.fields import EntryId, Text


class Reversal(Entry):
    """Takes an entry back, once verified; is not itself reversed (the contract, `reversal`)."""

    KIND: ClassVar[str] = "reversal"
    TITLE: ClassVar[str] = "冲销"

    kind: Literal["reversal"] = "reversal"
    of: EntryId = field("冲销对象", "id of the entry taken back")
    reason: Text = field("原因", "why it is taken back")
