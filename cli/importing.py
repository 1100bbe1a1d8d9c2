"""Read the files of an import: workbooks by their suffix, others as JSONL."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ledger.submissions import read_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from cli.session import Session
    from ledger.errors import Refusal
    from ledger.submissions import Submission

WORKBOOK_SUFFIXES = frozenset({".xlsx", ".xls", ".csv"})
"""Endings, in lower case, of the files that are read as workbooks; others are JSONL."""


class FileReader:
    """Reads files into entries of an open ledger's kinds."""

    def __init__(self, opened: Session) -> None:
        """Read for an open ledger."""
        self._opened = opened
        self.kinds = opened.ledger.kinds

    @cached_property
    def _names(self) -> dict[str, str]:
        """The present names of units by id."""
        from ledger.units import present_names  # noqa: PLC0415 - only for workbooks

        return present_names(self._opened.loader.of_kinds(["unit"]))

    @cached_property
    def _examples(self) -> frozenset[str]:
        """The hashes of the template's examples."""
        from cli.measured import measured_in  # noqa: PLC0415 - only for workbooks
        from cli.workbooks.examples import example_hashes  # noqa: PLC0415

        return example_hashes(measured_in(self._opened))

    def read(
        self, path: Path, advance: Callable[[int], None] | None = None
    ) -> Iterator[Submission | Refusal]:
        """Yield the entries of a file, and a refusal for each fault.

        Args:
            path: the file.
            advance: called at times with the number of bytes read since the last call.
        """
        if path.suffix.lower() not in WORKBOOK_SUFFIXES:
            yield from read_file(path, advance, self.kinds)
            return
        from cli.workbooks.reading import read_workbook  # noqa: PLC0415 - only for these

        yield from read_workbook(
            path, advance, lambda: self._names, self.kinds, lambda: self._examples
        )


def in_order(refusals: Sequence[Refusal], names: Sequence[str]) -> list[Refusal]:
    """Sort refusals by file as named, by sheet as first met, and by line."""
    place = {name: number for number, name in enumerate(names)}
    sheets: dict[str | None, int] = {}
    for refusal in refusals:
        sheets.setdefault(refusal.sheet, len(sheets))
    return sorted(
        refusals,
        key=lambda one: (place.get(one.file or "", -1), sheets[one.sheet], one.line or 0),
    )
