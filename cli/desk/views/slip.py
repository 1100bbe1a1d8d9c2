"""Send slips of units' scores: all of them to the office, to a unit its own alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.desk.access import check_unit
from cli.desk.work import DOCX, EVERYBODY, Attachment, Work
from cli.pages.query import parse_parameter
from cli.parameters.times import PERIOD
from projections.query import ScoreQuery

if TYPE_CHECKING:
    from cli.desk.work import Desk, Given


def _slip(desk: Desk, given: Given) -> Attachment:
    """Return the slip as it is today, for Word or, with `form=html`, to be printed.

    Raises:
        ForbiddenError: the account does not see the unit.
        OptionError: there is no such unit or period.
    """
    unit = given.text("unit")
    check_unit(desk.session, desk.account, unit)
    return _sent(desk, given, unit)


def _slips(desk: Desk, given: Given) -> Attachment:
    """Return the slips of all units.

    Raises:
        OptionError: there is no such period.
    """
    return _sent(desk, given, None)


def _sent(desk: Desk, given: Given, unit: str | None) -> Attachment:
    from cli.output.documents.slips import (  # noqa: PLC0415 - of the extra `office`
        slips_document,
        slips_of,
        slips_page,
    )

    period = parse_parameter(PERIOD, given.text("period"), "period")
    slips = slips_of(desk.session, unit, period, ScoreQuery(period.year), desk.today)
    name = f"{unit or 'slips'}-{period}"
    if given.text("form") == "html":
        return Attachment(f"{name}.html", "text/html; charset=utf-8", slips_page(slips))
    return Attachment(f"{name}.docx", DOCX, slips_document(slips, None, ""))


SLIP = Work("/slip", _slip, readers=EVERYBODY)
SLIPS = Work("/slips", _slips)
