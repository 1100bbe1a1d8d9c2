"""`serve` and `site`: show the ledger as pages, by a server or as files."""

from __future__ import annotations

import gc
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.language import default_language
from cli.options import OptionError, language_option, ledger_option, query_options
from cli.parameters.times import YEAR
from ledger.errors import StoreError
from ledger.message import Message, Series
from ledger.progress import with_progress

if TYPE_CHECKING:
    from cli.options import ScoreOptions
    from cli.pages.site import Site


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


@click.command(epilog="\b\nExample:\n  tally serve --port 8000")
@port_option
@click.option("--host", default="127.0.0.1", show_default=True, help="A loopback address.")
@language_option
@ledger_option
def serve(port: int, host: str, lang: str | None, url: str) -> None:
    """Show the ledger as pages to a browser on this machine, read only, until Ctrl-C."""
    gc.enable()  # `cli.main` disables it for commands, which end soon
    try:
        from cli.pages.app import LOOPBACK, application  # noqa: PLC0415 - not for --help
        from cli.pages.serving import address, listening  # noqa: PLC0415
        from cli.pages.serving import serve as serve_on  # noqa: PLC0415
    except ImportError as error:
        raise MissingPagesError(error) from None
    from cli.output import remark  # noqa: PLC0415
    from cli.progress import waiting  # noqa: PLC0415
    from cli.session import session  # noqa: PLC0415
    from ledger.loopback import is_loopback  # noqa: PLC0415
    from ledger.stores.masking import mask_password  # noqa: PLC0415

    if not is_loopback(host):
        words = Message("{host} is not a loopback address; write 127.0.0.1 or ::1", host=host)
        raise OptionError("--host", words)
    with session(url) as opened, listening(host, port) as listens:
        hosts = LOOPBACK | {host}
        with waiting(Message("reading the ledger")):
            pages = application(opened, hosts=hosts, language=lang)
        remark(
            "{address}/ shows {url}; Ctrl-C ends it",
            address=address("http", host, listens),
            url=mask_password(url),
        )
        serve_on(pages, listens)


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
