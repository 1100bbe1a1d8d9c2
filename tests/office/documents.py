"""Bulletins for tests, read by python-docx."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docx import Document

if TYPE_CHECKING:
    from docx.document import Document as Doc

    from tests.cli.running import Tally


def write_bulletin(tally: Tally, *arguments: object) -> Doc:
    """Write a bulletin and return it."""
    path = tally.folder / "b.docx"
    path.unlink(missing_ok=True)
    tally("bulletin", *arguments, "-o", path).ok()
    return Document(str(path))


def under(document: Doc, title: str) -> list[str]:
    """Return the paragraphs under a numbered heading, as of 四、存在的问题, to the next one."""
    texts = [one.text for one in document.paragraphs]
    first = next(at for at, text in enumerate(texts) if text.partition("、")[2] == title)
    rest = texts[first + 1 :]
    last = (
        at for at, text in enumerate(rest) if re.match("[一二三四五六七八九十]+、|附件：", text)
    )
    return rest[: next(last, len(rest))]


def proof_of(document: Doc) -> str:
    """Return the line with position and root."""
    (found,) = [one.text for one in document.paragraphs if one.text.startswith("台账序号")]
    return found


def rows_of(document: Doc) -> tuple[list[str], dict[str, list[str]]]:
    """Return the header of the table and its rows, by name of the unit."""
    header, *rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    at = header.index("单位")
    return header, {row[at]: row for row in rows}


def text_of(document: Doc) -> str:
    """Return the text of all paragraphs and table cells."""
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])
