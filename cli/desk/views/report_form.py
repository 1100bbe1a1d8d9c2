"""Record the reports of one cell, a column, or several cells: one day, one append."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import click

from cli.desk.doubts import check_doubts, doubt_rows, without_doubts
from cli.desk.owed import is_open, owed, year_kept
from cli.desk.settling import settle
from cli.desk.work import RECORDERS, Done, Work, address
from cli.pages.views.page import Page
from cli.parameters.entry_fields import field_value
from ledger.errors import EntriesRefusedError, Refusal, TallyError
from ledger.message import Message, Series
from ledger.submissions import Submission, parse_content

if TYPE_CHECKING:
    from cli.desk.work import Desk, Given
    from cli.output.obligation_grid import Cell, Grid
    from ledger.entries.base import Field

DAY: Final = "on"
"""The field of the day that holds for all cells."""

_INPUTS: Final = {"day": "date", "whole": "number", "moment": "datetime-local"}
"""Types of HTML inputs by the form of a field; others are texts."""


class Question(NamedTuple):
    """A field that is asked of each cell."""

    name: str
    title: str
    input: str
    choices: list[tuple[str, str]]


class Row(NamedTuple):
    """One cell of the form."""

    key: str
    unit: str
    name: str
    what: str
    due: str
    state: str
    chosen: bool
    day: str
    """The day of this cell alone; empty for that of all."""
    answers: list[tuple[Question, str, str]]
    """Each question with the name of its field and its answer."""


class Form:
    """The cells that a request is about, and what must be asked of each."""

    def __init__(self, desk: Desk, given: Given) -> None:
        """Read the request.

        Raises:
            TallyError: the year cannot be scored, or it names no clause under which so is owed.
        """
        self.desk, self.given = desk, given
        self.owed = owed(desk)
        slug = given.text("clause")
        if slug not in self.owed.grids:
            words = Message(
                "{clause!r} is not a clause under which something is owed; one of {known}",
                clause=slug,
                known=Series(self.owed.grids),
            )
            raise TallyError(words)
        self.grid: Grid = self.owed.grids[slug]
        cells = (cell for row in self.grid.rows.values() for cell in row.values())
        self._cells = {_key(cell): cell for cell in cells}
        self.kind = next(iter(self._cells.values())).owed.kind
        self.kinds = desk.kinds.of_year(desk.year)
        self._fields = self.kinds.fields(self.kind)
        dated = self.kinds.by_name[self.kind].DATED_BY
        is_day = dated is not None and self._fields[dated].form == "day"
        self.dated = dated if is_day else None

    def offered(self) -> list[Cell]:
        """Return the cells that may be recorded, of those that the request names."""
        named = self.given.fields.get("offered") or self.given.fields.get("cell", ())
        if named:
            found = [self._cells[key] for key in named if key in self._cells]
        else:
            unit, what = self.given.text("unit"), self.given.text("what")
            found = [
                cell
                for cell in self._cells.values()
                if cell.owed.what == what and unit in {"", cell.owed.unit}
            ]
        return [cell for cell in found if is_open(cell)]

    def chosen(self) -> list[Cell]:
        """Return the cells that are ticked.

        Raises:
            TallyError: none is, or one is in by now.
        """
        keys = self.given.texts("cell")
        if not keys:
            raise TallyError(Message("no cell is ticked; tick those that are to be recorded"))
        gone = [key for key in keys if key not in self._cells or not is_open(self._cells[key])]
        if gone:
            words = Message(
                "{cells}: recorded meanwhile, or not owed; open the page again", cells=Series(gone)
            )
            raise TallyError(words)
        return [self._cells[key] for key in keys]

    def questions(self, cell: Cell) -> list[Question]:
        """Return what is asked of a cell beside the day: the other fields that an entry needs."""
        known = {"id", "kind", "unit", cell.owed.about, self.dated}
        translate = self.desk.translate
        return [
            Question(
                name,
                translate.field(self.kinds, self.kind, name),
                _INPUTS.get(field.form, "text"),
                _choices(field, self.desk),
            )
            for name, field in self._fields.items()
            if field.required and name not in known
        ]

    def answer(self, question: Question, cell: Cell) -> str:
        """Return the answer of a cell: its own, or else the one that holds for all."""
        return self.given.text(_name(question.name, cell)) or self.given.text(question.name)

    def is_complete(self) -> bool:
        """Return whether all that is asked was asked: the cells may come from the grid."""
        given = self.given.fields
        return DAY in given and all(
            _name(question.name, cell) in given or question.name in given
            for cell in self.chosen()
            for question in self.questions(cell)
        )

    def rows(self, *, answered: bool = False) -> list[Row]:
        """Return the cells with their own answers, as the form has them; or those in force."""
        ticked = self.given.fields.get("cell")
        offered = self.offered()
        return [
            Row(
                _key(cell),
                cell.owed.unit,
                self.owed.names.get(cell.owed.unit, ""),
                cell.owed.what,
                cell.owed.due.isoformat(),
                cell.state,
                ticked is None or _key(cell) in ticked,
                self.given.text(_name(DAY, cell)),
                [
                    (
                        one,
                        _name(one.name, cell),
                        self.answer(one, cell)
                        if answered
                        else self.given.text(_name(one.name, cell)),
                    )
                    for one in self.questions(cell)
                ],
            )
            for cell in offered
        ]

    def submissions(self) -> list[Submission]:
        """Return the entries of the ticked cells, which have no ids yet.

        Raises:
            EntriesRefusedError: an answer is malformed.
        """
        made, refused = list[Submission](), list[Refusal]()
        for cell in self.chosen():
            try:
                outcome = parse_content(self._content(cell), _key(cell), None, self.desk.kinds)
            except click.BadParameter as error:
                refused.append(Refusal(error.message, file=_key(cell)))
                continue
            if isinstance(outcome, Submission):
                made.append(outcome)
            else:
                refused += outcome
        if refused:
            raise EntriesRefusedError(refused)
        return made

    def _content(self, cell: Cell) -> dict[str, Any]:
        owed, text = cell.owed, self.given.text
        content: dict[str, Any] = {"kind": self.kind, "unit": owed.unit}
        if owed.about is not None:
            content[owed.about] = owed.what
        if self.dated is not None and self.dated != owed.about:
            day = text(_name(DAY, cell)) or text(DAY)
            content[self.dated] = field_value(day, self.dated, self._fields[self.dated])
        for one in self.questions(cell):
            answer = self.answer(one, cell)
            if answer:
                content[one.name] = field_value(answer, one.name, self._fields[one.name])
        return content


def _key(cell: Cell) -> str:
    return f"{cell.owed.unit} {cell.owed.what}"


def _name(field: str, cell: Cell) -> str:
    """Return the name of a cell's own field of the form."""
    return f"{field} {_key(cell)}"


def _choices(field: Field, desk: Desk) -> list[tuple[str, str]]:
    if field.form == "flag":
        return [(value, desk.translate.term(value == "true")) for value in ("true", "false")]
    return [(value, desk.translate.choice(field, value)) for value in field.choices]


def _show(desk: Desk, given: Given) -> Page:
    form = Form(desk, given)
    lines = given.message
    if given.refusals:
        lines = [one.sentence() for one in without_doubts(given.refusals)]
    rows = form.rows()
    asked = bool(rows) and bool(rows[0].answers)
    own = given.text("step") == "days" or any(one.day for one in rows)
    return _page(
        form,
        "desk/report_form.html",
        message=[desk.translate(one) for one in lines],
        doubts=doubt_rows(desk, given),
        rows=rows,
        common=[(one, given.text(one.name)) for one, _, _ in rows[0].answers]
        if len(rows) > 1
        else [],
        first_answer=rows[0].key if len(rows) == 1 and asked else "",
        own_days=own and form.dated is not None,
    )


def _page(form: Form, template: str, **values: Any) -> Page:
    desk, given, translate = form.desk, form.given, form.desk.translate
    clause = translate.bilingual(form.grid.clause.title)
    kept = {**year_kept(desk, given), "clause": form.grid.clause.slug}
    shared = {
        "clause": clause,
        "action": desk.links.to("reports/record", **kept),
        "back": desk.links.to("reports", **kept),
        "day": given.text(DAY) or desk.today.isoformat(),
        "asks_day": form.dated is not None,
    }
    title = translate("Record: {clause}", clause=clause)
    return Page(template, title, [], {**shared, **values}, {}, "reports")


def _act(desk: Desk, given: Given) -> Done | Page:
    form = Form(desk, given)
    chosen = form.chosen()
    if given.text("step") in {"edit", "days"} or not form.is_complete():
        return _show(desk, given)
    made = form.submissions()
    check_doubts(
        given, lambda doubts: desk.ledger.record(made, desk.by, doubts=doubts, dry_run=True)
    )
    about = {cell.owed.unit for cell in chosen}
    about |= {named for one in made for _, named, _ in one.entry.references()}
    settled = settle(desk, given, lambda _: made, sorted(about))
    if isinstance(settled, dict):
        rows = [row for row in form.rows(answered=True) if row.chosen]
        return _page(form, "desk/report_preview.html", rows=rows, **settled)
    words = Message(
        "recorded {count} (import {number}); to count, somebody else verifies them",
        count=settled.recorded,
        number=settled.import_number,
    )
    kept = {**year_kept(desk, given), "clause": form.grid.clause.slug}
    remarks = [one for one in settled.remarks if isinstance(one, Message)]
    return Done(address("/reports", **kept), [words, *remarks])


REPORT_FORM = Work("/reports/record", _show, _act, readers=RECORDERS, actors=RECORDERS)
