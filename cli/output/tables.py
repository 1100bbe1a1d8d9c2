"""Print tables aligned for Chinese text, within the width of the terminal; whole in a pipe.

An id or a number is never folded. What does not fit is left out by columns, with a remark; if
what identifies a row does not fit either, each row becomes a block of lines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.language import render
from cli.language.folding import fold_line, words_of
from cli.output.lines import print_line, screen_width
from ledger.characters import visible
from ledger.message import Message, Series

if TYPE_CHECKING:
    from collections.abc import Sequence

_WIDE = 240
"""Columns without a terminal, so that nothing is cut off in a pipe or a file."""

_SHORT_TITLE = 6
"""Columns that a title takes without being folded."""

_GAP, _CLOSE_GAP = 3, 2
"""Columns between two columns of a table, and of one that is short of room."""


class Column(NamedTuple):
    """A column: its title, and how it gives way where there is no room."""

    title: str
    right: bool = False
    spare: int = 0
    """0: never left out; of the others, the one with the largest number is left out first."""
    prose: int = 0
    """Least width of a column whose texts may be folded between words; 0 if they may not."""


def print_table(
    columns: Sequence[Column], rows: Sequence[Sequence[str]], *, titled: bool = True
) -> None:
    """Print rows as a table, as one of fewer columns, or as blocks, whichever fits.

    Args:
        columns: the columns.
        rows: for each row a text for each column.
        titled: whether to print the titles above a table.
    """
    # What is printed is folded to lines later: a line break here is part of a value.
    rows = [list(map(visible, row)) for row in rows]
    columns = [column._replace(title=visible(column.title)) for column in columns]
    whole, room = list(range(len(columns))), screen_width() or _WIDE
    widths = _widths(columns, rows, titled=titled, gap=_GAP)
    if screen_width() is None or _total(widths, whole, _GAP) <= room:
        _print(columns, rows, whole, widths, room, titled=titled, gap=_GAP)
        return
    widths = _widths(columns, rows, titled=titled, gap=_CLOSE_GAP)
    shown, left = list(whole), sorted(whole, key=lambda at: columns[at].spare)
    while _total(widths, shown, _CLOSE_GAP) > room:
        if not left or not columns[left[-1]].spare:
            _print_blocks(columns, rows)
            return
        shown.remove(left.pop())
    _print(columns, rows, shown, widths, room, titled=titled, gap=_CLOSE_GAP)
    omitted = [columns[at].title for at in whole if at not in shown]
    if omitted:
        print_line(
            render(
                "left out, as the terminal has {room} columns: {titles}; --format csv and a wider "
                "window show all",
                room=room,
                titles=Series(omitted),
            )
        )


def print_paragraph(text: str) -> None:
    """Print an indented paragraph: folded on a terminal, else on one line."""
    print_line(f"  {text}")


def _widths(
    columns: Sequence[Column], rows: Sequence[Sequence[str]], *, titled: bool, gap: int
) -> list[int]:
    """Return the least width of each column."""
    return [
        _width(column, [row[at] for row in rows], titled, gap, least=True)
        for at, column in enumerate(columns)
    ]


def _total(widths: Sequence[int], shown: Sequence[int], gap: int) -> int:
    """Return the columns of the screen that a table of some columns takes at least."""
    return sum(widths[at] for at in shown) + gap * (len(shown) - 1) + (2 if gap == _GAP else 0)


def _width(column: Column, texts: Sequence[str], titled: bool, gap: int, *, least: bool) -> int:
    """Return the width of a column: of its whole texts, or as narrow as it may be."""
    natural = max((cell_len(text) for text in texts), default=0)
    if column.prose and least:
        words = (cell_len(word) for text in texts for word in words_of(text))
        natural = max(min(natural, column.prose), *words, 0)
    return max(natural, _title_width(column.title, gap) if titled else 0)


def _title_width(title: str, gap: int) -> int:
    """Return the width of a title; where room is short it is folded, Chinese into halves."""
    width = cell_len(title)
    if gap == _GAP or width <= _SHORT_TITLE:
        return width
    longest = max(map(cell_len, words_of(title)))
    # Characters of two columns can be folded anywhere: into two lines, the first one the longer.
    return max(longest, width // 4 * 2 + width % 4) if longest <= 2 else longest  # noqa: PLR2004


def _print(
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    shown: Sequence[int],
    widths: Sequence[int],
    room: int,
    *,
    titled: bool,
    gap: int,
) -> None:
    roomy = gap == _GAP
    table = Table(
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        show_header=titled,
        show_edge=roomy,
        padding=(0, 1) if roomy else (0, 1, 0, 0),
    )
    texts = {at: [row[at] for row in rows] for at in shown}
    least = _total(widths, shown, gap)
    spare = room - least
    for at in shown:
        column = columns[at]
        width = widths[at]
        if column.prose:
            wanted = _width(column, texts[at], titled, gap, least=False)
            taken = min(wanted, width + max(spare, 0))
            spare, width = spare - (taken - width), taken
            texts[at] = ["\n".join(fold_line(text, width)) for text in texts[at]]
        title = column.title if roomy else "\n".join(fold_line(column.title, width))
        justify = "right" if column.right else "left"
        table.add_column(Text(title), justify=justify, no_wrap=True, min_width=width)  # type: ignore[arg-type]
    for number in range(len(rows)):
        table.add_row(*(Text(texts[at][number]) for at in shown))
    # A pipe has no edge at which a long id could be folded.
    console = Console(width=max(room, least), highlight=False, emoji=False, markup=False)
    console.print(table, crop=False, no_wrap=True, overflow="ignore")


def _print_blocks(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> None:
    """Print each row as lines of a title and a text."""
    for row in rows:
        print_line("")
        for column, text in zip(columns, row, strict=True):
            if text:
                print_line(render(Message("{title}: {text}", title=column.title, text=text)))
