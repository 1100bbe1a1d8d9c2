"""The day that an entry is dated: when what it tells of occurred, by the office's calendar."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from ledger.entries import CaseReport, InspectionFinding, OnSiteResponse, Ruling, ScreeningReport
from projections.calendar import year_of

if TYPE_CHECKING:
    from ledger.entries import Entry
    from ledger.register import Register
    from projections.effective import Effective


def own_day(entry: Entry) -> date | None:
    """The day that an entry bears itself; None for units, rulings, findings, responses."""
    if entry.DATED_BY is None:
        return None
    found: date | datetime = getattr(entry, entry.DATED_BY)
    return found.date() if isinstance(found, datetime) else found


def day_of(entry: Entry, register: Register, effective: Effective) -> date | None:
    """The day by which an entry has happened; a response has its batch's."""
    if isinstance(entry, OnSiteResponse):
        batch = register.get(effective.referred(entry.batch))
        return None if batch is None else own_day(batch.entry)
    return own_day(entry)


def year_of_entry(entry: Entry, register: Register, effective: Effective) -> int | None:
    """The assessment year that an entry belongs to: a report to that of its due date."""
    if isinstance(entry, InspectionFinding | Ruling):
        return entry.year
    if isinstance(entry, ScreeningReport | CaseReport) and entry.month is not None:
        year, month = entry.month.split("-")
        return year_of(date(int(year), int(month), 1))
    if isinstance(entry, ScreeningReport) and entry.notice is not None:
        notice = register.get(effective.referred(entry.notice))
        day = None if notice is None else own_day(notice.entry)
    else:
        day = day_of(entry, register, effective)
    return None if day is None else year_of(day)
