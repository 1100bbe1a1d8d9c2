"""The options that commands about a region share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli import completing
from cli.parameters import MalformedError, Parsed
from cli.parameters.times import MOMENT
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
"""What makes an engine: called when the command runs, so that --help imports nothing."""

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

rows_option = _by(
    "A row of the table for each division, by so many digits of the code, instead of each town."
)
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
