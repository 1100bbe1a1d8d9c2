"""The ranking of a year: a row for each unit, with a bar of the parts of its score."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cli.pages.formatting import points_text, true_minus
from cli.pages.views.charts import PARTS, ScoreBar, scale_for, score_bar
from cli.pages.views.page import Page, PageContext
from ledger.entries import Unit
from ledger.message import Message
from projections.calendar import QUARTERS, quarter_name

if TYPE_CHECKING:
    from projections.scores import UnitScore

FLAGS = {
    "vetoed": Message("vetoed"),
    "disqualified": Message("disqualified"),
    "eligible": Message("eligible"),
    "open": Message("with open points"),
    "published": Message("differs from the bulletin"),
}
"""The filters of the ranking, with their labels."""


class QuarterCell(NamedTuple):
    """A quarter's score, and the published one where it differs."""

    now: str
    published: str | None
    note: str
    """The figure in the latest edition of the bulletin, where it differs."""


class Row(NamedTuple):
    """One unit."""

    score: UnitScore
    href: str | None
    type: str
    quarters: list[QuarterCell]
    inspection: str
    rewards: str
    penalties: str
    total: str
    bar: ScoreBar
    flags: list[str]
    hidden: bool


def _published_note(published: dict[str, Any], context: PageContext) -> str:
    """Return which edition showed other figures, and which."""
    edition, through = published["edition"], published["through"]
    fields = ", ".join(
        f"{context.translate.term(name)} {true_minus(context.translate.term(value))}"
        for name, value in published.items()
        if name not in {"edition", "position", "through", "quarter"}
    )
    return context.translate(
        "edition {edition}, through {through}: {fields}",
        edition=edition,
        through=through,
        fields=fields,
    )


def quarter_cells(score: UnitScore, context: PageContext) -> list[QuarterCell]:
    """Return the cells of the four quarters; those that have not begun are empty."""
    begun = {quarter.quarter: points_text(quarter.score) for quarter in score.quarters}
    cells = []
    for quarter in QUARTERS:
        name = quarter_name(context.data.year, quarter)
        published = context.data.published.get((score.unit, name))
        other, note = None, ""
        if published is not None:
            other = true_minus(str(published.get("score", "*")))
            note = _published_note(published, context)
        cells.append(QuarterCell(begun.get(quarter, ""), other, note))
    return cells


def _flags(score: UnitScore, quarters: list[QuarterCell]) -> list[str]:
    """Return the names of the filters that show a row."""
    found = {
        "vetoed": score.vetoed,
        "disqualified": score.disqualified,
        "eligible": score.eligible,
        "open": bool(score.open),
        "published": any(cell.published is not None for cell in quarters),
    }
    return [name for name in FLAGS if found[name]]


def _unit_type(unit_id: str, context: PageContext) -> str:
    """Return `village`, `farm` or `community`."""
    known = context.data.state.get(unit_id)
    return known.entry.type if known is not None and isinstance(known.entry, Unit) else ""


def ranking_page(context: PageContext, type_: str = "", flag: str = "", text: str = "") -> Page:
    """Return the page of all units in rank order; rows that do not match are hidden.

    Args:
        context: of the page.
        type_: the type of units to show; empty for all.
        flag: a key of `FLAGS`; empty for all.
        text: a part of the unit's id or name, in any case.
    """
    units, translate = context.data.scores.units, context.translate
    scale, sought = scale_for(units), text.casefold()
    rows = []
    for score in units:
        quarters, unit_type = quarter_cells(score, context), _unit_type(score.unit, context)
        flags = _flags(score, quarters)
        matches = (
            sought in f"{score.unit} {score.name}".casefold()
            and type_ in {"", unit_type}
            and flag in {"", *flags}
        )
        rows.append(
            Row(
                score,
                context.links.unit(score.unit),
                unit_type,
                quarters,
                points_text(score.inspection),
                points_text(score.rewards),
                points_text(score.penalties),
                points_text(score.total),
                score_bar(score, scale, translate),
                flags,
                hidden=not matches,
            )
        )
    values = {
        "rows": rows,
        "parts": [(part, translate.heading(part)) for part in PARTS],
        "types": sorted({row.type for row in rows if row.type}, reverse=True),
        "flags": [(name, translate(label)) for name, label in FLAGS.items()],
        "chosen": {"type": type_, "flag": flag, "q": text},
        "seen": sum(not row.hidden for row in rows),
        "published": any("published" in row.flags for row in rows),
    }
    title = translate("Ranking {year}", year=context.data.year)
    return Page("ranking.html", title, [], values, {}, "ranking")
