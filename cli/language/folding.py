"""Fold Chinese text into lines; a Chinese character takes two columns."""

from __future__ import annotations

import re

_OPENING, _CLOSING = "（“‘《〈〔【", "，。；：、？！）”’》〉〕】…"
_WIDE = "\u2e80-\uffef"
_TOKEN = rf"\s+|[{_OPENING}]*(?:[{_WIDE}]|[^\s{_WIDE}{_OPENING}{_CLOSING}]+)?[{_CLOSING}]*"
"""Compiled by `re` when a line is first folded: in a pipe none is."""
_RAW = "\b"


def _is_wide(ch: str) -> bool:
    return ch >= "\u2e80"  # the first of the CJK blocks


def width_of(text: str) -> int:
    """Return the columns that a text takes."""
    return len(text) + sum(map(_is_wide, text))


def fold(text: str, width: int) -> list[str]:
    """Fold paragraphs into lines; as in click, one after a backspace is kept."""
    lines: list[str] = []
    for paragraph in re.split(r"\n\s*\n", text.strip("\n")):
        own = paragraph.splitlines()
        kept = bool(own) and own[0].strip(" ") == _RAW
        folded = own[1:] if kept else fold_line(_joined(own), width)
        lines += [*([""] if lines else []), *folded]
    return lines


def words_of(text: str) -> list[str]:
    """Return what of a text stays on one line: words, and Chinese characters with punctuation."""
    return [token for token in re.findall(_TOKEN, text) if token.strip()]


def _joined(lines: list[str]) -> str:
    """Join the lines of a paragraph, without a space next to a Chinese character."""
    joined = ""
    for line in map(str.strip, lines):
        needs_space = joined and line and not (_is_wide(joined[-1]) or _is_wide(line[0]))
        joined += (" " if needs_space else "") + line
    return joined


def fold_line(text: str, width: int) -> list[str]:
    """Fold one paragraph into lines between words; a word that is wider stays whole."""
    if width_of(text) <= width:
        return [text.rstrip()] if text.strip() else []
    lines, line = [], ""
    for token in filter(None, re.findall(_TOKEN, text)):
        if width_of(line + token.rstrip()) > width and line.strip():
            lines.append(line.rstrip())
            line = ""
        line += token if line or token.strip() else ""
    return [*lines, line.rstrip()] if line.strip() else lines
