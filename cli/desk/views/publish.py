"""Publish a period's figures: states of the periods, preview, editions as they went out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cli.desk.work import DOCX, OFFICE, RECORDERS, VERIFIERS, Attachment, Done, Work, address
from cli.editions import figures_of, named_edition, open_remarks
from cli.output.measure_words import MeasureWords
from cli.pages.formatting import true_minus
from cli.pages.query import parse_parameter
from cli.pages.views.page import Link, Page
from cli.parameters.times import DAY, PERIOD, EditionName
from cli.session import number_of
from ledger.editions import edition_in_force
from ledger.errors import EntriesRefusedError, LedgerMovedError, Refusal, TallyError
from ledger.message import Message
from ledger.messages import reason_text
from ledger.publishing import check_publishable
from projections.adopted import NoMeasureError
from projections.query import ScoreQuery

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from cli.desk.work import Desk, Given
    from cli.parameters.times import Period
    from ledger.editions import Edition
    from ledger.events import FiguresPublished
    from ledger.state import LedgerState


class _Row(NamedTuple):
    """A period of the year and its editions."""

    name: str
    title: str
    last: date
    state: str
    """The CSS class of its state."""
    state_text: str
    preview: str
    editions: list[tuple[int, str | None, str]]
    """Number, address and state of each."""


class _Figures(NamedTuple):
    """The figures of a period by unit."""

    columns: list[str]
    rows: list[tuple[str, str, str | None, list[str], str]]
    """Unit, name, address, figures, flags."""


def _show(desk: Desk, given: Given) -> Page:
    """Return the periods of the year; of one that is named, what would be published."""
    translate, message = desk.translate, [*map(desk.translate, given.message)]
    named = given.text("period")
    if named:
        return _preview(desk, given, parse_parameter(PERIOD, named, "period"), message)
    try:
        measure, year = desk.measure, desk.year
    except NoMeasureError as error:
        rows, year, message = [], desk.year, [*map(translate, error.sentences())]
    else:
        spans = [
            (one.name, translate.bilingual(one.title), one.last)
            for one in measure.calendar.periods(year)
        ]
        whole = str(year), translate("the whole year"), measure.calendar.last_day(year)
        rows = [_row(desk, *one) for one in [*spans, whole]]
    years = [(one, desk.links.to("publish", year=str(one))) for one in desk.measures.years()]
    due = next((one for one in rows if one.state == "open"), None)
    values = {
        "first_due": due,
        "message": message,
        "rows": rows,
        "year": year,
        "years": years,
        "preview": None,
    }
    return Page("desk/publish.html", translate("Publish"), values=values, current="publish")


def _row(desk: Desk, name: str, title: str, last: date) -> _Row:
    editions = desk.books.editions(name, desk.books.point(None, Message("as known on")))
    state, text = _state(desk, editions, last)
    return _Row(
        name,
        title,
        last,
        state,
        text,
        desk.links.to("publish", period=name),
        [
            (one.number, _edition_link(desk, name, one.number), _edition_state(desk, one)[1])
            for one in editions
        ],
    )


def _edition_link(desk: Desk, period: str, number: int) -> str:
    return desk.links.to("edition", period=period, number=str(number))


def _state(desk: Desk, editions: Sequence[Edition], last: date) -> tuple[str, str]:
    """Return the state of a period as a CSS class and in words."""
    translate, standing = desk.translate, edition_in_force(editions)
    if editions and editions[-1].awaits_verification:
        return "open", _edition_state(desk, editions[-1])[1]
    if standing is not None:
        return "counts", _edition_state(desk, standing)[1]
    if editions:
        return "reversed", translate("withdrawn")
    if last >= desk.today:
        return "unverified", translate("not over")
    return "open", translate("due")


def _edition_state(desk: Desk, edition: Edition) -> tuple[str, str]:
    """Return the state of an edition as a CSS class and in words."""
    translate = desk.translate
    if edition.withdrawn is not None:
        when = desk.when(edition.withdrawn.ref)
        return "reversed", translate("withdrawn {when}", when=when)
    if edition.awaits_verification:
        by = edition.ref.by
        return "open", translate("awaits verification by another person than {by}", by=by)
    return "counts", translate(
        "in force since {when}", when=desk.when(edition.verified or edition.ref)
    )


def _preview(desk: Desk, given: Given, period: Period, message: list[str]) -> Page:
    """Return what an edition of a period would say now."""
    translate = desk.translate
    through = _through(desk, given)
    position = desk.ledger.position()
    state = desk.session.loader.history(str(period))
    query = ScoreQuery(period.year, through, position)
    event, scores, number = figures_of(desk.session, period, query, state, None)
    editions = state.editions.get(event.period, [])
    awaiting = editions[-1] if editions and editions[-1].awaits_verification else None
    standing = edition_in_force(editions)
    values = {
        "message": message,
        "period": event.period,
        "through": event.through,
        "position": position,
        "preview": _figures(desk, period, event.figures),
        "remarks": [*map(translate, open_remarks(scores, number))],
        "standing": None if standing is None else standing.number,
        "awaiting": None
        if awaiting is None
        else (awaiting.number, _edition_link(desk, event.period, awaiting.number)),
        "acts": desk.role in RECORDERS,
        "given": {"reason": given.text("reason")},
    }
    title = translate("Publish {period}", period=event.period)
    crumbs = [Link(translate("Publish"), desk.links.to("publish", year=str(period.year)))]
    return Page("desk/publish.html", title, crumbs, values, current="publish")


def _through(desk: Desk, given: Given) -> date:
    text = given.text("through")
    return parse_parameter(DAY, text, "through") if text else desk.today


def _figures(desk: Desk, period: Period, figures: Sequence[Mapping[str, Any]]) -> _Figures:
    measure = desk.measures.of(period.year).measure
    words = MeasureWords.of(measure, desk.translate)
    slugs = list(dict.fromkeys(slug for one in figures for slug in _points(one)))
    rows = []
    for one in figures:
        points = _points(one)
        texts = [
            true_minus(str(one["score"])),
            *(true_minus(points.get(slug, "")) for slug in slugs),
        ]
        flags = desk.translate(", ").join(map(words.term, one["flags"]))
        rows.append((one["unit"], one["name"], desk.links.unit(one["unit"]), texts, flags))
    columns = [desk.translate.heading("score"), *map(words.term, slugs)]
    return _Figures(columns, rows)


def _points(figure: Mapping[str, Any]) -> dict[str, str]:
    return {**figure["sections"], **figure.get("beside", {})}


def _publish(desk: Desk, given: Given) -> Done:
    """Publish a period as it was shown."""
    period = parse_parameter(PERIOD, given.text("period"), "period")
    name, through = desk.session.period_name(period), _through(desk, given)
    why = reason_text(given.text("reason")) if given.text("reason") else None
    shown = given.text("position")

    def figures(state: LedgerState) -> FiguresPublished:
        check_publishable(state, name, why)
        if shown != str(state.position):
            raise LedgerMovedError(int(shown) if shown.isdecimal() else 0, state.position)
        query = ScoreQuery(period.year, through, state.position)
        return figures_of(desk.session, period, query, state, why)[0]

    desk.ledger.publish(name, figures, desk.by)
    number = len(desk.session.loader.history(name).editions[name])
    words = Message(
        "edition {number} of {period} is published; it is in force once another person has "
        "verified it",
        number=number,
        period=name,
    )
    return Done(address("/edition", period=name, number=str(number)), [words])


def _named(desk: Desk, given: Given) -> tuple[Period, str, Edition, Sequence[Edition]]:
    """Return the edition that an address or a form names, with those of its period.

    Raises:
        OptionError: there is none.
    """
    period = parse_parameter(PERIOD, given.text("period"), "period")
    measure = desk.measures.of(period.year, provisional=True).measure
    name = measure.calendar.name_of(period.year, number_of(period, measure, "period"))
    point = desk.books.point(None, Message("as known on"))
    editions = desk.books.editions(name, point)
    text = given.text("number")
    number = int(text) if text.isdecimal() and len(text) < 10 else None  # noqa: PLR2004 - digits
    edition = named_edition(editions, EditionName(period, number), point.position, "number")
    return period, name, edition, editions


def _show_edition(desk: Desk, given: Given) -> Page:
    """Return an edition as it went out."""
    period, name, edition, editions = _named(desk, given)
    translate, event = desk.translate, edition.event
    last = next((one for one in reversed(editions) if one.withdrawn is None), None)
    state, text = _edition_state(desk, edition)
    facts = [
        (translate("State"), text),
        (translate("Published"), desk.when(edition.ref)),
        (translate("Through"), str(event.through)),
        (translate("As known at position"), str(event.position)),
        (translate("Recorded at position"), str(edition.ref.position)),
    ]
    if edition.verified is not None:
        facts.append((translate("Verified"), desk.when(edition.verified)))
    if event.reason:
        facts.append((translate("Why it replaces the one before it"), event.reason))
    if edition.withdrawn is not None:
        facts.append((translate("Why it was withdrawn"), edition.withdrawn.reason))
    checkpoint = translate("yes") if event.checkpoint else translate("no")
    facts.append((translate("Signed checkpoint"), checkpoint))
    own = edition.ref.by == desk.by
    values = {
        "message": [*map(translate, given.message)],
        "period": name,
        "number": edition.number,
        "state": state,
        "facts": facts,
        "figures": _figures(desk, period, event.figures),
        "verifies": edition.awaits_verification and desk.role in VERIFIERS and not own,
        "own": edition.awaits_verification and own,
        "withdraws": edition is last and desk.role in RECORDERS,
        "others": [
            (one.number, _edition_link(desk, name, one.number))
            for one in editions
            if one is not edition
        ],
        "given": {"reason": given.text("reason")},
    }
    title = translate("{period}, edition {number}", period=name, number=edition.number)
    crumbs = [Link(translate("Publish"), desk.links.to("publish", year=str(period.year)))]
    return Page("desk/edition.html", title, crumbs, values, current="publish")


def _document(desk: Desk, given: Given) -> Attachment:
    """Return an edition as the Word document of its bulletin.

    Raises:
        TallyError: made now, it would not have the figures that were published.
    """
    from cli.output.documents.making import document_of  # noqa: PLC0415 - of the extra `office`

    period, name, edition, _ = _named(desk, given)
    event = edition.event
    query = ScoreQuery(period.year, event.through, event.position)
    state = desk.session.loader.history(name, event.position)
    if figures_of(desk.session, period, query, state, None)[0].figures != event.figures:
        raise TallyError(
            Message(
                "this version of the program computes other figures than those that were "
                "published; read them on the page of the edition"
            )
        )
    made = document_of(desk.session, period, query, edition=edition)
    return Attachment(f"{name}-{edition.number}.docx", DOCX, made.document)


def _check_last(name: str, edition: Edition, last: Edition | None) -> None:
    """Refuse to act on an edition that is not the last one.

    Raises:
        EntriesRefusedError: another one came, or it was withdrawn.
    """
    if edition is not last:
        words = Message("edition {number} is not the last one any more", number=edition.number)
        raise EntriesRefusedError([Refusal(words, id=name)])


def _verify(desk: Desk, given: Given) -> Done:
    _, name, edition, editions = _named(desk, given)
    _check_last(name, edition, editions[-1])
    desk.ledger.verify([name], desk.by)
    words = Message("edition {number} of {period} is in force", number=edition.number, period=name)
    return Done(address("/edition", period=name, number=str(edition.number)), [words])


def _withdraw(desk: Desk, given: Given) -> Done:
    _, name, edition, editions = _named(desk, given)
    last = next((one for one in reversed(editions) if one.withdrawn is None), None)
    _check_last(name, edition, last)
    desk.ledger.withdraw(name, given.text("reason"), desk.by)
    words = Message("edition {number} of {period} is withdrawn", number=edition.number, period=name)
    return Done(address("/edition", period=name, number=str(edition.number)), [words])


PUBLISH = Work("/publish", _show, _publish, readers=OFFICE, actors=RECORDERS)
EDITION = Work("/edition", _show_edition)
EDITIONS = (
    Work("/edition/verify", _show_edition, _verify, readers=OFFICE, actors=VERIFIERS),
    Work("/edition/withdraw", _show_edition, _withdraw, readers=OFFICE, actors=RECORDERS),
    Work("/edition/document", _document),
)
