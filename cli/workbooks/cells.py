"""Turn a cell into the JSON value of its field, for validation to check."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from cli.workbooks.number_formats import (
    GENERAL,
    shown_parts,
    shows_plain_number,
    shows_text,
    shows_value,
)
from cli.workbooks.words import (
    ERROR,
    FLAGS,
    FORMULA,
    NOTHING,
    ROUNDED,
    TOO_WIDE,
    code_of,
    half_width,
    items,
    meant,
)
from ledger.identifiers import MASK, redact
from ledger.message import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from cli.workbooks.columns import Column
    from ledger.fields import FormName

_PRECISION = 1e15
"""Numbers from here on: Excel keeps only 15 digits."""

_SERIALS = 25_000, 80_000
"""Excel's day numbers (since 1900 or 1904) of the years 1968 to 2123."""

_DATE = r"(\d{4})\s*[年/.-]\s*(\d{1,2})\s*[月/.-]\s*(\d{1,2})\s*日?"
_MIDNIGHT = r"(?:\s+0{1,2}:00(?::00)?)?"
"""The time that Excel adds to a day formatted with a time."""

_DAY = re.compile(_DATE + _MIDNIGHT, re.ASCII)
_MONTH = re.compile(r"(\d{4})\s*[年/.-]\s*(\d{1,2})\s*月?", re.ASCII)
_MOMENT = re.compile(
    _DATE
    + r"[\sT]*(上午|下午)?\s*(\d{1,2})\s*[时点:]"
    + r"\s*(?:(\d{1,2})\s*(?:分|:)?)?\s*(?:(\d{1,2})\s*秒?)?",
    re.ASCII,
)
_HALVES, _NOON = {"上午": 0, "下午": 12}, 12
_WHOLE = re.compile(r"-?\d{1,15}", re.ASCII)


_MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_CHANGED = re.compile(
    rf"{ROUNDED}|{TOO_WIDE}|{ERROR}|{FORMULA}"
    r"|\d+(?:\.\d+)?%|\d{1,3}(?:,\d{3})+|TRUE|FALSE"
    r"|(?:\d{4}年)?\d{1,2}月(?:\d{1,2}日)?|\d{1,2}:\d{2}(?::\d{2})?"
    rf"|\d{{1,2}}-(?:{_MONTHS})(?:-\d{{2,4}})?|(?:{_MONTHS})-\d{{2,4}}"
)
"""Matches what Excel makes of a number or of parts that look like a date: no id is so."""

_GROUPED = re.compile(r"[+-]?\d{1,3}(?:[,，]\d{3})+(?:\.\d+)?")

_TEXTS = frozenset[str]({"code", "choice", "prose", "list", "pairs"})
_SHOWN = {"day": "yMd", "month": "yM", "moment": "yMdhm"}
"""By type of column: the parts of a date that must be shown (see `shown_parts`)."""

_FORMATS = {"day": "2016-03-05", "month": "2016-03", "moment": "2016-03-05 09:30"}


class CellError(ValueError):
    """A cell cannot be turned into a value; the message says why and what to write."""


def _rounded(number: float) -> int | float:
    """Return a number as Excel shows it: 5.0 as 5, and 0.1 + 0.2 as 0.3."""
    if abs(number) >= _PRECISION:
        raise CellError(
            Message(
                "is a number of more than 15 digits, of which Excel has lost some; format the "
                "column as text and write the number again"
            )
        )
    return int(number) if number == int(number) else float(format(number, ".15g"))


def _text(cell: Any) -> str:
    """Return a cell as stripped text with half-width digits and letters."""
    if isinstance(cell, str):
        return cell.strip() if cell.isascii() else half_width(cell).strip()
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int | float):
        return str(_rounded(cell))
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell)


def _code(cell: Any, _: Column) -> Any:
    text = _text(cell)
    if isinstance(cell, str):
        _check_code(text)
    return text


def _check_code(text: str) -> None:
    """Refuse an id or case number that Excel, or who pasted it, has changed."""
    if _CHANGED.fullmatch(text):
        raise CellError(
            Message(
                "is {text}, as which Excel shows a number or date and not what was written; format "
                "the column as text and write the value again",
                text=redact(text),
            )
        )
    if text.startswith("'"):
        raise CellError(
            Message("begins with the apostrophe by which Excel marks text; take it out")
        )


def _choice(cell: Any, column: Column) -> Any:
    text = _code(cell, column)
    return meant(text, column.choices, column.words, column.english) or text


def _prose(cell: Any, _: Column) -> Any:
    return cell if isinstance(cell, str) else _text(cell)


def _check_text_alone(cell: Any, number_format: str) -> None:
    """Refuse what is not text in a column of text, unless it is shown as it is recorded."""
    if isinstance(cell, bool | date | time | timedelta):
        raise CellError(
            Message(
                "is not text but a date or time, or TRUE or FALSE ({text}); format the column as "
                "text and write the value again",
                text=_text(cell).upper() if isinstance(cell, bool) else _text(cell),
            )
        )
    if isinstance(cell, int | float) and not shows_plain_number(number_format, _rounded(cell)):
        raise CellError(
            Message(
                "is the number {number}, but is shown otherwise (format {code}); format the column "
                "as text and write the value again",
                number=redact(_text(cell)),
                code=number_format,
            )
        )


def _check_shown(cell: Any, column: Column, number_format: str) -> None:
    """Refuse a number, date or text that the number format shows as something else."""
    if column.type in _TEXTS and not isinstance(cell, str):
        _check_text_alone(cell, number_format)
    elif isinstance(cell, date) and column.type in _SHOWN:
        parts = shown_parts(number_format)
        if number_format != GENERAL and not set(_SHOWN[column.type]) <= set(parts):
            raise CellError(
                Message(
                    "holds {text}, of which the format {code} shows only a part; format the cell "
                    "as {wanted} and check it",
                    text=_text(cell).replace("T", " "),
                    code=number_format,
                    wanted=_FORMATS[column.type],
                )
            )
    elif isinstance(cell, date | time | timedelta) and column.type == "value":
        _check_text_alone(cell, number_format)
    elif not _is_shown(cell, number_format):
        raise CellError(
            Message(
                "holds {text}, but is shown otherwise (format {code}); give the cell the format "
                "General, then check what it holds",
                text=redact(_text(cell)),
                code=number_format,
            )
        )


def _is_shown(cell: Any, code: str) -> bool:
    """Return whether a number format shows a text or number as the cell holds it."""
    if isinstance(cell, str):
        return shows_text(code)
    return type(cell) not in {int, float} or shows_value(code, cell)


def _flag(cell: Any, _: Column) -> Any:
    if isinstance(cell, bool):
        return cell
    text = _text(cell)
    return FLAGS.get(text.casefold(), text)


def _check_commas(cell: Any) -> None:
    """Refuse a number with commas, which are thousands in one country and decimals in another."""
    text = _text(cell)
    if _GROUPED.fullmatch(text):
        plain = text.replace(",", "").replace("，", "")
        message = Message("{text} has commas in the number; write {plain}", text=text, plain=plain)
        raise CellError(message)


def _decimal(cell: Any, _: Column) -> Any:
    _check_commas(cell)
    return _text(cell)


def _whole(cell: Any, _: Column) -> Any:
    if isinstance(cell, str):
        _check_commas(cell)
        text = _text(cell)
        return int(text) if _WHOLE.fullmatch(text) else text
    return _rounded(cell) if type(cell) in {int, float} else _text(cell)


def _value(cell: Any, _: Column) -> Any:
    """Return a ruling's value: flags and whole numbers as such, else text."""
    if isinstance(cell, bool):
        return cell
    if isinstance(cell, int | float):
        number = _rounded(cell)
        return number if isinstance(number, int) else str(number)
    return _prose(cell, _)


def _check_date(cell: Any) -> None:
    """Refuse a bare number in a column of dates: it is a date whose format was lost."""
    if isinstance(cell, int | float) and _SERIALS[0] < cell < _SERIALS[1]:
        raise CellError(
            Message(
                "is the number {number}, as which Excel stores a date; format the cell as a date "
                "and check the date, or write it as 2016-03-05",
                number=_rounded(cell),
            )
        )


def _day(cell: Any, _: Column) -> Any:
    _check_date(cell)
    if isinstance(cell, datetime) and cell.time() == time():
        cell = cell.date()
    if isinstance(cell, str) and (found := _DAY.fullmatch(_text(cell))):
        return f"{found[1]}-{found[2]:0>2}-{found[3]:0>2}"
    return _text(cell)


def _month(cell: Any, _: Column) -> Any:
    _check_date(cell)
    if isinstance(cell, date) and cell.day == 1 and not isinstance(cell, datetime):
        return f"{cell:%Y-%m}"
    if isinstance(cell, str) and (found := _MONTH.fullmatch(_text(cell))):
        return f"{found[1]}-{found[2]:0>2}"
    return _text(cell)


def _moment(cell: Any, _: Column) -> Any:
    _check_date(cell)
    if isinstance(cell, date) and not isinstance(cell, datetime):
        raise CellError(
            Message(
                "has no time of day; write it as 2016-03-05 09:30 (for midnight, format the cell "
                "as text first)"
            )
        )
    if isinstance(cell, str) and (found := _MOMENT.fullmatch(_text(cell))):
        year, month, day, half, hour, minute, second = (part or "0" for part in found.groups())
        if half in _HALVES and 0 < int(hour) <= _NOON:
            hour = str(int(hour) % _NOON + _HALVES[half])
        return f"{year}-{month:0>2}-{day:0>2}T{hour:0>2}:{minute:0>2}:{second:0>2}"
    return _text(cell)


def _list(cell: Any, column: Column) -> Any:
    text = _text(cell)
    found = [] if text == NOTHING else items(text)
    for item in found if column.type == "list" else ():
        _check_code(item)
    return found


def pairs(items: Iterable[str], field: str) -> Any:
    """Return a field's JSON of texts such as `name=value`.

    Raises:
        CellError: an item is not two texts around `=`.
    """
    found = []
    for item in items:
        name, equals, value = (part.strip() for part in item.partition("="))
        if not (name and equals and value):
            raise CellError(Message("{item!r} is not NAME=VALUE; write basic_work=7.5", item=item))
        found.append((name, value))
    if field == "evidence":
        return [{"name": name, "sha256": value.lower()} for name, value in found]
    names = [name for name, _ in found]
    repeated = next((name for name in names if names.count(name) > 1), None)
    if repeated is not None:
        raise CellError(Message("{name} is given twice", name=repeated))
    return {code_of(name): value for name, value in found}


def _pairs(cell: Any, column: Column) -> Any:
    return pairs(_list(cell, column), column.field)


_READERS: dict[FormName, Callable[[Any, Column], Any]] = {
    "code": _code,
    "choice": _choice,
    "prose": _prose,
    "flag": _flag,
    "whole": _whole,
    "decimal": _decimal,
    "day": _day,
    "month": _month,
    "moment": _moment,
    "list": _list,
    "pairs": _pairs,
    "value": _value,
}


def is_empty(cell: Any) -> bool:
    """Return whether a cell holds nothing but spaces."""
    return cell is None or cell == "" or (isinstance(cell, str) and cell.isspace())


def value_of(cell: Any, column: Column, number_format: str = GENERAL) -> Any:
    """Return the JSON value of a cell that is not empty.

    Args:
        cell: what it holds.
        column: its column.
        number_format: the code of the format by which it is shown.

    Raises:
        CellError: it has no such value.
    """
    if isinstance(cell, str) and MASK in cell:
        # From a workbook of `--errors-to`, where part of the text was masked.
        raise CellError(
            Message(
                "has *** in place of an identity-card or mobile number; write the whole text "
                "again, without the number"
            )
        )
    if number_format != GENERAL or not isinstance(cell, str):
        _check_shown(cell, column, number_format)
    return _READERS[column.type](cell, column)
