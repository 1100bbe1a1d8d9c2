"""Write a list of entries as a workbook, a row for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.language.chinese import chinese, word
from cli.output.entry_words import field_words
from cli.output.workbooks.book import Book
from cli.output.workbooks.paper import LONG
from ledger.vocabulary import OFFICE_TIME

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ledger.kinds import Kinds
    from projections.listing import ListedEntry

_HEADER = (
    *("编号", "种类", "单位", "名称", "日期", "状态"),
    *("登记人", "登记时间", "核定人", "核定时间", "内容"),
)


def entries_workbook(found: Iterable[ListedEntry], names: Mapping[str, str], kinds: Kinds) -> bytes:
    """Return the workbook.

    Args:
        found: the entries, in the order of their recording.
        names: of units, by first id.
        kinds: of the ledger.
    """
    book = Book("台账记录")
    rows = (_row(one, names, kinds) for one in found)
    book.table("台账记录", _HEADER, rows, wide={10: LONG})
    return book.bytes()


def _row(one: ListedEntry, names: Mapping[str, str], kinds: Kinds) -> list[Any]:
    entry, recorded, verified = one.state.entry, one.state.recorded, one.state.verified
    kind = kinds.title(entry.KIND) if entry.KIND in kinds else entry.KIND
    content = "；".join(f"{name}：{value}" for name, value in _fields(one, kinds))
    return [
        *(entry.id, kind, one.unit, names.get(one.unit or ""), one.dated, word(one.status)),
        *(recorded.by, recorded.at.astimezone(OFFICE_TIME)),
        *((verified.by, verified.at.astimezone(OFFICE_TIME)) if verified else (None, None)),
        content,
    ]


def _fields(one: ListedEntry, kinds: Kinds) -> Iterator[tuple[str, str]]:
    for name, value in field_words(one.state.entry.content(), kinds):
        if name not in {"id", "kind", "unit"}:
            yield chinese(name), chinese(value)
