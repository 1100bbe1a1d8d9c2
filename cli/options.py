"""Options that commands share, and what they mean."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cli.language import tell
from ledger.bounds import FIRST_YEAR, LAST_YEAR
from ledger.errors import TallyError
from ledger.saying import Said
from ledger.stores import DEFAULT_URL
from ledger.vocabulary import OFFICE_TIME

if TYPE_CHECKING:
    from collections.abc import Callable

Decorated = TypeVar("Decorated", bound="Callable[..., Any]")

_FORMATS = ["table", "json", "csv"]


def _ledger_url(ctx: click.Context, _: click.Parameter, value: str | None) -> str:
    group: str | None = ctx.find_root().obj
    return value or group or _environment() or DEFAULT_URL


def _environment() -> str | None:
    import os  # noqa: PLC0415

    return os.environ.get("TALLY_LEDGER")


def ledger_option(command: Decorated) -> Decorated:
    """`--ledger URL`, else the group's, else TALLY_LEDGER, else the default."""
    return click.option(
        "--ledger",
        "url",
        metavar="URL",
        callback=_ledger_url,
        help=f"The ledger (TALLY_LEDGER; else {DEFAULT_URL}).",
    )(command)


def format_option(command: Decorated) -> Decorated:
    """`--format table|json|csv`, `--json` for short."""
    command = click.option("--json", "as_json", is_flag=True, help="The same as --format json.")(
        command
    )
    return click.option(
        "--format", "form", type=click.Choice(_FORMATS), default="table", show_default=True
    )(command)


def workbook_option(command: Decorated) -> Decorated:
    """`--format` as above with `xlsx` beside, which goes to the file that `-o` names."""
    command = click.option(
        "-o",
        "--output",
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="The file that --format xlsx writes.",
    )(command)
    command = click.option("--json", "as_json", is_flag=True, help="The same as --format json.")(
        command
    )
    return click.option(
        "--format",
        "form",
        type=click.Choice([*_FORMATS, "xlsx"]),
        default="table",
        show_default=True,
    )(command)


def check_output(form: str, output: Path | None, *, as_json: bool) -> Path | None:
    """The file of a workbook; None for the other forms, which go to standard output."""
    wanted = form == "xlsx" and not as_json
    if wanted and output is None:
        raise click.UsageError(tell("--format xlsx needs the file to write: -o FILE.xlsx"))
    if output is not None and not wanted:
        raise click.UsageError(tell("-o goes with --format xlsx; redirect the other forms"))
    if output is not None and output.suffix.lower() != ".xlsx":
        # Excel refuses a workbook under another ending.
        raise OptionError("-o", Said("{output} must end in .xlsx", output=output))
    return output


def as_of_option(command: Decorated) -> Decorated:
    """`--as-of POSITION|TIME`: the ledger as it was known."""
    return click.option(
        "--as-of",
        metavar="POSITION|TIME",
        help="As known then: a position, or a recorded time or day.",
    )(command)


def through_option(command: Decorated) -> Decorated:
    """`--through DATE`: what had happened by the close of a day."""
    return click.option(
        "--through",
        metavar="DATE",
        help="What had happened by the close of this day (default: the year's last, or today).",
    )(command)


def quarter_through_option(command: Decorated) -> Decorated:
    """`--through DATE`, for commands that show one quarter."""
    return click.option(
        "--through",
        metavar="DATE",
        help="What had happened by the close of this day (default: the quarter's last, or today).",
    )(command)


def year_option(command: Decorated) -> Decorated:
    """`--year Y`: the assessment year."""
    return click.option(
        "--year", type=int, metavar="Y", help="Assessment year (default: the latest recorded)."
    )(command)


def provisional_option(command: Decorated) -> Decorated:
    """`--provisional`: unverified entries count too."""
    return click.option("--provisional", is_flag=True, help="Count unverified entries too.")(
        command
    )


def cache_option(command: Decorated) -> Decorated:
    """`--no-cache`: nothing but the ledger's own events."""
    return click.option(
        "--no-cache", is_flag=True, help="Read the ledger's events alone, not the view kept of it."
    )(command)


class OptionError(TallyError):
    """An option's value that means nothing."""

    def __init__(self, option: str, what: str) -> None:
        super().__init__(Said("{option}: {what}", option=option, what=what))


def known_year(option: str, year: int) -> int:
    """An assessment year, if the calendar of the ledger has it."""
    if not FIRST_YEAR < year <= LAST_YEAR:
        raise OptionError(
            option,
            Said(
                "{year} is no year from {first} to {last}",
                year=year,
                first=FIRST_YEAR + 1,
                last=LAST_YEAR,
            ),
        )
    return year


def day(option: str, text: str | None) -> date | None:
    """The day that an option names."""
    if text is None:
        return None
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise OptionError(
            option, Said("{text!r} is no day; write YYYY-MM-DD, as 2016-06-30", text=text)
        ) from None


def moment(option: str, text: str | None) -> int | datetime | None:
    """The position or the recorded time that an option names.

    A time without an offset is of UTC+08:00; a day alone is its close.
    """
    if text is None:
        return None
    if text.isascii() and text.isdigit():
        return int(text)
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
            close = datetime.fromisoformat(text) + timedelta(days=1, microseconds=-1)
            return close.replace(tzinfo=OFFICE_TIME)
        found = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        raise OptionError(
            option,
            Said(
                "{text!r} is no position and no time; write 128 or 2016-07-01T09:00+08:00",
                text=text,
            ),
        ) from None
    return found if found.tzinfo is not None else found.replace(tzinfo=OFFICE_TIME)
