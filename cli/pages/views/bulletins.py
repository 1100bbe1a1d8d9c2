"""An edition of a bulletin as it went out, beside the present figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.options import OptionError
from cli.output.times import office_time
from cli.pages.formatting import true_minus
from cli.pages.query import MissingError
from cli.pages.views.audit import unit_links
from cli.pages.views.page import Link, Page
from cli.pages.views.tables import sortable
from cli.session import number_of
from ledger.instants import instant_text
from ledger.message import Message
from projections.publication import figure, shown_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cli.pages.views.page import PageContext
    from cli.parameters.times import Period
    from ledger.editions import Edition
    from ledger.state import EventRef, LedgerState


def bulletin_page(
    context: PageContext, period: Period, edition: int | None, parameters: Mapping[str, str]
) -> Page:
    """Return the page of an edition: what it said of each unit, and what is the case now.

    Args:
        context: of the page, in the period's year.
        period: the period, or the year.
        edition: its number; None for the last one.
        parameters: `sort`, `part`.

    Raises:
        MissingError: there is no such edition in this state.
        OptionError: the measure has no such period, or the address sorts by no column.
    """
    data, translate = context.data, context.translate
    number = number_of(period, data.measure, "period")
    name = data.measure.calendar.name_of(data.year, number)
    editions = data.state.editions.get(name, [])
    if not editions or not 0 < (edition or len(editions)) <= len(editions):
        words = Message(
            "there is no edition {number} of {period} as of position {position}",
            number=edition or 1,
            period=name,
            position=data.state.position,
        )
        raise MissingError(words)
    shown = editions[(edition or len(editions)) - 1]
    rows = list(_rows(shown, number, context))
    columns = _columns(rows, context)
    title = f"{name}#{shown.number}"
    given = {key: parameters[key] for key in ("sort", "part") if parameters.get(key)}
    own = {"period": name, "number": str(shown.number)}
    values = {
        "table": sortable(
            context,
            "bulletin",
            {**own, **given},
            name="bulletin",
            title=translate("Figures of {edition} as published → now", edition=title),
            columns=columns,
            rows=[{**dict.fromkeys(columns), **row} for row in rows],
            cells=lambda column, row: _links(column, row, context),
            numbers={*columns} - {"unit", "flags", "eligible"},
        ),
        "particulars": list(_particulars(shown, context)),
        "withdrawn": shown.withdrawn is not None,
        "differing": sum(bool(row["differs"]) for row in rows),
        "since": context.links.difference(title),
        "others": [
            Link(f"{name}#{one.number}", context.links.bulletin(name, one.number))
            for one in editions
            if one is not shown
        ],
        "corrected": [
            (
                context.entry_link(one.entry.id),
                office_time(instant_text(one.reversed.at)),
                one.reversed.by,
                one.reason,
                [context.entry_link(replacement.id) for replacement in one.replacements],
            )
            for one in data.corrections
            if title in one.published_in
        ],
    }
    crumbs = [Link(translate("Differences {year}", year=data.year), context.links.differences())]
    heading = translate("Bulletin {edition}", edition=title)
    return Page("bulletin.html", heading, crumbs, values, {**own, **given}, "differences")


def edition_number(text: str) -> int | None:
    """Return the number of an edition that a parameter gives; None if it is left out.

    Raises:
        OptionError: it is not a number from 1 on.
    """
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0  # noqa: PLR2004
    if text and not number:
        words = Message("{text!r} is not the number of an edition, as 1", text=text)
        raise OptionError("number", words)
    return number or None


def standing_words(edition: Edition, state: LedgerState) -> Message:
    """Return what has become of an edition: in force, replaced, withdrawn, not yet verified."""
    if edition.withdrawn is not None:
        ref, reason = edition.withdrawn
        return Message("withdrawn by {by} on {at}: {reason}", by=ref.by, at=_at(ref), reason=reason)
    if edition.awaits_verification:
        return Message("awaits verification")
    if state.edition(edition.event.period) is edition:
        return Message("in force")
    return Message("replaced by a later edition")


def _at(ref: EventRef) -> str:
    return office_time(instant_text(ref.at))


def _particulars(edition: Edition, context: PageContext) -> Iterator[tuple[str, str]]:
    """Yield what the page says of an edition, as (label, text)."""
    translate, event = context.translate, edition.event
    yield translate("Standing"), translate(standing_words(edition, context.data.state))
    by = Message("{by}, {at}, position {position}")
    for label, ref in (
        (Message("Published"), edition.ref),
        (Message("Verified"), edition.verified),
    ):
        if ref is not None:
            words = Message(by, by=ref.by, at=_at(ref), position=ref.position)
            yield translate(label), translate(words)
    yield (
        translate("Shows"),
        translate(
            "position {position}, through {through}",
            position=event.position,
            through=event.through,
        ),
    )
    if event.reason:
        yield translate("Why it was published again"), event.reason


def _rows(edition: Edition, number: int | None, context: PageContext) -> Iterator[dict[str, Any]]:
    """Yield for each unit its published figures by column, and under `now` its present ones."""
    data = context.data
    present = {}
    for score in data.scores.units:
        shown = shown_of(score, number, data.scores.town)
        if shown is not None:
            present[data.state.root(score.unit)] = figure(score, shown, data.measure)
    for one in edition.event.figures:
        unit = data.state.root(one["unit"])
        yield _row(unit, _flat(one), _flat(present.pop(unit, {})))
    for unit, one in present.items():
        yield _row(unit, {}, _flat(one))


def _row(unit: str, was: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    differs = sorted(name for name in {**was, **now} if was.get(name) != now.get(name))
    return {"unit": unit, **was, "now": now, "differs": len(differs) or None}


def _flat(one: Mapping[str, Any]) -> dict[str, Any]:
    """Return the figures of a unit by column: score, sections, what is beside it, flags."""
    if not one:
        return {}
    return {
        "score": one["score"],
        **{f"sections.{name}": points for name, points in one["sections"].items()},
        **{f"beside.{name}": points for name, points in one["beside"].items()},
        "flags": " ".join(one["flags"]),
        "eligible": "true" if one["eligible"] else "false",
    }


def _columns(rows: list[dict[str, Any]], context: PageContext) -> dict[str, str]:
    """Return the titles of the columns that rows have, in order."""
    names = dict.fromkeys(name for row in rows for name in (*row, *row["now"]))
    found = {"unit": context.translate.heading("unit")}
    for name in names:
        if name not in {"unit", "now", "differs"}:
            found[name] = context.words.term(name.rpartition(".")[2])
    return {**found, "differs": context.translate("figures that differ")}


def _links(column: str, row: Mapping[str, Any], context: PageContext) -> list[Link]:
    if column == "unit":
        return unit_links(row["unit"], context)
    if column == "differs":
        return [Link(str(row["differs"] or ""), None)]
    was, now = row[column], row["now"].get(column)
    text = _word(column, was, context)
    return [Link(text if was == now else f"{text} → {_word(column, now, context)}", None)]


def _word(column: str, value: str | None, context: PageContext) -> str:
    if value is None:
        return "—"
    if column == "flags":
        words = [context.words.term(name) for name in value.split()]
        return ", ".join(words) or context.translate.term("none")
    return context.translate.term(value == "true") if column == "eligible" else true_minus(value)
