"""Changed fields of a score in the reader's words; of open points those that came and went."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.output.changes import field_changes
from cli.pages.views.page import number_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cli.pages.views.page import Desk
    from projections.differences import UnitChange

MOST_OPEN = 12
"""Open points that are named of a side; of more it is told how many."""

_NONE = "—"
_FLAGS = {"true": True, "false": False}


def told_fields(change: UnitChange, desk: Desk) -> Iterator[tuple[str, str, str]]:
    """(field, before, after) of every changed field."""
    for name, before, after in field_changes(change):
        if name != "open":
            yield _name(name, desk), _value(before, desk), _value(after, desk)
    was, now = (side.get("open") or [] for side in (change.before, change.after))
    if was != now:
        gone = [point for point in was if point not in now]
        come = [point for point in now if point not in was]
        yield desk.say("Open points"), _points(gone, desk), _points(come, desk)


def both(change: UnitChange, *names: str) -> tuple[str, str]:
    """A figure before and after; of a bulletin the quarter's, which alone has it. Else nothing."""
    found = []
    for side in (change.before, change.after):
        of_quarter = (side.get("quarters") or [{}])[0]
        told = next((one[name] for name in names for one in (side, of_quarter) if name in one), "")
        found.append(number_text(str(told)))
    return found[0], found[1]


def _name(name: str, desk: Desk) -> str:
    quarter, _, part = name.rpartition(" ")
    return f"{quarter} {desk.say.term(part)}".strip()


def _value(text: str, desk: Desk) -> str:
    return desk.say.term(_FLAGS[text]) if text in _FLAGS else number_text(text)


def _points(points: Sequence[Mapping[str, Any]], desk: Desk) -> str:
    clauses = desk.view.rulebook.clauses
    told = []
    for point in points[:MOST_OPEN]:
        clause = clauses.get(point["clause"] or "")
        named = point["clause"] if clause is None else desk.say.of(clause.title)
        told.append(f"{desk.say.term(point['kind'])} {point['entry'] or named}")
    if len(points) > MOST_OPEN:
        told.append(desk.say("and {count} more", count=len(points) - MOST_OPEN))
    return "; ".join(told) or _NONE
