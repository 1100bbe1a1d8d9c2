"""The compensating entry (冲销): it takes another entry back and changes nothing in place."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from ledger.entries.base import Entry
from ledger.fields import EntryId, Text


class Reversal(Entry):
    """Takes an entry back, once verified; is not itself reversed (the contract, `reversal`)."""

    KIND: ClassVar[str] = "reversal"
    TITLE: ClassVar[str] = "冲销"

    kind: Literal["reversal"] = "reversal"
    of: EntryId = Field(title="冲销对象", description="id of the entry taken back")
    reason: Text = Field(title="原因", description="why it is taken back")
