"""The options that commands about a region share."""

from __future__ import annotations

import ipaddress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from cli import completing
from cli.parameters import MalformedError, Parsed
from ledger.errors import TallyError
from ledger.message import Alternatives, Message

if TYPE_CHECKING:
    from collections.abc import Callable

    from projections.region.engines.engine import Engine


class MissingEngineError(TallyError):
    """The libraries of an engine are not installed."""

    def __init__(self, error: ImportError) -> None:
        super().__init__(
            Message(
                "a scheduler needs libraries that are not installed ({error}); run `pip install "
                "'.[region]'` in tally's source folder, or fold with --on local",
                error=error,
            )
        )


def _engine(text: str) -> Callable[[], Engine]:
    """Return what makes the engine of a text.

    Raises:
        MalformedError: it names none.
    """
    if text in _MADE:
        return _MADE[text]
    try:
        address = urlsplit(text)
        complete = bool(address.hostname and address.port)
    except ValueError:
        complete = False
    if not complete or address.scheme not in {"tls", "tcp"}:
        raise MalformedError(
            Message(
                "{text!r} is neither here nor local nor the address of a scheduler, as "
                "tls://scheduler:8786",
                text=text,
            )
        )
    if address.scheme == "tcp" and not _is_loopback(address.hostname or ""):
        raise MalformedError(
            Message(
                "{text!r} is not encrypted: whoever reaches a scheduler can run anything on its "
                "workers; use tls:// (docs/province.md), or tcp://127.0.0.1 on this machine",
                text=text,
            )
        )
    return lambda: _scheduler(text)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _here() -> Engine:
    from projections.region.engines.here import Here  # noqa: PLC0415 - not for --help

    return Here()


def _local() -> Engine:
    from projections.region.engines.local import Local  # noqa: PLC0415 - not for --help

    return Local()


def _scheduler(address: str) -> Engine:
    """Return the engine of a scheduler.

    Raises:
        MissingEngineError: its libraries are not installed.
    """
    try:
        module = import_module("projections.region.engines.scheduler")
    except ImportError as error:
        raise MissingEngineError(error) from None
    made: Engine = module.Scheduler(address)
    return made


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

by_option = click.option(
    "--by",
    "digits",
    type=Parsed(_digits, lambda _, given: completing.beginning(given, ((n, None) for n in _BY))),
    default="6",
    show_default=True,
    metavar="2|4|6|9",
    help="Divisions, by so many digits of the code: province, city, county, township.",
)
"""`--by 2|4|6|9`, passed as `digits`, a number."""
