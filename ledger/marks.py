"""What a stored state tells of its entry without being decoded: its month, whom it names.

A state is JSON as pydantic writes it, without white space; a quotation mark inside a text is
escaped there, so that `"month":"` stands for the field alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.entries import BY_KIND
from ledger.topics import CLASS_VERSIONS, RECORDED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_BY_MONTH = {"screening_report": "month", "case_report": "month"}
"""Kinds that belong to the month which they report on, not to the day of their report."""

MONTH = len("2016-03")
"""Bytes of a month."""

REPLACES = b'"replaces":"'
"""Stands in every entry that takes another's place."""


def topics_of(*kinds: str) -> tuple[str, ...]:
    """The topics of the recordings of kinds."""
    return tuple(RECORDED[kind] for kind in kinds)


def mark_of(field: str) -> bytes:
    """What a text field begins with."""
    return b'"%b":"' % field.encode()


def dating_mark(kind: str) -> bytes | None:
    """What stands before the month, or year, by which entries of a kind belong to a year.

    None for kinds that belong to the year of what they refer to, or to none.
    """
    entry = BY_KIND[kind]
    if "year" in entry.FIELDS:
        return b'"year":'
    field = _BY_MONTH.get(kind, entry.DATED_BY)
    return None if field is None else mark_of(field)


def dating_marks() -> dict[str, bytes]:
    """The same by topic, of all kinds that have one."""
    found = {RECORDED[kind]: dating_mark(kind) for kind in BY_KIND}
    return {topic: mark for topic, mark in found.items() if mark is not None}


def year_in(month: bytes) -> int:
    """The assessment year of what follows a dating mark: of `2015-12`, 2016; of `2016,"i`, too."""
    return int(month[:4]) + (month[4:MONTH] == b"-12")


def outdated(kinds: Iterable[str]) -> Iterator[bytes]:
    """How states of earlier class versions begin, whose fields may be called otherwise."""
    for kind in kinds:
        for version in range(1, CLASS_VERSIONS[RECORDED[kind]]):
            yield b'{"class_version":%d,' % version


def dated_in(kind: str, year: int) -> tuple[bytes, ...]:
    """Texts of which one stands in every entry of a kind that an assessment year can own.

    A state with another December, of the calendar year's end, has one too: no harm is done by
    an entry that is kept in vain.
    """
    mark = dating_mark(kind)
    assert mark is not None, f"{kind} bears no day"
    return (b"%b%d-" % (mark, year), b"%b%d-12" % (mark, year - 1))


def text_of(state: bytes, mark: bytes) -> bytes:
    """The text of a field behind its mark, as far as the next quotation mark; empty for none."""
    at = state.find(mark)
    return state[at + len(mark) : state.find(b'"', at + len(mark))] if at >= 0 else b""
