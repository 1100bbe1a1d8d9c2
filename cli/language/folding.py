"""Fold Chinese text into lines, between any two characters, by the columns that they take."""

from __future__ import annotations

import re

_OPENING, _CLOSING = "（“‘《〈〔【", "，。；：、？！）”’》〉〕】…"
_WIDE = "\u2e80-\uffef"
_TOKEN = re.compile(
    rf"\s+|[{_OPENING}]*(?:[{_WIDE}]|[^\s{_WIDE}{_OPENING}{_CLOSING}]+)?[{_CLOSING}]*"
)
_RAW = "\b"


def width_of(text: str) -> int:
    """Return the columns that a text takes: a Chinese character takes two."""
    return sum(2 if ord(ch) > 0x2E7F else 1 for ch in text)  # noqa: PLR2004 - first of CJK


def fold(text: str, width: int) -> list[str]:
    """Fold paragraphs into lines; one that begins with a backspace keeps its own, as in click."""
    lines: list[str] = []
    for paragraph in re.split(r"\n\s*\n", text.strip("\n")):
        own = paragraph.splitlines()
        kept = bool(own) and own[0].strip(" ") == _RAW
        folded = own[1:] if kept else _folded(_joined(own), width)
        lines += [*([""] if lines else []), *folded]
    return lines


def _joined(lines: list[str]) -> str:
    """Join the lines of a paragraph, without a space next to a Chinese character."""
    joined = ""
    for line in map(str.strip, lines):
        apart = joined and line and ord(joined[-1]) < 0x2E80 and ord(line[0]) < 0x2E80  # noqa: PLR2004
        joined += (" " if apart else "") + line
    return joined


def _folded(text: str, width: int) -> list[str]:
    lines, line = [], ""
    for token in filter(None, _TOKEN.findall(text)):
        if width_of(line + token.rstrip()) > width and line.strip():
            lines.append(line.rstrip())
            line = ""
        line += token if line or token.strip() else ""
    return [*lines, line.rstrip()] if line.strip() else lines
