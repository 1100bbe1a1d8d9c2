"""What was taken back and replaced, by whom and why, and what that moved."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

from cli.output.corrections import (
    change_message,
    effect_message,
    is_of_rank,
    points_moved,
)
from cli.output.times import office_time
from cli.pages.formatting import points_text
from cli.pages.views.audit import edition_link, unit_links
from cli.pages.views.changed_fields import changed_fields
from cli.pages.views.page import Link, Page, computing_page
from cli.pages.views.tables import sortable
from ledger.instants import instant_text
from ledger.message import Message
from projections.moved import WORK

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cli.pages.views.page import PageContext
    from projections.corrections import Correction
    from projections.moved import Moved

_TITLES: Final = {
    "entry": Message("entry"),
    "unit": Message("unit"),
    "at": Message("taken back at"),
    "by": Message("by"),
    "reason": Message("reason"),
    "changes": Message("replacement"),
    "points": Message("points moved"),
    "moved": Message("what it moved"),
    "edition": Message("counted in"),
    "verified": Message("in effect"),
    "kind": Message("kind"),
}

_WORK_OF_A_PAGE: Final = WORK // 4
"""Entries scored for one page: some 0.7 seconds; the reader asks for more."""
_UNITS: Final = 4
"""Most units of one correction that a row lists; the command lists all."""


def corrections_page(context: PageContext, parameters: Mapping[str, str]) -> Page:
    """Return the page of all corrections of the year, and of entries of no year.

    Args:
        context: of the page.
        parameters: `sort`, `part`; `more`: compute what further ones moved; `id`: of this one.

    Raises:
        OptionError: one of them is malformed.
    """
    names = ("sort", "part", "more", "id")
    given = {name: parameters[name] for name in names if parameters.get(name)}
    data, links, translate = context.data, context.links, context.translate
    found, moves = data.corrections, data.moves
    is_server = links.answer("corrections") is not None
    is_asked = "more" in given
    title = translate("Corrections {year}", year=data.year)
    named = [one for one in found if given.get("id") in {one.entry.id, one.reversal}]
    while is_server and (is_asked or any(moves.known(one) is None for one in named)):
        begun = data.moving(named or found)
        if begun.value(context.patience) is None:
            return computing_page(context, title, "corrections", begun)
        data.forget_moving()
        is_asked = False
    left = moves.compute(found, _WORK_OF_A_PAGE if is_server else WORK, least=int(not is_server))
    kept = {name: text for name, text in given.items() if name in {"sort", "part"}}
    by_reversal = {one.reversal: one for one in found}

    @cache
    def cells(reversal: str) -> dict[str, list[Link]]:
        return _cells(by_reversal[reversal], context)

    rows = [_row(one, moves.known(one)) for one in found]
    table = sortable(
        context,
        "corrections",
        kept,
        name="corrections",
        title=title,
        columns=_TITLES,
        rows=rows,
        cells=lambda column, row: cells(row["reversal"])[column],
        numbers={"points"},
    )
    values = {
        "table": table,
        "left": left,
        "more": links.answer("corrections", **kept, more="1"),
    }
    return Page("corrections.html", title, [], values, kept, "corrections")


def _row(one: Correction, moved: Moved | None) -> dict[str, Any]:
    """Return the values that a correction is sorted by."""
    points = points_moved(moved)
    return {
        "reversal": one.reversal,
        "entry": one.entry.id,
        "kind": one.entry.KIND,
        "unit": one.unit,
        "at": one.reversed.position,
        "by": one.reversed.by,
        "reason": one.reason,
        "changes": " ".join(replacement.id for replacement in one.replacements) or None,
        "edition": " ".join(one.published_in) or None,
        "verified": None if one.verified is None else one.verified.position,
        "points": None if points is None else str(points),
        "moved": None if moved is None else len(moved.units),
    }


def _cells(one: Correction, context: PageContext) -> dict[str, list[Link]]:
    """Return what each cell of a correction shows."""
    translate, data = context.translate, context.data
    moved = data.moves.known(one)
    points = points_moved(moved)
    changes = []
    for replacement in one.replacements:
        words = [translate(change_message(of, one, data.kinds)) for of in replacement.changes]
        changes.append(context.entry_link(replacement.id))
        changes.append(Link(translate("; ").join(words), None))
    at = office_time(instant_text(one.reversed.at))
    return {
        "entry": [context.entry_link(one.entry.id)],
        "kind": [Link(translate.kind(data.kinds, one.entry.KIND), None)],
        "unit": [] if one.unit is None else unit_links(one.unit, context),
        "at": [Link(at, None), context.entry_link(one.reversal)],
        "by": [Link(one.reversed.by, None)],
        "reason": [Link(one.reason, None)],
        "changes": changes,
        "edition": [edition_link(name, context) for name in one.published_in],
        "verified": [Link(translate(effect_message(one)), None)],
        "points": [] if points is None else [Link(points_text(points), None)],
        "moved": _moved(one, moved, context),
    }


def _moved(one: Correction, moved: Moved | None, context: PageContext) -> list[Link]:
    translate = context.translate
    if moved is None:
        words = translate("not computed")
        return [Link(words, context.links.answer("corrections", id=one.reversal))]
    if moved.failed is not None:
        return [Link(translate(moved.failed), None)]
    if not moved.units:
        return [Link(translate("no score, rank or flag"), None)]
    own = [unit for unit in moved.units if not is_of_rank(unit)]
    found = []
    for unit in own[:_UNITS]:
        fields = translate("; ").join(
            f"{name} {before} → {after}" for name, before, after in changed_fields(unit, context)
        )
        found += [context.unit_link(unit.unit, unit.name), Link(f"{fields}{translate('.')}", None)]
    if len(own) > _UNITS:
        found.append(Link(translate("and {count} more", count=len(own) - _UNITS), None))
    ranks = len(moved.units) - len(own)
    if ranks:
        words = translate("the rank alone of {count} {count:unit|units}", count=ranks)
        found.append(Link(words, None))
    at = one.in_effect_at
    if at is None:
        found.insert(0, Link(translate("once verified:"), None))
    else:
        to = {"from": str(at - 1), "to": str(at)}
        href = context.links.answer("differences", **to)
        found += [Link(translate("all changes at position {at}", at=at), href)] if href else []
    return found
