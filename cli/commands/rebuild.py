"""`rebuild`: drop the view kept of a ledger and make it again."""

from __future__ import annotations

import click

from cli.commands.receipts import print_result
from cli.options import format_option, ledger_option
from ledger.message import Message


@click.command(epilog="\b\nExample:\n  tally rebuild")
@ledger_option
@format_option
def rebuild(url: str, form: str) -> None:
    """Drop the view kept of a ledger and make it again from the ledger's events.

    Nothing is lost: a view is derived from the events alone. A ledger of several years answers
    faster with it; `tally check` compares it with a full replay.
    """
    from cli.session import session  # noqa: PLC0415 - not for --help
    from ledger.errors import StoreError  # noqa: PLC0415
    from ledger.view.recorder import ViewRecorder  # noqa: PLC0415
    from ledger.view.view import open_view, view_path  # noqa: PLC0415
    from projections.query import ScoreQuery  # noqa: PLC0415

    path = view_path(url)
    with session(url) as opened:
        try:
            ViewRecorder.remove(path)
        except OSError as error:
            raise StoreError(
                Message("{path} cannot be removed: {why}", path=path, why=error.strerror)
            ) from None
        view = open_view(url, opened.ledger.store)
        if view is None:
            raise StoreError(
                Message(
                    "{path} cannot be written; check the permissions of its folder. Until then the "
                    "ledger is read without a view.",
                    path=path,
                )
            )
        view.close()
        _, scores = opened.read(ScoreQuery(year=None, through=None, as_of=None))
    year = scores.town.year
    print_result(
        form,
        {"view": str(path), "position": view.position, "year": year},
        Message(
            "{path} shows the ledger up to position {position} and the scores of {year}",
            path=path,
            position=view.position,
            year=year,
        ),
    )
