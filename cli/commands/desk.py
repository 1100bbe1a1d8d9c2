"""`desk`: where the office works, signed in by name."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Any

import click

from cli.commands.serve import MissingPagesError, port_option
from cli.options import language_option, ledger_option
from ledger.message import Message

_MOST_CONNECTIONS = 256
"""Connections at a time: of an office of 20 people with several pages each."""

_FILE = click.Path(path_type=Path)


@click.command(
    epilog="\b\nExample:\n  tally desk --open\n"
    "  tally desk --host 0.0.0.0 --port 8443 --cert desk.pem --key desk.key\n"
    "  tally desk --behind https://office.example/tally"
)
@port_option
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Address to listen on; other machines reach any but a loopback address.",
)
@click.option("--cert", type=_FILE, help="Certificate (PEM) that names the host.")
@click.option("--key", type=_FILE, help="Its private key (PEM).")
@click.option(
    "--behind", metavar="URL", help="The desk's address at a proxy with a certificate: https://…"
)
@click.option("--open", "open_", is_flag=True, help="Open it in this machine's browser.")
@language_option
@ledger_option
def desk(
    port: int,
    host: str,
    cert: Path | None,
    key: Path | None,
    behind: str | None,
    lang: str | None,
    url: str,
    *,
    open_: bool,
) -> None:
    """Serve the desk, where accounts sign in and work, until Ctrl-C.

    Everything that `tally serve` shows, and with it: what is due, who has reported, recording,
    verifying (核定), corrections, imports, bulletins, objections and accounts. A ledger without
    accounts begins with a page that opens the first one.
    """
    gc.enable()  # `cli.main` disables it for commands, which end soon
    try:
        from cli.desk.app import application  # noqa: PLC0415 - not for --help
        from cli.desk.place import place_of  # noqa: PLC0415
        from cli.desk.sessions import new_token  # noqa: PLC0415
        from cli.pages.serving import address, listening, serve  # noqa: PLC0415
    except ImportError as error:
        raise MissingPagesError(error) from None
    from cli.output import remark  # noqa: PLC0415
    from cli.progress import waiting  # noqa: PLC0415
    from cli.session import session  # noqa: PLC0415
    from ledger.stores.masking import mask_password  # noqa: PLC0415

    place = place_of(host, cert, key, behind)
    with session(url) as opened, listening(host, port) as listens:
        with waiting(Message("reading the ledger")):
            setup = None if opened.ledger.signing.accounts() else new_token()
            app = application(opened, place, language=lang, setup=setup)
        here = behind or address("http" if cert is None else "https", host, listens)
        start = (
            f"{here.rstrip('/')}/" if setup is None else f"{here.rstrip('/')}/setup?token={setup}"
        )
        remark(
            "{address} is the desk of {url}; Ctrl-C ends it",
            address=start,
            url=mask_password(url),
        )
        if open_:
            import webbrowser  # noqa: PLC0415 - seldom

            webbrowser.open(start)
        settings: dict[str, Any] = (
            {} if cert is None else {"ssl_certfile": cert, "ssl_keyfile": key}
        )
        serve(app, listens, limit_concurrency=_MOST_CONNECTIONS, **settings)
