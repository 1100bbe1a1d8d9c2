"""The compensating entry (冲销): it takes another entry back and changes nothing in place."""

from typing import Annotated, ClassVar

from ledger.entries.base import Entry
from ledger.fields import EntryId, Label, Text


class Reversal(Entry, frozen=True, kw_only=True, tag="reversal"):
    """Takes an entry back, once verified; is not itself reversed (the contract, `reversal`)."""

    TITLE: ClassVar[str] = "冲销"
    PREFIX: ClassVar[str] = "RV"

    of: Annotated[EntryId, Label("冲销对象", "id of the entry taken back")]
    reason: Annotated[Text, Label("原因", "why it is taken back")]
