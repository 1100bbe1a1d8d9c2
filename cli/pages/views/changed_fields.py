"""Changed fields of a score in the words of a page; of open points, those new or gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.output.changes import field_changes
from cli.pages.formatting import true_minus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from cli.output.changes import Changed
    from cli.pages.views.page import PageContext
    from projections.differences import UnitChange

MAX_OPEN_POINTS = 12
"""Most open points that are named before, and after; of more, only the number is shown."""

_NONE = "—"
_VALUES = {"true": True, "false": False, "null": _NONE}


def changed_fields(change: Changed, context: PageContext) -> Iterator[tuple[str, str, str]]:
    """Yield (field, before, after) of every changed field."""
    words = context.words
    titles: Mapping[str, Callable[[str | None], str]] = {
        words.term("band"): words.band,
        words.term("group"): words.group,
    }
    for name, before, after in field_changes(change, lambda code: _word(code, context)):
        if name in titles:
            yield name, titles[name](before) or before, titles[name](after) or after
        elif name != words.term("open"):
            yield name, true_minus(before), true_minus(after)
    was, now = (side.get("open") or [] for side in (change.before, change.after))
    if was != now:
        gone = [point for point in was if point not in now]
        new = [point for point in now if point not in was]
        yield context.translate("Open points"), _points(gone, context), _points(new, context)


def before_and_after(change: UnitChange, *names: str) -> tuple[str, str]:
    """Return a figure before and after; an empty text where there is none.

    Args:
        change: of the unit, for the year or for the one period of a bulletin.
        names: of the figure; the first that the year or the period has is taken.
    """
    found = []
    for side in (change.before, change.after):
        period = (side.get("periods") or [{}])[0]
        figures = (one[name] for name in names for one in (side, period) if name in one)
        figure = next(figures, None)
        found.append("" if figure is None else true_minus(str(figure)))
    return found[0], found[1]


def _word(code: str, context: PageContext) -> str:
    """Return the word for a field, a flag, or a value as JSON has it."""
    return context.translate.term(_VALUES[code]) if code in _VALUES else context.words.term(code)


def _points(points: Sequence[Mapping[str, Any]], context: PageContext) -> str:
    clauses, translate = context.data.measure.clauses, context.translate
    names = []
    for point in points[:MAX_OPEN_POINTS]:
        clause = clauses.get(point["clause"] or "")
        title = point["clause"] if clause is None else translate.bilingual(clause.title)
        names.append(f"{translate.term(point['kind'])} {point['entry'] or title}")
    if len(points) > MAX_OPEN_POINTS:
        names.append(translate("and {count} more", count=len(points) - MAX_OPEN_POINTS))
    return translate("; ").join(names) or _NONE
