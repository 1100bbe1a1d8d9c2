"""Recognise by its first lines a file that is not JSONL, so as to refuse it once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.message import Message

if TYPE_CHECKING:
    from collections.abc import Sequence

_DELIMITERS = b"\t", b",", b";", b"|", "，".encode()
_JSON = Message(
    "is JSON, but not JSONL: write each entry as one object on a line of its own, without [ ] "
    "around them and without commas between them"
)
_MARKUP = Message("is a web page or XML, not JSONL; save it as .xlsx or .csv")
_BINARY = Message("is UTF-16 or not text at all; save the file as UTF-8")
_TABLE = Message(
    "is a table, not JSONL; save it as .xlsx, or as .csv (also with tabs) that is named after a "
    "kind of entry"
)
_OTHER = Message("is not JSONL: write each entry as one JSON object on a line of its own")


def other_than_jsonl(first: Sequence[bytes]) -> Message | None:
    """Return what is wrong with a file as a whole, or None for JSONL with faults in its lines.

    Args:
        first: up to three lines that are not blank, the first of the file.
    """
    start, second = (*first, b"{", b"{")[:2]
    is_array = start == b"[" or start.startswith(b"[{")
    has_entry = any(one.startswith(b"{") and one.endswith(b"}") for one in first)
    if (has_entry and not is_array) or (start.startswith(b"{") and second.startswith(b"{")):
        return None
    kinds = {
        _JSON: start.startswith((b"[", b"{")),
        _MARKUP: start.startswith(b"<"),
        _BINARY: b"\0" in start,
        _TABLE: any(delimiter in start for delimiter in _DELIMITERS),
    }
    return next((message for message, fits in kinds.items() if fits), _OTHER)
