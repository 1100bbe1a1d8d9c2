"""`serve` and `site`: show the ledger as pages, by a server or as files."""

from __future__ import annotations

import gc
import tempfile
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.commands.region.options import region_options
from cli.language import default_language
from cli.options import OptionError, language_option, ledger_option, query_options
from cli.parameters.times import YEAR
from ledger.errors import StoreError
from ledger.message import Message, Series
from ledger.progress import with_progress

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cli.commands.region.options import RegionOptions
    from cli.options import ScoreOptions
    from cli.pages.security import SecurityMiddleware
    from cli.pages.site import Site

    _Shown = tuple[str, Callable[..., SecurityMiddleware]]
    """The name of what is served, and the factory of its application."""


class MissingPagesError(StoreError):
    """The libraries that make pages are not installed."""

    def __init__(self, error: ImportError) -> None:
        super().__init__(
            Message(
                "the pages need more libraries ({error}); run `pip install '.[pages]'` in "
                "tally's source folder",
                error=error,
            )
        )


port_option = click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="Port; 0 for any that is free.",
)
"""`--port N`."""


@click.command(
    epilog="\b\nExample:\n  tally serve --port 8000\n"
    "  tally serve --region region.toml --year 2016 --on local"
)
@port_option
@click.option("--host", default="127.0.0.1", show_default=True, help="A loopback address.")
@language_option
@region_options
@ledger_option
def serve(port: int, host: str, lang: str | None, asked: RegionOptions | None, url: str) -> None:
    """Show the ledger as pages to a browser on this machine, read only, until Ctrl-C.

    With --region, show the scores of all its towns by division, and every town's own pages.
    """
    gc.enable()  # `cli.main` disables it for commands, which end soon
    try:
        from cli.pages.app import LOOPBACK  # noqa: PLC0415 - not for --help
        from cli.pages.serving import address, listening  # noqa: PLC0415
        from cli.pages.serving import serve as serve_on  # noqa: PLC0415
    except ImportError as error:
        raise MissingPagesError(error) from None
    from cli.output import remark  # noqa: PLC0415
    from ledger.loopback import is_loopback  # noqa: PLC0415

    if not is_loopback(host):
        words = Message("{host} is not a loopback address; write 127.0.0.1 or ::1", host=host)
        raise OptionError("--host", words)
    made = _ledger_pages(url) if asked is None else _region_pages(asked)
    with made as (shown, application), listening(host, port) as listens:
        pages = application(hosts=LOOPBACK | {host}, language=lang)
        remark(
            "{address}/ shows {url}; Ctrl-C ends it",
            address=address("http", host, listens),
            url=shown,
        )
        serve_on(pages, listens)


@contextmanager
def _ledger_pages(url: str) -> Iterator[_Shown]:
    """Give the pages of a ledger, which is open meanwhile."""
    from cli.pages.app import application  # noqa: PLC0415 - not for --help
    from cli.progress import waiting  # noqa: PLC0415
    from cli.session import session  # noqa: PLC0415
    from ledger.stores.masking import mask_password  # noqa: PLC0415

    with session(url) as opened:

        def made(**given: Any) -> SecurityMiddleware:
            with waiting(Message("reading the ledger")):
                return application(opened, **given)

        yield mask_password(url), made


@contextmanager
def _region_pages(asked: RegionOptions) -> Iterator[_Shown]:
    """Give the pages of a region, whose towns' ledgers are opened on demand.

    Raises:
        RegionError: the file or its list of towns has faults.
    """
    from cli.commands.region.asking import opened_region  # noqa: PLC0415 - not for --help
    from cli.pages.region.answers import AskedTowns  # noqa: PLC0415
    from cli.pages.region.app import region_application  # noqa: PLC0415
    from cli.pages.region.open_towns import OpenTowns  # noqa: PLC0415

    region = opened_region(asked.file)
    with closing(asked.make_engine()):
        pass  # a scheduler's address or certificates that are no use are told before serving
    with OpenTowns(region) as towns:
        yield (
            region.name,
            partial(
                region_application,
                AskedTowns(region, asked.make_engine),
                towns,
                year=asked.year,
                digits=asked.digits,
            ),
        )


@click.command(
    epilog="\b\nExample:\n  tally site pages\n"
    "  tally site pages-2016 --year 2016 --as-of 2016-12-31 --lang zh"
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--year",
    "years",
    type=YEAR,
    multiple=True,
    metavar="Y",
    help="Assessment year (default: the latest recorded); may be repeated.",
)
@language_option
@query_options("through", "as_of", "provisional")
@ledger_option
def site(
    folder: Path, years: tuple[int, ...], lang: str | None, query: ScoreOptions, url: str
) -> None:
    """Write the same pages as files into a new folder DIR; open DIR/index.html."""
    try:
        from cli.pages.site import Site  # noqa: PLC0415 - not for --help
    except ImportError as error:
        raise MissingPagesError(error) from None
    from cli.output import remark  # noqa: PLC0415
    from cli.pages.query import PageQuery  # noqa: PLC0415
    from cli.progress import waiting  # noqa: PLC0415
    from cli.session import session  # noqa: PLC0415

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise OptionError("DIR", Message("{folder} is not empty; name a new folder", folder=folder))
    with session(url) as opened:
        page_query = PageQuery(lang or default_language(), query)
        with waiting(Message("scoring")):
            made = Site(opened, page_query, years)
        written, size = _write(folder, made)
    data = made.years[-1]
    remark(
        "{folder} written with {written} files ({size:.1f} MB): {views} through "
        "{through}, as of position {position}",
        folder=folder / "index.html",
        written=written,
        size=size / 1e6,
        views=Series(str(one.year) for one in made.years),
        through=data.scores.town.through,
        position=data.state.position,
    )


def _write(folder: Path, made: Site) -> tuple[int, int]:
    """Write the files to a temporary folder, then rename it into place."""
    parent = folder.absolute().parent
    try:
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=parent) as beside:
            written, size, whole = 0, 0, Path(beside) / "site"
            for file in with_progress(made.files(), Message("pages"), made.count):
                target = whole / file.path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(file.content)
                written, size = written + 1, size + len(file.content)
            if folder.exists():
                folder.rmdir()
            whole.rename(folder)
    except OSError as error:
        raise StoreError(
            Message("{folder}: {why}; nothing was written.", folder=folder, why=error.strerror)
        ) from None
    return written, size
