"""The ranking of a year: a row a unit, with a bar for each part of its score."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cli.pages.views.charts import BAR_WIDTH, PARTS, Bar, bars, in_words, scale
from cli.pages.views.page import Desk, Page, number, number_text
from ledger.entries import Unit
from ledger.message import Message
from projections.calendar import QUARTERS, quarter_name
from projections.postings import ZERO

if TYPE_CHECKING:
    from projections.scores import UnitScore

FLAGS = {
    "vetoed": Message("vetoed"),
    "disqualified": Message("disqualified"),
    "eligible": Message("eligible"),
    "open": Message("with open points"),
    "published": Message("published and another now"),
}
"""What the ranking can be narrowed down to."""


class Cell(NamedTuple):
    """A quarter's score, and what was published for it where that is another."""

    now: str
    published: str | None
    told: str


class Row(NamedTuple):
    """One unit."""

    score: UnitScore
    href: str | None
    type: str
    quarters: list[Cell]
    inspection: str
    rewards: str
    penalties: str
    total: str
    bars: list[Bar]
    parts: str
    """The parts in words, for who does not see the bar."""
    marks: list[str]
    hidden: bool


def published_told(published: dict[str, Any], desk: Desk) -> str:
    """Which edition said what else."""
    edition, through = published["edition"], published["through"]
    apart = {"edition", "position", "through", "quarter"}
    fields = ", ".join(
        f"{desk.say.term(name)} {number_text(desk.say.term(value))}"
        for name, value in published.items()
        if name not in apart
    )
    return desk.say(
        "edition {edition}, through {through}: {fields}",
        edition=edition,
        through=through,
        fields=fields,
    )


def cells(score: UnitScore, desk: Desk) -> list[Cell]:
    """The four quarters; empty where one has not begun."""
    begun = {quarter.quarter: quarter for quarter in score.quarters}
    made = []
    for place in QUARTERS:
        name = quarter_name(desk.view.year, place)
        now = number(begun[place].score) if place in begun else ""
        beside = desk.view.published.get((score.unit, name))
        told = None if beside is None else number_text(str(beside.get("score", "*")))
        made.append(Cell(now, told, "" if beside is None else published_told(beside, desk)))
    return made


def marks(score: UnitScore, quarters: list[Cell]) -> list[str]:
    """By which of the flags a row is found."""
    found = {
        "vetoed": score.vetoed,
        "disqualified": score.disqualified,
        "eligible": score.eligible,
        "open": bool(score.open),
        "published": any(cell.published is not None for cell in quarters),
    }
    return [name for name in FLAGS if found[name]]


def unit_type(unit_id: str, desk: Desk) -> str:
    """Village, farm or community."""
    life = desk.view.state.get(unit_id)
    return life.entry.type if life is not None and isinstance(life.entry, Unit) else ""


def ranking_page(desk: Desk, kind: str = "", flag: str = "", text: str = "") -> Page:
    """Every unit in rank order; the rows that a filter leaves out are hidden, not left out."""
    scores = desk.view.scores
    to, sought = scale(scores.units), text.casefold()
    rows = []
    for score in scores.units:
        quarters, type_ = cells(score, desk), unit_type(score.unit, desk)
        found = marks(score, quarters)
        seen = sought in f"{score.unit} {score.name}".casefold()
        rows.append(
            Row(
                score,
                desk.links.unit(score.unit),
                type_,
                quarters,
                number(score.inspection),
                number(score.rewards),
                number(score.penalties),
                number(score.total),
                bars(score, to),
                in_words(score, desk),
                found,
                hidden=not seen or (kind not in {"", type_}) or (flag != "" and flag not in found),
            )
        )
    says = {
        "rows": rows,
        "zero": f"{to.at(ZERO):.1f}",
        "width": BAR_WIDTH,
        "parts": [(part, desk.say.title(part)) for part in PARTS],
        "types": sorted({row.type for row in rows if row.type}, reverse=True),
        "flags": [(name, desk.say(told)) for name, told in FLAGS.items()],
        "chosen": {"type": kind, "flag": flag, "q": text},
        "seen": sum(not row.hidden for row in rows),
        "published": any("published" in row.marks for row in rows),
    }
    title = desk.say("Ranking {year}", year=desk.view.year)
    return Page("ranking.html", title, [], says, {}, "ranking")
