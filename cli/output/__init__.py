"""Write results as a table, JSON or CSV, and remarks to standard error."""

from __future__ import annotations

import os
import re
import sys
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from typing import TYPE_CHECKING, Any

import click

from cli.language import render
from ledger.characters import escaped, visible
from ledger.errors import TallyError
from ledger.message import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


_FORMULA = tuple("=+-@\t\r＝＋－＠")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")


class OutputError(TallyError):
    """Standard output is closed, full or broken."""

    def __init__(self, why: str | None, *, done: bool = False) -> None:
        """Take the system's words, and whether what the command was to do is done all the same."""
        self.done = done
        words = Message("the output cannot be written: {why}", why=why)
        if done:
            words = Message(
                "the output cannot be written: {why}. What the command was to do is done: do not "
                "repeat it (exit status 3)",
                why=why,
            )
        super().__init__(words)


@contextmanager
def output_errors(*, done: bool) -> Iterator[None]:
    """Raise output that fails in the block as an error of its own.

    Args:
        done: whether what the command was to do is done all the same.

    Raises:
        OutputError: standard output cannot be written.
    """
    try:
        yield
    except OSError as error:
        raise OutputError(error.strerror, done=done) from None


def write_json(value: Any) -> None:
    """Write JSON, indented by 2, to standard output."""
    # A twentieth of the time of `json.dumps`, which took 0.2 s for the scores of 2,000 units.
    import msgspec  # noqa: PLC0415 - only the writer in use

    try:
        packed = msgspec.json.encode(value, enc_hook=_as_text)
    except UnicodeEncodeError:  # the name of a file is not UTF-8
        packed = msgspec.json.encode(_legible(value), enc_hook=_as_text)
    _echo_utf8(escaped(msgspec.json.format(packed, indent=2).decode() + "\n"))


def lines_text(values: Iterable[Any]) -> str:
    """Return JSON values, one a line."""
    import msgspec  # noqa: PLC0415 - only the writer in use

    encoder = msgspec.json.Encoder(enc_hook=_as_text)
    return escaped(encoder.encode_lines(values).decode())


def write_lines(values: Iterable[Any]) -> None:
    """Write JSON values, one a line, to standard output."""
    _echo_utf8(lines_text(values))


def _legible(value: Any) -> Any:
    r"""Return a JSON value in which a byte of a text that is not UTF-8 is written `\xNN`."""
    if isinstance(value, str):
        return value.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    if isinstance(value, dict):
        return {_legible(name): _legible(one) for name, one in value.items()}
    return list(map(_legible, value)) if isinstance(value, (list, tuple)) else value


def _echo_utf8(text: str) -> None:
    """Write a text to standard output in UTF-8, whatever the locale: programs read it."""
    if isinstance(sys.stdout, TextIOWrapper):
        # Only the name of a file has what UTF-8 lacks.
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    click.echo(text, nl=False, color=True)  # else click takes parts of values out


def _as_text(value: object) -> str:
    """Return a subclass of text, such as a translatable message, as the text that it is."""
    if isinstance(value, str):
        return str(value)
    raise TypeError(type(value))


def shown(value: Any) -> str:
    """Return a value of an entry for a person: a text as it is, anything else as JSON."""
    import json  # noqa: PLC0415 - only for tables of entries

    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def csv_text(
    header: Iterable[str], rows: Iterable[Iterable[Any]], *, spreadsheet: bool = False
) -> str:
    """Return a header and rows as CSV (RFC 4180).

    Args:
        header: the titles of the columns.
        rows: the values.
        spreadsheet: for Excel or WPS: with an apostrophe before each text that they would compute
            as a formula.
    """
    import csv  # noqa: PLC0415 - only the writer in use
    import io  # noqa: PLC0415

    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows([map(_no_formula, row) for row in rows] if spreadsheet else rows)
    return text.getvalue()


def write_csv(header: Iterable[str], rows: Iterable[Iterable[Any]]) -> None:
    """Write a header and rows as CSV (RFC 4180).

    With `TALLY_CSV=spreadsheet` it is for Excel or WPS: with a byte order mark, and with an
    apostrophe before each text that they would compute as a formula.
    """
    spreadsheet = os.environ.get("TALLY_CSV") == "spreadsheet"
    text = csv_text(header, rows, spreadsheet=spreadsheet)
    if sys.stdout.isatty():
        lines = text.split("\r\n")
        _echo_utf8("\n".join(map(visible, lines)))
    else:
        _echo_utf8(("\ufeff" if spreadsheet else "") + text)


def _no_formula(value: Any) -> Any:
    """Return a value of a cell; a text that a spreadsheet computes with an apostrophe before it."""
    text = isinstance(value, str) and value[:1] in _FORMULA and not _NUMBER.fullmatch(value)
    return f"'{value}" if text and value else value


def write(
    form: str,
    *,
    value: Callable[[], Any],
    table: Callable[[], None],
    rows: Callable[[], tuple[Iterable[str], Iterable[Iterable[Any]]]],
) -> None:
    """Write a result in one form; the functions of the other forms are not called.

    Args:
        form: `json`, `csv` or `table`.
        value: returns the JSON value.
        table: prints the table.
        rows: returns header and rows of the CSV.
    """
    if form == "json":
        write_json(value())
    elif form == "csv":
        write_csv(*rows())
    else:
        table()


def remark(text: str, /, **values: object) -> None:
    """Write a message to standard error, without passwords, identifiers and control characters.

    Args:
        text: the message, or a template for the values.
        values: by their names in the template.
    """
    _say(_masked(Message(text, **values) if values else text))


def remark_lines(text: str) -> None:
    """Write each line of a message as `remark` does."""
    for line in _masked(text).splitlines():
        _say(line)


def _masked(message: str) -> str:
    """Return a message as text, without passwords and identifiers."""
    from ledger.identifiers import redact  # noqa: PLC0415
    from ledger.stores.masking import mask_quoted  # noqa: PLC0415

    # Before it is text: a password in a sentence may end anywhere.
    return redact(render(mask_quoted(message)))


def _say(text: str) -> None:
    from cli.output.lines import print_line  # noqa: PLC0415 - only where something is said

    with suppress(OSError):  # there is nowhere else to say it
        print_line(f"tally: {visible(text)}", err=True)
