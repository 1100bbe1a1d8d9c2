"""The options that commands about a region share."""

from __future__ import annotations

from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from cli import completing
from cli.options import OptionError
from cli.parameters import MalformedError, Parsed
from cli.parameters.times import MOMENT, YEAR
from ledger.message import Alternatives, Message, message_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from cli.options import Decorated
    from projections.region.engines.engine import Engine


def _engine(text: str) -> Callable[[], Engine]:
    """Return what makes the engine of a text.

    Raises:
        MalformedError: it names none.
    """
    if text in _MADE:
        return _MADE[text]
    from projections.region.engines.cluster import ClusterError, address_of  # noqa: PLC0415

    if "://" not in text:
        words = Message(
            "{text!r} is neither here nor local nor a scheduler's address, as tls://HOST:8786",
            text=text,
        )
        raise MalformedError(words)
    try:
        address_of(text)
    except ClusterError as error:
        raise MalformedError(message_of(error)) from None
    return lambda: _scheduler(text)


def _here() -> Engine:
    from projections.region.engines.here import Here  # noqa: PLC0415 - not for --help

    return Here()


def _local() -> Engine:
    from projections.region.engines.local import Local  # noqa: PLC0415 - not for --help

    return Local()


def _scheduler(address: str) -> Engine:
    from projections.region.engines.scheduler import Scheduler  # noqa: PLC0415 - not for --help

    return Scheduler(address)


_MADE: dict[str, Callable[[], Engine]] = {"here": _here, "local": _local}

_BY = ("2", "4", "6", "9")


def _digits(text: str) -> int:
    if text not in _BY:
        raise MalformedError(
            Message("{text!r} is not one of {known}", text=text, known=Alternatives(_BY))
        )
    return int(text)


_ENGINE = Parsed(_engine, lambda _, given: completing.beginning(given, ((n, None) for n in _MADE)))
"""Parse the text of an engine into its factory, called late: --help imports no engine."""

engine_option = click.option(
    "--on",
    "make_engine",
    type=_ENGINE,
    default="here",
    show_default=True,
    metavar="here|local|tls://HOST:PORT",
    help="Where to fold: in this process, in processes of this machine, or on a scheduler.",
)
"""`--on here|local|tls://…`, passed as `make_engine`, which returns the engine."""

region_option = click.option(
    "--region",
    "file",
    required=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The region: region.toml, which names the list of towns (docs/province.md).",
)
"""`--region FILE`, passed as `file`."""


def _by(words: str, **more: Any) -> Callable[[Decorated], Decorated]:
    digits = Parsed(_digits, lambda _, given: completing.beginning(given, ((n, None) for n in _BY)))
    return click.option("--by", "digits", type=digits, metavar="2|4|6|9", help=words, **more)


by_option = _by(
    "Divisions, by so many digits of the code: province, city, county, township.",
    default="6",
    show_default=True,
)
"""`--by 2|4|6|9`, passed as `digits`, a number."""


class RegionOptions(NamedTuple):
    """Hold the options of the pages of a region."""

    file: Path
    year: int | None
    digits: int | None
    """Of the divisions on the first page; None for those that divide the region."""
    make_engine: Callable[[], Engine]


def region_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Declare `--region`, `--year`, `--by` and `--on`; pass them as `asked`, or None without."""

    @click.option(
        "--region",
        "file",
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="Show a region: region.toml, which names the list of towns (docs/province.md).",
    )
    @click.option(
        "--year",
        type=YEAR,
        metavar="Y",
        help="Of a region: the assessment year (default: each ledger's latest).",
    )
    @_by("Of a region: the divisions of the first page (default: the largest).")
    @engine_option
    @click.pass_context
    @wraps(command)
    def with_region(
        ctx: click.Context,
        /,
        file: Path | None,
        year: int | None,
        digits: int | None,
        make_engine: Callable[[], Engine],
        **given: Any,
    ) -> Any:
        options = {"--year": "year", "--by": "digits", "--on": "make_engine"}
        if file is None:
            for option, name in options.items():
                if _is_given(ctx, name):
                    raise OptionError(option, Message("is for a region; name it by --region FILE"))
            return command(asked=None, **given)
        if _is_given(ctx, "url"):
            raise OptionError("--ledger", Message("a region names its own ledgers; leave it out"))
        return command(asked=RegionOptions(file, year, digits, make_engine), **given)

    return with_region


def _is_given(ctx: click.Context, name: str) -> bool:
    """Return whether an option is on the command line."""
    return ctx.get_parameter_source(name) is click.ParameterSource.COMMANDLINE


rows_option = _by("A row of the table or CSV for each division, by so many digits of the code.")
"""The same, None by default."""


def _time_or_edition(text: str) -> datetime | int:
    try:
        return MOMENT.parse(text)
    except MalformedError:
        raise MalformedError(
            Message(
                "{text!r} is neither a time nor the number of an edition of the region; write "
                "2016-07-01T09:00+08:00 or 3",
                text=text,
            )
        ) from None


TIME_OR_EDITION = Parsed(_time_or_edition)
"""A recorded time or day, or the number of one of the region's editions."""
