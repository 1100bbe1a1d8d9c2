"""Every refusal of the ledger, each with a message that says what, where and what to do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ledger.identifiers import redact

if TYPE_CHECKING:
    from collections.abc import Sequence


class TallyError(Exception):
    """A refusal that a person can act upon; the command line prints it and exits with 1."""


class NotALedgerError(TallyError):
    """The store is missing or holds no ledger."""

    def __init__(self, url: str, why: str) -> None:
        super().__init__(
            f"{url} is no ledger: {why}. Make one with `tally init`, or name another with --ledger."
        )


class LedgerExistsError(TallyError):
    """`init` found something already there."""

    def __init__(self, url: str) -> None:
        super().__init__(f"{url} holds a ledger already; nothing was changed.")


class StoreError(TallyError):
    """The store could not do what was asked (locked, full, read-only, damaged)."""


class DamagedLedgerError(TallyError):
    """Something stored cannot be what this program wrote."""

    def __init__(self, position: int, what: str) -> None:
        self.position = position
        super().__init__(
            f"position {position}: {what}. The ledger is damaged: run `tally check` to see where, "
            "and restore it from a backup."
        )


class LedgerMovedError(TallyError):
    """Somebody appended between the check and the append; nothing was written."""

    def __init__(self, expected: int, found: int | None) -> None:
        self.expected = expected
        where = f"position {found}" if found is not None else "another position"
        super().__init__(
            f"the ledger was at position {expected} when this was checked and is at {where} now; "
            "nothing was written. Try again."
        )


@dataclass(frozen=True)
class Refusal:
    """One thing wrong with one entry: where it stands and what to do about it."""

    message: str
    field: str | None = None
    id: str | None = None
    file: str | None = None
    line: int | None = None
    """In a workbook the row as Excel shows it."""
    sheet: str | None = None
    column: str | None = None
    """The column's letter as Excel shows it."""
    header: str | None = None

    def as_json(self) -> dict[str, object]:
        """The shape that the contract gives to an `import` error; identifiers masked."""
        found: dict[str, object] = {
            "file": self.file,
            "line": self.line,
            "id": None if self.id is None else redact(self.id),
            "field": None if self.field is None else redact(self.field),
            "message": redact(self.message),
        }
        if self.sheet is not None or self.column is not None:
            header = None if self.header is None else redact(self.header)
            found |= {"sheet": self.sheet, "column": self.column, "header": header}
        return found

    def _cell(self) -> str:
        parts = [
            f"sheet {self.sheet}" if self.sheet else "",
            f"row {self.line}" if self.line else "",
            f"column {self.column}" if self.column else "",
        ]
        header = f" ({redact(self.header)})" if self.header else ""
        return f"{self.file}, {', '.join(filter(None, parts))}{header}: "

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: " if self.file and self.line else ""
        if self.file and not self.line:
            place = f"{self.file}: "
        if self.file and (self.sheet or self.column):
            place = self._cell()
        entry = f"{self.id or repr(self.id)}: " if self.id is not None else ""
        name = f"{self.field}: " if self.field else ""
        return place + redact(f"{entry}{name}{self.message}")


@dataclass
class EntriesRefusedError(TallyError):
    """Entries that the door refused, all of them at once; nothing was written."""

    refusals: Sequence[Refusal] = field(default_factory=list)

    def __str__(self) -> str:
        return "\n".join(str(refusal) for refusal in self.refusals)
