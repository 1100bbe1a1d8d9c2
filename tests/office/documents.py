"""Bulletins for tests, read by python-docx."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docx import Document

if TYPE_CHECKING:
    from docx.document import Document as Doc

    from tests.cli.running import Tally


def write_bulletin(tally: Tally, *arguments: object) -> Doc:
    """Write a bulletin and return it."""
    path = tally.folder / "b.docx"
    tally("bulletin", *arguments, "-o", path).ok()
    return Document(str(path))


def text_of(document: Doc) -> str:
    """Return the text of all paragraphs and table cells."""
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])
