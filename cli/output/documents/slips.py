"""Make the slips of units: one Word document or printable page, a sheet of A4 each."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cli.office import office_of
from cli.options import OptionError
from cli.output.documents.filling import Table, fill
from cli.output.documents.making import proof_of
from cli.output.documents.slip import REQUIRED, slip_values, titles_of
from cli.output.documents.terms import words_of
from cli.output.workbooks.saving import MissingLibraryError
from cli.session import check_begun, check_units
from ledger.decimals import plain
from ledger.message import Message
from projections.publication import shown_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from cli.output.documents.filling import Value
    from cli.output.documents.terms import UnitWords
    from cli.parameters.times import Period
    from cli.session import Session
    from ledger.state import LedgerState
    from projections.query import ScoreQuery
    from projections.scores import YearScores


class Slips(NamedTuple):
    """The values of the slips of some units, and what they show."""

    values: Sequence[dict[str, Value]]
    through: str
    position: int
    words: UnitWords


def slips_of(
    opened: Session, unit: str | None, period: Period, query: ScoreQuery, made_on: date
) -> Slips:
    """Return the slips of a unit, or of all units that are assessed in a period or year.

    Args:
        opened: the ledger.
        unit: its id or name; None for all, by id.
        period: the period, or the year.
        query: as of which position and through which day.
        made_on: today.

    Raises:
        OptionError: the measure has no such period, it has not begun, there is no such unit, or it
            is not assessed in it.
    """
    asked, number = opened.period_query(period, query)
    state, scores = opened.loader.scores(asked, postings=True)
    check_begun(number, scores)
    check_units(scores)
    found = sorted(scores.units, key=lambda one: one.unit)
    if unit is not None:
        found = [opened.unit(scores, state, opened.unit_id(unit, asked.as_of))]
    assessed = [one for one in found if number is None or one.period(number) is not None]
    if not assessed:
        words = Message("{unit} is not assessed in {name}.", unit=unit, name=str(period))
        raise OptionError("PERIOD", words)
    office, proof = office_of(opened.url), proof_of(opened, scores)
    spoken = words_of(scores.town.measure.source.counted_in.zh)
    accounts = opened.ledger.signing.accounts().values()
    at_desk = any(one.event.role == "unit" and one.closed is None for one in accounts)
    published = _published(scores, number, state)
    values = [
        slip_values(
            one,
            scores,
            number,
            state,
            office,
            proof,
            made_on,
            at_desk=at_desk,
            published=published.get(one.unit),
        )
        for one in assessed
    ]
    return Slips(values, str(scores.town.through), scores.position, spoken)


def _published(scores: YearScores, number: int | None, state: LedgerState) -> dict[str, str]:
    """Return by unit the score that was published last, where it is another than the present one.

    Left out are editions that were made before the period or year was over, or of a later day than
    the scores: their figures are not what is corrected.
    """
    town = scores.town
    period = None if number is None else town.calendar.period(town.year, number)
    name, last = (str(town.year), town.last) if period is None else (period.name, period.last)
    present = {
        state.root(one.unit): (one.unit, plain(shown.score))
        for one in scores.units
        if (shown := shown_of(one, number, town)) is not None
    }
    found: dict[str, str] = {}
    for edition in state.editions.get(name, ()):
        if not edition.effective or not last <= edition.event.through <= town.through:
            continue
        for one in edition.event.figures:
            unit, score = present.get(state.root(one["unit"]), ("", one["score"]))
            if score != one["score"]:
                found[unit] = one["score"]
    return found


def slip_template_of(words: UnitWords) -> bytes:
    """Return the program's own template, see `cli.output.documents.slip_layout`.

    Raises:
        MissingLibraryError: python-docx is not installed.
    """
    try:
        from cli.output.documents.slip_layout import slip_template  # noqa: PLC0415 - of `office`
    except ImportError:
        raise MissingLibraryError("python-docx") from None
    return slip_template(words)


def slips_document(slips: Slips, template: bytes | None, named: str) -> bytes:
    """Return slips as a Word document.

    Args:
        slips: of one unit or several.
        template: the office's own template; None for the program's.
        named: its name, for messages.

    Raises:
        TemplateError: the template cannot be filled.
        MissingLibraryError: python-docx is not installed.
    """
    return fill(template or slip_template_of(slips.words), named, slips.values, REQUIRED)


def slips_page(slips: Slips) -> bytes:
    """Return slips as one HTML file, to be printed or saved as PDF from a browser.

    Raises:
        MissingLibraryError: Jinja2 is not installed.
    """
    try:
        from cli.pages.rendering import environment  # noqa: PLC0415 - of the extra `pages`
    except ImportError:
        raise MissingLibraryError("Jinja2") from None
    pages = [
        {name: value.rows if isinstance(value, Table) else value for name, value in one.items()}
        for one in slips.values
    ]
    template = environment().get_template("slip.html")
    return template.render(slips=pages, columns=titles_of(slips.words), words=slips.words).encode()
