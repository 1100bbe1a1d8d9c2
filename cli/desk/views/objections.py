"""Objections: a unit's to its own entries and postings, and the office's decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from cli.desk.attention import statements
from cli.desk.work import EVERYBODY, OFFICE, RECORDERS, Done, Work, address
from cli.output.measure_words import posting_name
from cli.pages.formatting import signed_points
from cli.pages.query import parse_parameter
from cli.pages.views.page import Page
from cli.parameters.times import PERIOD
from ledger.errors import EntriesRefusedError, Refusal, TallyError
from ledger.message import Message
from projections.adopted import NoMeasureError
from projections.listing import EntryQuery, listed
from projections.postings import ZERO

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from decimal import Decimal
    from typing import Literal

    from cli.desk.work import Desk, Given
    from ledger.events import Role
    from ledger.state import LedgerState, Objection
    from projections.listing import ListedEntry

OBJECTORS: Final[frozenset[Role]] = RECORDERS | {"unit"}
"""Roles of those who may object: a unit's account for itself, the office for any unit."""


class _Row(NamedTuple):
    """An objection as it is listed."""

    id: str
    href: str | None
    unit: str
    unit_name: str
    subject: str
    subject_href: str | None
    reason: str
    raised: str
    outcome: str
    """Empty while it awaits a decision."""
    outcome_text: str
    decided: str
    why: str


def _units(desk: Desk) -> LedgerState:
    return desk.session.loader.of_kinds(("unit",), None)


def _show(desk: Desk, given: Given) -> Page:
    own, units, translate = desk.account.event.unit, _units(desk), desk.translate
    names = desk.session.unit_names()
    found = [
        _row(desk, one, names.get(units.root(one.event.unit), ""))
        for one in statements(desk).objections.values()
        if own is None or units.root(one.event.unit) == units.root(own)
    ]
    unit = own or desk.session.unit_id(given.text("unit"))
    choosing = desk.role in OBJECTORS and units.get(unit) is not None
    values: dict[str, Any] = {
        "message": [*map(translate, given.message)],
        "given": {name: given.text(name) for name in ("subject", "reason", "objection", "outcome")},
        "waiting": [one for one in found if not one.outcome],
        "decided": [one for one in found if one.outcome],
        "decides": desk.role in RECORDERS,
        "unit": unit if choosing else "",
        "unit_name": names.get(units.root(unit), "") if choosing else "",
        "units": sorted(names.items()) if desk.role in RECORDERS else [],
        "subjects": None,
        **(_choice(desk, given, unit) if choosing else {}),
    }
    title = translate("Objections")
    return Page("desk/objections.html", title, values=values, current="objections")


def _row(desk: Desk, one: Objection, unit_name: str) -> _Row:
    translate, event, decision = desk.translate, one.event, one.decision
    posting = f"{event.period}:{event.clause}"
    href = desk.links.entry(event.entry) if event.entry else None
    if event.period and len(event.period) > len("2016"):
        href = desk.links.period(event.unit, event.period)
    return _Row(
        one.id,
        desk.links.entry(one.id),
        event.unit,
        unit_name,
        event.entry or posting_name(posting, desk.measures, translate),
        href,
        event.reason,
        desk.when(one.raised),
        "" if decision is None else decision.outcome,
        "" if decision is None else translate.term(decision.outcome),
        "" if one.decided is None else desk.when(one.decided),
        "" if decision is None else decision.reason,
    )


def _choice(desk: Desk, given: Given, unit: str) -> dict[str, Any]:
    """Return the periods of the year, and what a unit may object to in the one chosen."""
    try:
        calendar = desk.measure.calendar
    except NoMeasureError:
        return {}
    year = desk.year
    spans: dict[str, tuple[int | None, date, date]]
    spans = {one.name: (one.number, one.first, one.last) for one in calendar.periods(year)}
    spans[str(year)] = None, calendar.first_day(year), calendar.last_day(year)
    begun = [name for name, (_, first, _) in spans.items() if first <= desk.today]
    newest = next((name for name in reversed(begun) if name != str(year)), str(year))
    chosen = given.text("period") if given.text("period") in spans else newest
    number, first, last = spans[chosen]
    state = desk.session.loader.entries(units=[unit])
    entries = [
        (one.state.entry.id, _entry_label(desk, one))
        for one in listed(state, EntryQuery(unit=unit, first=first, last=last))
        if one.status in {"recorded", "verified"}
    ]
    failed, postings = "", list[tuple[str, str]]()
    try:
        postings = [*_postings(desk, unit, chosen, number)]
    except TallyError as error:
        failed = desk.translate(
            "the points of {year} cannot be computed now: {why}",
            year=year,
            why="; ".join(map(desk.translate, error.sentences())),
        )
    years = [(one, desk.links.to("objections", year=str(one))) for one in desk.measures.years()]
    return {
        "year": year,
        "years": years,
        "periods": [*spans],
        "period": chosen,
        "subjects": {"entries": entries, "postings": postings},
        "failed": failed,
    }


def _entry_label(desk: Desk, one: ListedEntry) -> str:
    title = desk.translate.kind(desk.kinds, one.state.entry.KIND)
    return f"{title} {one.state.entry.id}" + ("" if one.dated is None else f" ({one.dated})")


def _postings(desk: Desk, unit: str, period: str, number: int | None) -> Iterator[tuple[str, str]]:
    """Yield the subject and the words of what a unit's score of a period is made of."""
    data = desk.data
    score = data.scores.unit(data.state.root(unit))
    points: dict[str, Decimal] = {}
    for one in () if score is None else score.postings():
        if one.period == number and one.clause in data.measure.clauses:
            points[one.clause] = points.get(one.clause, ZERO) + one.points
    for slug, total in points.items():
        words = desk.context.clause_name(data.measure.heading(slug))
        yield f"{period}:{slug}", f"{words}: {signed_points(total)}"


def _object(desk: Desk, given: Given) -> Done:
    """Record an objection: of a unit's account for its own unit, whatever the form says."""
    own = desk.account.event.unit
    unit = own or desk.session.unit_id(given.text("unit"))
    subject = given.text("subject")
    if not subject:
        words = Message("choose what the objection is to")
        raise EntriesRefusedError([Refusal(words, "subject")])
    if ":" in subject:
        parse_parameter(PERIOD, subject.partition(":")[0], "subject")
        subject = desk.session.subject(subject)
    else:
        state = desk.session.loader.entries(units=[unit])
        if not listed(state, EntryQuery(unit=unit, ids={subject})):
            # The same for an entry of another unit as for none: it tells nothing of others.
            words = Message("is no entry of the unit {unit}", unit=unit)
            raise EntriesRefusedError([Refusal(words, "subject", subject)])
    receipt = desk.ledger.object(subject, unit, given.text("reason"), desk.by)
    words = Message(
        "{unit} objects to {subject}: {name}",
        unit=unit,
        subject=posting_name(subject, desk.measures, desk.translate),
        name=receipt.entries[0],
    )
    # Back to the page of the unit, where the next one is raised.
    more = {"unit": unit} if own is None else {}
    return Done(address("/objections", **more), [words])


def _decide(desk: Desk, given: Given) -> Done:
    objection = given.text("objection")
    outcomes: tuple[Literal["upheld", "dismissed"], ...] = ("upheld", "dismissed")
    outcome = next((one for one in outcomes if one == given.text("outcome")), None)
    if outcome is None:
        raise EntriesRefusedError([Refusal(Message("choose a decision"), "outcome", objection)])
    desk.ledger.decide(objection, outcome, given.text("reason"), desk.by)
    words = Message("{objection} is {outcome}", objection=objection, outcome=outcome)
    return Done("/objections", [words])


OBJECTIONS = Work("/objections", _show, _object, readers=EVERYBODY, actors=OBJECTORS)
DECIDE = Work("/objections/decide", _show, _decide, readers=OFFICE, actors=RECORDERS)
