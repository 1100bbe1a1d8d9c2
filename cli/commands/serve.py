"""`serve` and `site`: pages to look at, from this machine or from a folder."""

from __future__ import annotations

import gc
import ipaddress
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.language import default_language
from cli.options import (
    OptionError,
    as_of_option,
    ledger_option,
    provisional_option,
    through_option,
)
from ledger.errors import StoreError
from ledger.saying import Said, Series
from ledger.watching import watched, watching

if TYPE_CHECKING:
    import socket

    from cli.pages.site import Site

_LANGUAGE = click.Choice(["en", "zh"])
_LANGUAGE_HELP = "Language of the pages (default: TALLY_LANG, else the locale)."


class _MissingPagesError(StoreError):
    """What makes pages is not installed."""

    def __init__(self, error: ImportError) -> None:
        super().__init__(
            Said(
                "the pages need more libraries ({error}); install them with `pip install "
                "'tally[pages]'`.",
                error=error,
            )
        )


def _loopback(host: str) -> str:
    """The host, if it is this machine and reached from this machine alone."""
    try:
        local = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        local = False
    if not local:
        what = Said(
            "{host} is reached from elsewhere; pages are for this machine: 127.0.0.1 or ::1",
            host=host,
        )
        raise OptionError("--host", what)
    return host


def _listening(host: str, port: int) -> socket.socket:
    """A socket of that address."""
    import socket as sockets  # noqa: PLC0415 - not for --help

    family = sockets.AF_INET6 if ":" in host else sockets.AF_INET
    opened = sockets.socket(family, sockets.SOCK_STREAM)
    opened.setsockopt(sockets.SOL_SOCKET, sockets.SO_REUSEADDR, 1)
    try:
        opened.bind((host, port))
        opened.listen()
    except OSError as error:
        opened.close()
        raise OptionError(
            "--port", Said("{port}: {why}; choose another", port=port, why=error.strerror)
        ) from None
    return opened


@click.command(epilog="\b\nExample:\n  tally serve --port 8000")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="0: any that is free.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="An address of loopback.")
@click.option("--lang", type=_LANGUAGE, help=_LANGUAGE_HELP)
@ledger_option
def serve(port: int, host: str, lang: str | None, url: str) -> None:
    """Show the ledger as pages to a browser on this machine, read only, until Ctrl-C."""
    gc.enable()  # what short commands go without, a server needs
    _loopback(host)
    try:
        import uvicorn  # noqa: PLC0415 - not for --help

        from cli.pages.app import LOOPBACK, application  # noqa: PLC0415
    except ImportError as error:
        raise _MissingPagesError(error) from None
    from cli.output import remark  # noqa: PLC0415
    from cli.progress import waiting  # noqa: PLC0415
    from cli.session import session  # noqa: PLC0415

    with session(url) as opened, _listening(host, port) as listening:
        hosts = LOOPBACK | {host}
        with waiting(Said("reading the ledger")):
            pages = application(opened, hosts=hosts, language=lang)
        settings = uvicorn.Config(
            pages,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            lifespan="off",
            ws="none",
        )
        name = f"[{host}]" if ":" in host else host
        remark(
            "http://{name}:{port}/ shows {url}; Ctrl-C ends it",
            name=name,
            port=listening.getsockname()[1],
            url=url,
        )
        # Nobody at the terminal waits for a page.
        with suppress(KeyboardInterrupt), watching(None):
            uvicorn.Server(settings).run(sockets=[listening])


@click.command(
    epilog="\b\nExample:\n  tally site pages\n"
    "  tally site pages-2016 --year 2016 --as-of 2016-12-31 --lang zh"
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--year",
    "years",
    type=int,
    multiple=True,
    metavar="Y",
    help="Assessment year (default: the latest recorded); may be given again.",
)
@click.option("--lang", type=_LANGUAGE, help=_LANGUAGE_HELP)
@through_option
@as_of_option
@provisional_option
@ledger_option
def site(
    folder: Path,
    years: tuple[int, ...],
    lang: str | None,
    through: str | None,
    as_of: str | None,
    url: str,
    *,
    provisional: bool,
) -> None:
    """Write the same pages as files into a new folder DIR; open DIR/index.html."""
    try:
        from cli.pages.site import Site  # noqa: PLC0415 - not for --help
    except ImportError as error:
        raise _MissingPagesError(error) from None
    from cli.output import remark  # noqa: PLC0415
    from cli.pages.asking import Asked  # noqa: PLC0415
    from cli.progress import waiting  # noqa: PLC0415
    from cli.session import session  # noqa: PLC0415

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise OptionError(
            "DIR", Said("{folder} holds something already; name a new folder", folder=folder)
        )
    with session(url) as opened:
        asked = Asked(lang or default_language(), None, as_of, through, provisional)
        with waiting(Said("scoring")):
            made = Site(opened, asked, years)
        written, size = _write(folder, made)
    view = made.views[-1]
    remark(
        "{folder} written with {written} files ({size:.1f} MB): {views} through "
        "{through}, as of position {position}",
        folder=folder / "index.html",
        written=written,
        size=size / 1e6,
        views=Series(str(one.year) for one in made.views),
        through=view.scores.town.through,
        position=view.register.position,
    )


def _write(folder: Path, made: Site) -> tuple[int, int]:
    """Writes the files beside the folder, and puts them in its place when all are there."""
    parent = folder.absolute().parent
    try:
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=parent) as beside:
            written, size, whole = 0, 0, Path(beside) / "site"
            for file in watched(made.files(), Said("pages"), made.count):
                target = whole / file.path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(file.content)
                written, size = written + 1, size + len(file.content)
            if folder.exists():
                folder.rmdir()
            whole.rename(folder)
    except OSError as error:
        raise StoreError(
            Said("{folder}: {why}; nothing was written.", folder=folder, why=error.strerror)
        ) from None
    return written, size
