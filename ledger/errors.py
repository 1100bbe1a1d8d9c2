"""The ledger's errors; each message says what is wrong, where and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ledger.identifiers import redact
from ledger.message import Message, Series, message_of

if TYPE_CHECKING:
    from collections.abc import Sequence


class TallyError(Exception):
    """An error that a person can act on; the command line prints it and exits with 1."""

    def sentences(self) -> Sequence[str]:
        """Return the message as sentences that can be translated."""
        return [message_of(self)]


class NotALedgerError(TallyError):
    """The store does not exist or holds no ledger."""

    def __init__(self, url: str, why: str) -> None:
        super().__init__(
            Message(
                "{url} is not a ledger: {why}. Make one with `tally init`, or name another "
                "with --ledger.",
                url=url,
                why=why,
            )
        )


class LedgerExistsError(TallyError):
    """A ledger to be created exists already."""

    def __init__(self, url: str) -> None:
        super().__init__(Message("{url} holds a ledger already; nothing was changed.", url=url))


class StoreError(TallyError):
    """The store could not do what was asked (locked, full, read-only, damaged)."""


class FolderMissingError(StoreError):
    """The folder of a file to be written does not exist."""

    def __init__(self, file: object, folder: object) -> None:
        super().__init__(
            Message(
                "{file}: the folder {folder} does not exist; make it first.",
                file=file,
                folder=folder,
            )
        )


class DamagedLedgerError(TallyError):
    """A stored event cannot be what this program wrote."""

    def __init__(self, position: int, what: str) -> None:
        self.position = position
        super().__init__(
            Message(
                "position {position}: {what}. The ledger is damaged: run `tally check` to see "
                "where, and restore it from a backup, or set the position aside with `tally "
                "set-aside {position}`.",
                position=position,
                what=what,
            )
        )


class LedgerMovedError(TallyError):
    """Optimistic concurrency failed: another append came first; nothing was written.

    Attributes:
        expected: the position that the events were decided at.
    """

    def __init__(self, expected: int, found: int | None) -> None:
        self.expected = expected
        where = Message("another position")
        if found is not None:
            where = Message("position {position}", position=found)
        super().__init__(
            Message(
                "the ledger was at position {expected} when this was checked and is at {where} "
                "now; nothing was written. Try again.",
                expected=expected,
                where=where,
            )
        )


class Refusal(NamedTuple):
    """One fault of one entry: its place in the input, and what to do about it."""

    message: str
    field: str | None = None
    id: str | None = None
    file: str | None = None
    line: int | None = None
    """From 1; in a workbook the number of the row."""
    sheet: str | None = None
    column: str | None = None
    """The column's letter in a workbook."""
    header: str | None = None
    code: str = "malformed"
    """The fault's name for programs."""

    def as_json(self) -> dict[str, object]:
        """Return the JSON of an `import` error, with identifiers of persons masked."""
        found: dict[str, object] = {
            "file": self.file,
            "line": self.line,
            "id": None if self.id is None else redact(self.id),
            "field": None if self.field is None else redact(self.field),
            "code": self.code,
            "message": redact(self.message),
        }
        if self.sheet is not None or self.column is not None:
            header = None if self.header is None else redact(self.header)
            found |= {"sheet": self.sheet, "column": self.column, "header": header}
        return found

    def _cell(self) -> Message:
        parts = [
            Message("sheet {sheet}", sheet=self.sheet) if self.sheet else "",
            Message("row {row}", row=self.line) if self.line else "",
            Message("column {column}", column=self.column) if self.column else "",
        ]
        header = Message(" ({header})", header=redact(self.header)) if self.header else ""
        return Message(
            "{file}, {cell}{header}: ",
            file=self.file,
            cell=Series(filter(None, parts)),
            header=header,
        )

    def _place(self) -> str:
        if self.file and (self.sheet or self.column):
            return self._cell()
        if self.file and self.line:
            return Message("{file}:{line}: ", file=self.file, line=self.line)
        return Message("{file}: ", file=self.file) if self.file else ""

    def _rest(self) -> Message:
        return Message(
            "{entry}{field}{message}",
            entry="" if self.id is None else Message("{id}: ", id=self.id or repr(self.id)),
            field=Message("{field}: ", field=self.field) if self.field else "",
            message=self.message,
        )

    def sentence(self) -> Message:
        """Return the line for a person, with identifiers not yet masked."""
        return Message("{place}{rest}", place=self._place(), rest=self._rest())

    def __str__(self) -> str:
        return self._place() + redact(self._rest())


class EntriesRefusedError(TallyError):
    """Validation refused entries, reported all at once; nothing was written."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        super().__init__(refusals)
        self.refusals = refusals

    def sentences(self) -> Sequence[str]:
        """Return one sentence for each refusal."""
        return [refusal.sentence() for refusal in self.refusals]

    def __str__(self) -> str:
        return "\n".join(str(refusal) for refusal in self.refusals)
