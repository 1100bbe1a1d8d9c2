"""The words of the tables of an audit; print them, and write them as CSV."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from cli.language import render
from cli.output.lines import print_line
from cli.output.times import office_time
from ledger.message import Message
from projections.audit import COLUMNS, LISTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.kinds import Kinds
    from projections.audit import OfficeWork, Rows

TABLES: Final = {
    "people": Message("By name"),
    "months": Message("By month"),
    "months_by_name": Message("By month and name"),
    "pairs": Message("Who verified whose entries"),
    "waits": Message("From recording to verification"),
    "papers": Message("Papers, by kind of entry"),
    "quick": Message("Verified within {seconds} seconds of recording"),
    "late": Message("Recorded {days} days or more after their own day"),
    "corrected": Message("Taken back after an edition that counted them"),
    "without_papers": Message("Without papers"),
    "returned": Message("Sent back"),
    "imports": Message("Imports verified in one act"),
}
"""By table, its title."""

TITLES: Final = {
    "name": Message("account or name"),
    "month": Message("calendar month"),
    "recorded": Message("recorded"),
    "verified": Message("verified"),
    "own": Message("verified own"),
    "returned": Message("sent back"),
    "reversals": Message("taken back"),
    "late": Message("recorded late"),
    "quick": Message("verified quickly"),
    "recorded_by": Message("recorded by"),
    "verified_by": Message("verified by"),
    "recorded_at": Message("recorded at"),
    "verified_at": Message("verified at"),
    "entries": Message("entries"),
    "of_recorded": Message("of the recorder's"),
    "of_verified": Message("of the verifier's"),
    "up_to_seconds": Message("up to"),
    "share": Message("share of all"),
    "kind": Message("kind"),
    "without": Message("without papers"),
    "id": Message("id"),
    "unit": Message("unit"),
    "seconds": Message("seconds"),
    "days": Message("days"),
    "dated": Message("dated"),
    "edition": Message("edition"),
    "reversal": Message("taken back by entry"),
    "reversed_by": Message("taken back by"),
    "reversed_at": Message("taken back at"),
    "reason": Message("reason"),
    "replaced_by": Message("replaced by"),
    "returned_by": Message("sent back by"),
    "returned_at": Message("sent back at"),
    "import": Message("import"),
}
"""By column, its title."""

NUMBERS: Final = frozenset(
    {
        *("recorded", "verified", "own", "returned", "reversals", "late", "quick", "entries"),
        *("of_recorded", "of_verified", "up_to_seconds", "share", "without", "seconds", "days"),
        "import",
    }
)
"""The columns whose values are numbers."""

SHARES: Final = frozenset({"of_recorded", "of_verified", "share", "lost_share", "gained_share"})
"""The columns whose values are parts of a whole."""

_SPANS: Final = (
    (86_400, Message("{count} {count:day|days}")),
    (3_600, Message("{count} {count:hour|hours}")),
    (60, Message("{count} {count:minute|minutes}")),
    (1, Message("{count} {count:second|seconds}")),
)


def title_of(table: str, work: OfficeWork) -> Message:
    """Return the title of a table."""
    return Message(TABLES[table], seconds=work.seconds, days=work.days)


def cell(column: str, value: Any) -> str:
    """Return a value of a table in words, a message where they are to be translated."""
    if column == "up_to_seconds":
        return _span(value)
    if value is None:
        return ""
    if column in SHARES:
        return f"{Decimal(value) * 100:.1f}%"
    return office_time(value) if column.endswith("_at") else str(value)


def _span(seconds: int | None) -> Message:
    if seconds is None:
        return Message("longer")
    if not seconds:
        return Message("at once")
    size, words = next(one for one in _SPANS if seconds % one[0] == 0)
    return Message(words, count=seconds // size)


def names_remark(accounts_from: int | None) -> Message:
    """Return whose names these are.

    Args:
        accounts_from: the position from which on accounts sign; None without accounts.
    """
    if accounts_from is None:
        return Message("names as typed")
    return Message(
        "names are accounts from position {position} on, before that as typed",
        position=accounts_from,
    )


def print_audit(work: OfficeWork, table: str | None, kinds: Kinds) -> None:
    """Print one table; without a name those of numbers, and how long each list is.

    Args:
        work: the tables.
        table: the name of one.
        kinds: of the ledger, for their titles.
    """
    shown = [table] if table else [name for name in COLUMNS if name not in LISTS]
    for name in shown:
        if table is None and name == "months_by_name":
            continue
        print_line(render(title_of(name, work)))
        if work.tables[name]:
            _print_rows(name, work.tables[name], kinds)
        else:
            print_line(render("  none"))
    if table is None:
        print_line(render("Lists, each by --list NAME:"))
        for name in LISTS:
            count = len(work.tables[name])
            title = title_of(name, work)
            print_line(render("  {name}: {count} ({title})", name=name, count=count, title=title))


def _print_rows(table: str, rows: Rows, kinds: Kinds) -> None:
    from cli.output.entry_words import kind_word  # noqa: PLC0415 - slow to import
    from cli.output.tables import Column, print_table  # noqa: PLC0415

    columns = COLUMNS[table]
    print_table(
        [
            Column(
                render(TITLES[name]),
                right=name in NUMBERS,
                spare=0 if name in NUMBERS or not at else at,
                prose=12 if name == "reason" else 0,
            )
            for at, name in enumerate(columns)
        ],
        [
            [
                render("{kind}", kind=kind_word(row[name], kinds))
                if name == "kind"
                else _shown(cell(name, row[name]))
                for name in columns
            ]
            for row in rows
        ],
    )


def _shown(text: str) -> str:
    """Return a message in the user's language; a name that happens to be a word stays."""
    return render(text) if isinstance(text, Message) else text


def audit_rows(work: OfficeWork, table: str) -> tuple[Sequence[str], list[list[Any]]]:
    """Return CSV header and rows of one table."""
    columns = COLUMNS[table]
    return columns, [[row[name] for name in columns] for row in work.tables[table]]
