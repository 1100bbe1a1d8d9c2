"""`region scheduler` and `region worker`: a cluster on which towns are folded."""

from __future__ import annotations

import gc

import click

from ledger.message import Message

_AWAY = Message("{url} does not answer; the worker waits for it")
_UNTRUSTED = Message(
    "{url} and this worker do not accept each other's certificates: give both certificates of the "
    "same authority (TALLY_TLS); the worker waits for it"
)


@click.command(epilog="\b\nExample:\n  tally region scheduler --host 10.0.0.5")
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Address to listen on; other machines reach any but a loopback address.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8786,
    show_default=True,
    help="Port; 0 for any that is free.",
)
def scheduler(host: str, port: int) -> None:
    """Give chunks of towns to workers, until Ctrl-C.

    A scheduler runs whatever it is sent. On any but a loopback address it requires certificates
    of both sides: TALLY_TLS names the folder that has ca.crt, tls.crt and tls.key
    (docs/province.md).
    """
    from cli.output import remark  # noqa: PLC0415 - not for --help
    from projections.region.engines.serving import serve_scheduler  # noqa: PLC0415

    gc.enable()  # `cli.main` disables it for commands, which end soon
    serve_scheduler(
        host,
        port,
        lambda url: remark("{url} is the scheduler; Ctrl-C ends it", url=url),
        lambda host: remark(
            "{host} was refused: its certificates and these are not of the same authority",
            host=host,
        ),
    )


@click.command(epilog="\b\nExample:\n  tally region worker tls://10.0.0.5:8786 --processes 8")
@click.argument("url", metavar="SCHEDULER")
@click.option(
    "--processes",
    type=click.IntRange(1, 1024),
    default=1,
    show_default=True,
    help="Workers; one for each core.",
)
def worker(url: str, processes: int) -> None:
    """Fold the chunks of a scheduler on this computer, until Ctrl-C.

    The ledgers are opened from here: their passwords are in this computer's own ~/.pgpass or
    environment, and paths of files are as they are here. A worker that dies is started anew;
    while the scheduler is away, the workers wait for it.
    """
    from cli.output import remark  # noqa: PLC0415 - not for --help
    from projections.region.engines.serving import serve_workers  # noqa: PLC0415

    gc.enable()  # `cli.main` disables it for commands, which end soon
    serve_workers(
        url,
        processes,
        lambda own: remark("{own} folds for {url}; Ctrl-C ends it", own=own, url=url),
        lambda is_untrusted: remark(_UNTRUSTED if is_untrusted else _AWAY, url=url),
    )
