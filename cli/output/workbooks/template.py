"""The workbook to fill in: a sheet a kind, made from the models, with notes and drop-down lists."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from cli.output.workbooks.book import MOST_ROWS, Book, width_of
from ledger.entries import BY_KIND
from ledger.workbooks.columns import columns_of
from ledger.workbooks.examples import example_of
from ledger.workbooks.words import EXAMPLE, NO, NOTHING, YES, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.workbooks.columns import Column

_LIST_LENGTH = 255
"""Characters that Excel allows a drop-down list that is written out."""

_HOW = (
    "每类事项一张表。表头为中文，指向表头可看说明；橙色为必填，蓝色可空。",
    f"编号以“{EXAMPLE}”开头的一行是示例，导入时跳过，可以删去。",
    "编号为本单位文号，全库唯一，1至64个字母、数字或 - _ . /。",
    "日期写 2016-03-01、2016/3/1 或 2016年3月1日；时间再加 9:30。",
    f"是否一律写“{YES}”“{NO}”；一格多项用“、”隔开，没有则写“{NOTHING}”。",
    "不得出现姓名、电话、证件、地址等任何个人信息，也不得增加这样的列。",
    "导入：tally import 文件.xlsx --by 登记人；有误时加 --errors-to 错误.xlsx。",
)


def template_workbook(units: Sequence[tuple[str, str]] = ()) -> bytes:
    """The template.

    Args:
        units: ids and names of the units that are in the ledger, to choose from.
    """
    book = Book("tally")
    how = book.sheet("说明")
    how.set_column(0, 0, 90)
    for row, line in enumerate(_HOW):
        book.put(how, row, 0, line, book.wrapped)
    lists = _Lists(book)
    for kind, entry_type in BY_KIND.items():
        _sheet(book, kind, entry_type.TITLE, lists, units)
    lists.finish()
    return book.bytes()


class _Lists:
    """The drop-down lists, on a hidden sheet where they are too long to be written out."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._known: dict[tuple[str, ...], str] = {}

    def source(self, words: tuple[str, ...]) -> list[str] | str:
        """What a drop-down list of these words is made from."""
        if len(",".join(words)) <= _LIST_LENGTH and not any("," in word for word in words):
            return list(words)
        if words not in self._known:
            column = chr(ord("A") + len(self._known))
            self._known[words] = f"=选项!${column}$1:${column}${len(words)}"
        return self._known[words]

    def finish(self) -> None:
        """Writes the hidden sheet."""
        sheet = self._book.sheet("选项")
        for column, words in enumerate(self._known):
            for row, word in enumerate(words):
                self._book.put(sheet, row, column, word, self._book.text)
        sheet.hide()


def _choices(column: Column, units: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    if column.choices:
        return tuple(shown(value) for value in column.choices)
    if column.type == "flag":
        return YES, NO
    if column.refers_to == "unit" and column.type != "list":
        return tuple(f"{unit} {name}" for unit, name in units)
    return ()


def _note(column: Column, words: tuple[str, ...]) -> str:
    needed = "必填" if column.required else "可空"
    lines = [f"{column.title}（{needed}） {column.field}", column.description]
    if column.refers_to is not None:
        lines.append(f"填{BY_KIND[column.refers_to].TITLE}的编号")
    if column.choices:
        told = "、".join(
            f"{shown(one)} {one}" if shown(one) != one else one for one in column.choices
        )
        lines.append(told)
    elif column.type == "flag":
        lines.append("、".join(words))
    return "\n".join(lines)


def _sheet(
    book: Book, kind: str, title: str, lists: _Lists, units: Sequence[tuple[str, str]]
) -> None:
    sheet = book.sheet(title)
    forms = {"day": book.day, "moment": book.moment, "whole": book.plain, "decimal": book.plain}
    columns = columns_of(kind)
    for at, column in enumerate(columns):
        words = _choices(column, units)
        form = forms.get(column.type, book.text)
        longest = max((width_of(word) for word in words), default=0)
        width = max(width_of(column.title) + 4, longest + 4, 18 if form is book.moment else 12)
        sheet.set_column(at, at, min(width, 40), form)
        book.put(sheet, 0, at, column.title, book.needed if column.required else book.header)
        sheet.write_comment(0, at, _note(column, words), {"x_scale": 2, "y_scale": 1.4})
        example = example_of(kind, column)
        if example is not None:
            book.put(sheet, 1, at, example, _example_form(book, column, example))
        _validate(sheet, at, column, lists, words, units)
    sheet.freeze_panes(1, 1)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _example_form(book: Book, column: Column, example: Any) -> Any:
    if not isinstance(example, date):
        return book.example
    return book.moment if column.type == "moment" else book.day


def _validate(
    sheet: Any,
    at: int,
    column: Column,
    lists: _Lists,
    words: tuple[str, ...],
    units: Sequence[tuple[str, str]],
) -> None:
    source: list[str] | str | None = lists.source(words) if words else None
    if source is None and column.refers_to == "unit" and column.type != "list" and not units:
        source = f"=单位!$A$2:$A${10_000}"
    if source is None:
        return
    rule = {
        "validate": "list",
        "source": source,
        "ignore_blank": True,
        # A unit's bare number is as good as what the list offers, and a new one may be meant.
        "error_type": "warning" if column.refers_to else "stop",
        "error_title": column.title[:32],
        "error_message": "请从下拉列表中选择",
    }
    sheet.data_validation(1, at, MOST_ROWS - 1, at, rule)
