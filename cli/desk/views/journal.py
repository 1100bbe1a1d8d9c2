"""The journal: every entry, the newest first, by filters; the filtered list as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from cli.desk.filters import choice_of, day_of, whole_of
from cli.desk.work import OFFICE, Attachment, Work
from cli.options import OptionError
from cli.output import csv_text, lines_text
from cli.output.entry_rows import entry_rows
from cli.output.entry_words import field_words, kind_word, words_with
from cli.output.times import office_minute
from cli.output.workbooks.entries import entries_workbook
from cli.output.workbooks.saving import XLSX
from cli.pages.paging import page_of
from cli.pages.views.page import Page
from cli.session import names_of
from ledger.errors import TallyError
from ledger.instants import instant_text
from ledger.message import Message
from ledger.positions import imported
from projections.listing import STATUSES, EntryQuery, Listing, ShownWords

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cli.desk.work import Desk, Given
    from ledger.state import LedgerState
    from projections.listing import ListedEntry

ROWS: Final = 100
"""Entries on one page."""

MOST_IN_A_FILE: Final = {"csv": 50_000, "jsonl": 50_000, "xlsx": 5_000}
"""Entries of a file by its format: some 3 seconds in which nobody else is served."""

_FILTERS: Final = ("kind", "unit", "from", "to", "by", "status", "import", "late_by", "text")
_RETURNED: Final = "returned"
"""The status of those alone that were sent back and not put right yet."""

_FORMATS: Final = ("csv", "jsonl", "xlsx")


class Row(NamedTuple):
    """One entry."""

    id: str
    href: str | None
    kind: str
    unit: str
    name: str
    unit_href: str | None
    dated: str
    status: str
    status_text: str
    recorded: str
    recorded_by: str
    verified: str
    verified_by: str
    fields: list[tuple[str, str]]


def _show(desk: Desk, given: Given) -> Page | Attachment:
    translate, links = desk.translate, desk.links
    kept = {name: given.text(name) for name in _FILTERS if given.text(name)}
    values: dict[str, Any] = {
        "given": {name: given.text(name) for name in _FILTERS},
        "kinds": [(kind, translate.kind(desk.kinds, kind)) for kind in desk.kinds],
        "statuses": [
            *((name, translate.term(name)) for name in STATUSES),
            (_RETURNED, translate("sent back")),
        ],
        "path": links.to("journal"),
        "exports": [(form, links.to("journal", **kept, format=form)) for form in _FORMATS],
        "message": (),
        "rows": [],
        "total": 0,
        "paging": None,
    }
    title = translate("Journal")
    form = choice_of(given, "format", _FORMATS)
    state = desk.ledger.state()
    try:
        listing = Listing(state, _query(desk, given, state))
        ids = listing.ids()
        if form is not None:
            _check_number(len(ids), form)
            return _attachment(form, [*map(listing.entry, ids)], desk)
        paging = page_of(given.text("part"), len(ids), ROWS)
    except TallyError as error:
        if form is not None:
            raise
        values["message"] = [translate(one) for one in error.sentences()]
        return Page("desk/journal.html", title, [], values, {}, "journal")
    ids.reverse()
    names = names_of(state)
    shown = ids[paging.first : paging.last]
    values |= {
        "rows": [_row(listing.entry(name), desk, names) for name in shown],
        "total": len(ids),
        "paging": paging.links(links, "journal", kept),
    }
    return Page("desk/journal.html", title, [], values, kept, "journal")


def _query(desk: Desk, given: Given, state: LedgerState) -> EntryQuery:
    """Return the query that the filters of the address mean.

    Raises:
        TallyError: a filter is malformed, or names nothing.
    """
    number, unit = whole_of(given, "import"), given.text("unit") or None
    status = choice_of(given, "status", (*STATUSES, _RETURNED))
    ids = None if number is None else frozenset(imported(desk.ledger.store, number))
    if unit is not None:
        unit = desk.session.unit_id(unit)
        known = state.get(unit)
        if known is None or known.entry.KIND != "unit":
            raise OptionError("unit", Message("{unit} is not a unit of this ledger", unit=unit))
    text = given.text("text")
    return EntryQuery(
        kind=choice_of(given, "kind", desk.kinds),
        unit=unit,
        first=day_of(given, "from"),
        last=day_of(given, "to"),
        by=given.text("by") or None,
        status=None if status == _RETURNED else status,  # type: ignore[arg-type]
        returned=status == _RETURNED,
        text=text or None,
        words=words_with(text, desk.kinds) if text else ShownWords(),
        late_by=whole_of(given, "late_by"),
        ids=ids,
    )


def _check_number(count: int, form: str) -> None:
    """Refuse a file of too many entries.

    Raises:
        TallyError: there are more than it may have.
    """
    if count > MOST_IN_A_FILE[form]:
        raise TallyError(
            Message(
                "{count:,} entries are too many for a file of the form {form}: choose fewer than "
                "{most:,}, or write it with `tally list`",
                count=count,
                form=form,
                most=MOST_IN_A_FILE[form],
            )
        )


def _attachment(form: str, found: list[ListedEntry], desk: Desk) -> Attachment:
    name = f"{desk.translate('journal')}-{desk.today}.{form}"
    if form == "jsonl":
        lines = lines_text(one.state.entry.content() for one in found)
        return Attachment(name, "application/jsonl", lines.encode())
    if form == "csv":
        # People open it in Excel or WPS, which take it for UTF-8 by its byte order mark.
        text = "\ufeff" + csv_text(*entry_rows(found), spreadsheet=True)
        return Attachment(name, "text/csv; charset=utf-8", text.encode())
    return Attachment(name, XLSX, entries_workbook(found, desk.session.unit_names(), desk.kinds))


def _row(one: ListedEntry, desk: Desk, names: Mapping[str, str]) -> Row:
    entry, verified, translate = one.state.entry, one.state.verified, desk.translate
    return Row(
        entry.id,
        desk.links.entry(entry.id),
        translate(kind_word(entry.KIND, desk.kinds)).replace("_", " "),
        one.unit or "",
        names.get(one.unit or "", ""),
        None if one.unit is None else desk.links.unit(one.unit),
        "" if one.dated is None else one.dated.isoformat(),
        one.status,
        translate.term(one.status) if one.returned is None else translate("sent back"),
        office_minute(instant_text(one.state.recorded.at)),
        one.state.recorded.by,
        "" if verified is None else office_minute(instant_text(verified.at)),
        "" if verified is None else verified.by,
        [
            (translate(name), translate(value))
            for name, value in field_words(entry.content(), desk.kinds)
            if name not in {"id", "kind", "unit"}
        ],
    )


JOURNAL = Work("/journal", _show, readers=OFFICE)
