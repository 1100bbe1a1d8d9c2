"""Import uploaded files: what is wrong in its place, what would be recorded, then the import."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from cli.desk.previewing import PreviewRows, preview_rows
from cli.desk.uploads import UploadError
from cli.desk.work import RECORDERS, Attachment, Done, Work, address
from cli.importing import WORKBOOK_SUFFIXES, FileReader, in_order
from cli.pages.views.page import Page
from ledger.doubts import DOUBTS
from ledger.errors import EntriesRefusedError, LedgerMovedError, Refusal, TallyError
from ledger.identifiers import redact
from ledger.message import Bilingual, Message
from ledger.submissions import letter
from projections.preview import preview

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cli.desk.previewing import PreviewRows
    from cli.desk.uploads import Upload
    from cli.desk.work import Desk, Given
    from cli.workbooks.faults import FaultyTable
    from ledger.doubts import Doubt
    from ledger.entries import AnyEntry
    from ledger.receipts import Receipt
    from ledger.state import LedgerState
    from ledger.submissions import Submission
    from ledger.validation import Arriving

_SUFFIXES: Final = WORKBOOK_SUFFIXES | {".jsonl"}

_MOST_ROWS: Final = 200
"""Bad rows that the page shows; the coloured workbook has them all."""

_MOST_COLUMNS: Final = 40

_MOST_ENTRIES: Final = 20_000
_MOST_FAULTS: Final = 2_000
"""Entries and faults at which the desk stops reading, for others wait meanwhile."""

_MOST_PREVIEWED: Final = 2_000
"""Entries up to which the page shows what they move."""

_TOO_MANY: Final = Message(
    "has more than {most:,} entries; split it, or import it with `tally import` on the server",
    most=_MOST_ENTRIES,
)
_TOO_WRONG: Final = Message(
    "has more than {most:,} faults, and what comes after these was not read; is it the right file?",
    most=_MOST_FAULTS,
)

_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class _Cell(NamedTuple):
    """A cell of a bad row."""

    text: str
    messages: list[str]


class _Sheet(NamedTuple):
    """The bad rows of a table."""

    title: str
    columns: list[str]
    """The letters of its columns."""
    header: list[str]
    rows: list[tuple[int, list[_Cell]]]
    """By number from 1, the cells."""


class _Admitted:
    """What an import would record."""

    def __init__(self) -> None:
        self.kinds, self.units = Counter[str](), Counter[str]()
        self.entries: list[AnyEntry] = []
        self.state: LedgerState | None = None

    def take(self, state: LedgerState, fresh: Arriving) -> None:
        """Count the new entries; keep them if they are few."""
        self.state, root = state, fresh.root
        for entry in fresh.of_kinds(fresh.kinds()):
            self.kinds[entry.KIND] += 1
            unit = entry.id if entry.KIND == "unit" else getattr(entry, "unit", None)
            if unit is not None:
                self.units[root(unit) or unit] += 1
            if len(self.entries) <= _MOST_PREVIEWED:
                self.entries.append(entry)


def _doubts(given: Given) -> frozenset[Doubt]:
    """Return what is refused: all doubts but those that somebody let in."""
    return frozenset(one for one in DOUBTS if not given.text(one))


def _record(desk: Desk, upload: Upload, doubts: frozenset[Doubt], **terms: Any) -> Receipt:
    """Record the entries of an upload; refusals name the files as they were uploaded.

    Raises:
        EntriesRefusedError: every refusal at once; nothing was written.
    """
    names = {str(path): name for name, path in upload.files.items()}
    reader = FileReader(desk.session)

    def submissions() -> Iterator[Submission | Refusal]:
        entries = faults = 0
        for name, path in upload.files.items():
            for one in reader.read(path):
                entries, faults = (
                    (entries, faults + 1) if isinstance(one, Refusal) else (entries + 1, faults)
                )
                if entries > _MOST_ENTRIES:
                    yield Refusal(_TOO_MANY, file=name)
                    return
                yield one
                if faults == _MOST_FAULTS:
                    yield Refusal(_TOO_WRONG, file=name)
                    return

    try:
        return desk.ledger.record(submissions(), desk.by, doubts=doubts, **terms)
    except EntriesRefusedError as error:
        refusals = [
            one._replace(file=names.get(one.file or "", one.file)) for one in error.refusals
        ]
        raise EntriesRefusedError(in_order(refusals, [*upload.files])) from None


def _show(desk: Desk, given: Given) -> Page:
    """Return the page on which files are chosen."""
    return _page(desk, given, {})


def _page(desk: Desk, given: Given, values: dict[str, Any]) -> Page:
    shown = {
        "message": [*map(desk.translate, given.message)],
        "accepted": ",".join(sorted(_SUFFIXES)),
        "upload": None,
        "names": [],
        "refusals": 0,
        "sheets": [],
        "listed": [],
        "doubtful": {},
        "let_in": [],
        "admitted": None,
        **values,
    }
    return Page("desk/import.html", desk.translate("Import"), values=shown, current="import")


def _act(desk: Desk, given: Given) -> Done | Page:
    """Check an upload, or record it as it was shown."""
    kept, session = desk.kept.uploads, desk.signed_in.id
    if given.text("upload"):
        upload = kept.find(session, given.text("upload"))
    else:
        upload = kept.add(session, given.files.get("files", ()), _SUFFIXES)
    if given.text("step") != "record":
        return _checked(desk, given, upload)
    position = given.text("position")
    if not position.isdecimal():
        raise UploadError(Message("check the files first"))
    try:
        receipt = _record(desk, upload, _doubts(given), at_position=int(position))
    except (LedgerMovedError, EntriesRefusedError):
        words = desk.translate(
            "The ledger has changed since this was shown. This is what the import would do now."
        )
        return _checked(desk, given, upload, words)
    kept.drop(upload)
    return Done(address("/journal", **{"import": str(receipt.import_number)}), _notices(receipt))


def _notices(receipt: Receipt) -> list[Message]:
    done = Message(
        "import {number}: recorded {recorded}, skipped {skipped}; they count once another person "
        "has verified them",
        number=receipt.import_number,
        recorded=receipt.recorded,
        skipped=receipt.skipped,
    )
    return [done, *map(Message, map(str, receipt.remarks[:20]))]


def _checked(desk: Desk, given: Given, upload: Upload, words: str = "") -> Page:
    """Return the page of an upload: what is wrong with it, or what it would record."""
    let_in = [one for one in sorted(DOUBTS) if given.text(one)]
    values: dict[str, Any] = {
        "upload": upload.token,
        "names": [*upload.files],
        "let_in": let_in,
        "message": [words] if words else [],
    }
    found = _Admitted()
    try:
        receipt = _record(desk, upload, _doubts(given), dry_run=True, admitted=found.take)
    except EntriesRefusedError as error:
        return _page(desk, given, values | _refused(desk, upload, error.refusals))
    return _page(desk, given, values | _admitted(desk, found, receipt))


def _admitted(desk: Desk, found: _Admitted, receipt: Receipt) -> dict[str, Any]:
    names, translate = desk.session.unit_names(), desk.translate
    kinds = [
        (translate.kind(desk.kinds, kind), number) for kind, number in found.kinds.most_common()
    ]
    units = [(unit, names.get(unit, ""), number) for unit, number in sorted(found.units.items())]
    return {
        "admitted": {"kinds": kinds, "units": units, "changes": _changes(desk, found)},
        "recorded": receipt.recorded,
        "skipped": receipt.skipped,
        "position": receipt.position,
        "most": _MOST_PREVIEWED,
    }


def _changes(desk: Desk, found: _Admitted) -> PreviewRows | None:
    """Return what would change once verified; None if that is too much to show."""
    if found.state is None or len(found.entries) > _MOST_PREVIEWED:
        return None
    changed = preview(desk.session.loader, found.state, found.entries, desk.now)
    return preview_rows(desk, changed)


def _refused(desk: Desk, upload: Upload, refusals: Sequence[Refusal]) -> dict[str, Any]:
    from cli.workbooks.faults import faulty_tables  # noqa: PLC0415 - only where refused

    translate, left = desk.translate, _MOST_ROWS
    sheets, shown = [], set[tuple[str | None, str | None]]()
    for faulty in faulty_tables(upload.files, refusals, desk.ledger.kinds):
        if faulty.refusals and left > 0:
            sheet = _sheet(desk, faulty, left)
            left -= len(sheet.rows)
            sheets.append(sheet)
            shown.add((faulty.file, faulty.table.sheet))
    listed = [one for one in refusals if (one.file, one.sheet) not in shown]
    codes = Counter(one.code for one in refusals)
    return {
        "refusals": len(refusals),
        "sheets": sheets,
        "listed": [redact(translate(one.sentence())) for one in listed[:_MOST_ROWS]],
        "hidden": left <= 0 or len(listed) > _MOST_ROWS,
        "doubtful": {code: codes[code] for code in sorted(DOUBTS) if codes[code]},
        "only_doubtful": set(codes) <= DOUBTS,
    }


def _sheet(desk: Desk, faulty: FaultyTable, most: int) -> _Sheet:
    """Return the bad rows of a table, each wrong cell with what is wrong."""
    translate, table = desk.translate, faulty.table

    def prefix(field: str) -> str:
        name = translate(field) if isinstance(field, Bilingual) else translate.term(field)
        return translate("{field}: ", field=name)

    faults = faulty.by_cell(translate, prefix)
    numbers = sorted({row for row, _ in faults})[:most]
    filled = [
        at for number in numbers if number < len(table.rows)
        for at, cell in enumerate(table.rows[number]) if cell not in ("", None)
    ]  # fmt: skip
    last = max([*filled, *(column for row, column in faults if row in set(numbers))], default=0)
    width = min(last + 1, _MOST_COLUMNS)
    headers = {one.column: one.header or "" for one in faulty.refusals}
    rows = []
    for number in numbers:
        values = [*faulty.row(number)] if number < len(table.rows) else []
        cells = [
            _Cell(
                "" if column >= len(values) or values[column] is None else str(values[column]),
                faults.pop((number, column), []),
            )
            for column in range(width)
        ]
        rows.append((number + 1, cells))
    title = faulty.file if table.sheet is None else f"{faulty.file} · {table.sheet}"
    letters = [letter(column) for column in range(width)]
    return _Sheet(title, letters, [headers.get(one, "") for one in letters], rows)


def _errors(desk: Desk, given: Given) -> Attachment:
    """Return the workbook of an upload with its wrong cells coloured and commented."""
    from cli.output.workbooks.errors import errors_workbook  # noqa: PLC0415 - only where refused

    upload = desk.kept.uploads.find(desk.signed_in.id, given.text("upload"))
    try:
        _record(desk, upload, _doubts(given), dry_run=True)
    except EntriesRefusedError as error:
        content = errors_workbook(upload.files, error.refusals, desk.ledger.kinds)
        return Attachment(desk.translate("errors.xlsx"), _XLSX, content)
    raise TallyError(Message("nothing is wrong with these files"))


def _template(desk: Desk, given: Given) -> Attachment:
    """Return the workbook to fill in."""
    from cli.measured import measured_in  # noqa: PLC0415 - only for workbooks
    from cli.output.workbooks.template import template_workbook  # noqa: PLC0415

    del given
    content = template_workbook(measured_in(desk.session))
    return Attachment(desk.translate("template.xlsx"), _XLSX, content)


IMPORT = Work("/import", _show, _act, readers=RECORDERS, actors=RECORDERS)
ERRORS = Work("/import/errors", _errors, readers=RECORDERS)
TEMPLATE = Work("/import/template", _template, readers=RECORDERS)
