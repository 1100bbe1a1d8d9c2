"""Write changes of scores, and the entries that caused them, as text and CSV."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Protocol

from cli.language import render
from cli.output.lines import print_line
from cli.output.workings import beside_points
from ledger.decimals import plain
from ledger.message import Series

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from projections.differences import UnitChange


_CODED = {"band", "group"}
"""Fields whose text is a code of the measure."""


def _flat(fields: dict[str, Any], translate: Callable[[str], str]) -> dict[str, str]:
    """Return a unit's fields as text, with an item for each figure of a period or section."""
    texts: dict[str, str] = {}
    for name, value in fields.items():
        if name == "periods":
            for period in value:
                figures = {"score": period["score"], **period["sections"], **period["beside"]}
                for key, points in figures.items():
                    texts[f"{period['period']} {translate(key)}"] = points
        elif name == "sections":
            texts |= {translate(key): points for key, points in value.items()}
        elif name == "flags":
            texts[translate(name)] = ", ".join(map(translate, value)) or translate("none")
        elif name == "open":
            points = (
                f"{translate(point['kind'])} {point['entry'] or translate(point['clause'])}"
                for point in value
            )
            texts[translate(name)] = ", ".join(points) or translate("none")
        else:
            coded = name in _CODED or not isinstance(value, str)
            text = (
                translate(value if isinstance(value, str) else json.dumps(value))
                if coded
                else value
            )
            texts[translate(name)] = text
    return texts


class Changed(Protocol):
    """Fields of one unit before and after."""

    @property
    def before(self) -> dict[str, Any]:
        """The changed fields before, as the contract has them."""

    @property
    def after(self) -> dict[str, Any]:
        """The same after."""


def field_changes(
    change: Changed, translate: Callable[[str], str] = str
) -> Iterator[tuple[str, str, str]]:
    """Yield (field, before, after) of every changed field; of open points, those gone and new.

    Args:
        change: of one unit.
        translate: returns a field's name or a coded value as shown; by default unchanged.
    """
    sides = (change.before, change.after), (change.after, change.before)
    before, after = (_flat(one | _only_here(one, other), translate) for one, other in sides)
    for name in {**before, **after}:
        if before.get(name) != after.get(name):
            yield name, before.get(name, "—"), after.get(name, "—")


def _only_here(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Return the open points of one side that the other lacks; a unit can have dozens."""
    if "open" not in one or "open" not in other:
        return {}
    return {"open": [point for point in one["open"] if point not in other["open"]]}


def print_changes(changes: Iterable[UnitChange], *, err: bool = False) -> None:
    """Print changes unit by unit, to standard error if `err`."""
    for change in changes:
        print_line(f"\n{change.unit} {change.name}", err=err)
        if not change.before and not change.after:
            print_line(render("  score, rank and flags stay as they are"), err=err)

        def worded(name: str, words: Mapping[str, str] = change.words) -> str:
            return render(words.get(name, name))

        for name, before, after in field_changes(change, worded):
            print_line(f"  {name}: {before} → {after}", err=err)
        for sign, postings in (("−", change.removed), ("+", change.added)):
            for posting in postings:
                entries = f" [{' '.join(posting.entries)}]" if posting.entries else ""
                points = plain(posting.points)
                working = beside_points(posting.working, posting.points, render)
                clause = worded(posting.clause)
                print_line(f"    {sign} {clause} {points}: {working}{entries}", err=err)
        if change.entries:
            print_line(render("  because of {entries}", entries=Series(change.entries)), err=err)


def change_rows(changes: Iterable[UnitChange]) -> tuple[list[str], list[list[str]]]:
    """Return CSV header and rows: a row for each changed field."""
    rows = [
        [change.unit, name, before, after, " ".join(change.entries)]
        for change in changes
        for name, before, after in field_changes(change)
    ]
    return ["unit", "field", "before", "after", "entries"], rows
