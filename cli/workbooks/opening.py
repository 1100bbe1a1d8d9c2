"""Open a workbook or CSV file as tables, unless its suffix is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.workbooks.csv_files import read_csv
from cli.workbooks.tables import DAMAGED, LOCKED, FileError
from cli.workbooks.xls import read_xls
from cli.workbooks.xlsx import read_xlsx
from ledger.kinds import BUILT_IN, Kinds
from ledger.message import Message

if TYPE_CHECKING:
    from pathlib import Path

    from cli.workbooks.tables import Table

_HEAD = 64
"""Bytes by which the content of a file is recognised."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_DOCUMENTS = {b"%PDF": "PDF", b"{\\rtf": "RTF"}
_UTF_16 = b"\xff\xfe", b"\xfe\xff"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def open_tables(path: Path, kinds: Kinds = BUILT_IN) -> list[Table]:
    """Return the tables of a file, by its suffix: `.xlsx`, `.xls` or `.csv`.

    Args:
        path: the file.
        kinds: the kinds of the ledger.

    Raises:
        FileError: it is damaged, locked, empty, or its content does not fit its suffix.
        OSError: it cannot be read.
    """
    with path.open("rb") as stream:
        start = stream.read(_HEAD)
    if not start:
        raise FileError(Message("is empty: there is no entry in it"))
    if _is_markup(start):
        raise FileError(
            Message(
                "is a web page or XML, as some systems export it, under the name of a workbook; "
                "open it in Excel or WPS and save it as .xlsx"
            )
        )
    document = next((name for mark, name in _DOCUMENTS.items() if start.startswith(mark)), None)
    if document is not None:
        raise FileError(
            Message(
                "is a {document} document under the name of a table; copy its table into a "
                "workbook and save that as .xlsx",
                document=document,
            )
        )
    suffix, actual = path.suffix.lower(), _suffix_of(start)
    if suffix == ".csv" and actual not in {".xls", ".xlsx", ".jsonl"}:
        # Other bytes may be text of an encoding other than UTF-8.
        return [read_csv(path, kinds)]
    if suffix == actual:
        return read_xls(path) if suffix == ".xls" else read_xlsx(path)
    if suffix == ".xlsx" and actual == ".xls" and _ENCRYPTED in path.read_bytes():
        raise FileError(LOCKED)
    if actual is None:
        raise FileError(DAMAGED)
    raise FileError(
        Message(
            "contains {actual} data, not {suffix}; rename it to end in {actual}",
            actual=actual,
            suffix=suffix,
        )
    )


def _is_markup(start: bytes) -> bool:
    """Return whether a file begins as HTML, XML or a web archive does."""
    text = start.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    return text.startswith((b"<!", b"<?xml", b"<html", b"<table", b"<meta", b"mime-version:"))


def _suffix_of(start: bytes) -> str | None:
    """Return the suffix that fits a file's first bytes; None for unknown data."""
    if start.startswith(_OLE):
        return ".xls"
    if start.startswith(_ZIP):
        return ".xlsx"
    text = start.removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"").lstrip(b"\xff\xfe \t\r\n")
    if text.startswith(b"{") and text[1:].lstrip().startswith((b'"', b"}")):
        return ".jsonl"
    if start.startswith(_UTF_16):
        return ".csv"
    is_text = all(byte in b"\t\r\n" or byte >= 32 for byte in start[:8])  # noqa: PLR2004 - printable
    return ".csv" if is_text else None
