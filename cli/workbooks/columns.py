"""The columns of a kind's sheet, made from the fields of its class."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from cli.language.chinese import both, word
from cli.workbooks.words import folded
from ledger.kinds import BUILT_IN, Kinds

if TYPE_CHECKING:
    from ledger.fields import FormName

_FORMER = {"证据": "evidence"}
"""Headers of templates of earlier versions."""
_LAST = ("evidence", "replaces", "note")
"""Fields of every kind whose columns come last."""


class Column(NamedTuple):
    """One field of a kind, as a column of its sheet."""

    field: str
    title: str
    """The Chinese header."""
    description: str
    type: FormName
    required: bool
    choices: tuple[str, ...] = ()
    refers_to: str | None = None
    """The kind of entry whose id a cell holds."""
    words: tuple[tuple[str, str], ...] = ()
    """The Chinese of choices that are not of the vocabulary."""
    english: tuple[tuple[str, str], ...] = ()
    """Their English."""

    def word(self, choice: str) -> str:
        """Return the Chinese of a choice."""
        return dict(self.words).get(choice) or word(choice)

    def both(self, choice: str) -> str:
        """Return the Chinese of a choice with its code."""
        own = dict(self.words).get(choice)
        return both(choice) if own is None else f"{own} {choice}"


@cache
def columns_of(kind: str, kinds: Kinds = BUILT_IN) -> tuple[Column, ...]:
    """Return the columns of a kind, the id first."""
    columns = []
    for name, field in kinds.fields(kind).items():
        title, meaning, form, choices, refers_to = field[:5]
        more = tuple(field.words.items()), tuple(field.english.items())
        declared = title, meaning, form, field.required, choices, refers_to
        columns.append(Column(name, *declared, *more))
    columns.sort(key=lambda column: _LAST.index(column.field) + 1 if column.field in _LAST else 0)
    return tuple(columns)


@cache
def by_header(kind: str, kinds: Kinds = BUILT_IN) -> dict[str, Column]:
    """Return the columns of a kind by their folded headers, Chinese and English."""
    columns = {column.field: column for column in columns_of(kind, kinds)}
    titled = {folded(title): columns[name] for title, name in kinds.field_titles(kind).items()}
    former = {title: columns[name] for title, name in _FORMER.items()}
    return former | titled | {folded(name): column for name, column in columns.items()}


@cache
def kinds_by_title(kinds: Kinds = BUILT_IN) -> dict[str, str]:
    """Return every kind by its folded title and by its folded name."""
    titles = {folded(title): kind for title, kind in kinds.titles().items()}
    return titles | {folded(kind): kind for kind in kinds}
