"""What every entry has: its number, an optional note, what it replaces and what it refers to."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, field_validator

from ledger.fields import EntryId, Note

UnitRef = Annotated[EntryId, Field(title="单位", description="id of a unit (村、场、社区)")]


class Entry(BaseModel):
    """What the office records: one JSON object a line (the contract, "Entries").

    Frozen, unknown fields refused, no conversion between types.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)

    KIND: ClassVar[str]
    TITLE: ClassVar[str]
    REFERENCES: ClassVar[dict[str, str]] = {}
    """Field by field, the kind of entry that its value (or each of its values) must name."""
    DATED_BY: ClassVar[str | None] = None
    """The field that says when what it tells of occurred, or was due."""
    STANDS_FOR: ClassVar[tuple[str, ...]] = ()
    """The fields for whose values only one entry of the kind may stand at a time."""

    id: EntryId = Field(title="编号", description="the office's own document number")
    note: Note | None = Field(default=None, title="备注", description="at most 200 characters")
    replaces: EntryId | None = Field(
        default=None,
        title="替代",
        description="id of a reversed entry whose place this one takes",
    )

    @field_validator("note", mode="before")
    @classmethod
    def _empty_is_none(cls, value: Any) -> Any:
        return None if value == "" else value

    def content(self) -> dict[str, Any]:
        """The entry as the contract's JSON object, optional fields left out where empty."""
        return self.model_dump(mode="json", exclude_none=True)

    def references(self) -> list[tuple[str, str, str]]:
        """Every reference as (field, id, kind that the id must be of)."""
        found: list[tuple[str, str, str]] = []
        for field, kind in self.REFERENCES.items():
            value = getattr(self, field)
            if value is not None:
                values = value if isinstance(value, tuple) else (value,)
                found.extend((field, named, kind) for named in values)
        return found
