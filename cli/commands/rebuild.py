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
    """Delete the read model of a ledger and make it again from the ledger's events.

    Nothing is lost: it is derived from the events alone. A ledger of several years answers
    faster with it; `tally check` compares it with a full replay.
    """
    from cli.session import session  # noqa: PLC0415 - not for --help
    from ledger.errors import StoreError  # noqa: PLC0415
    from ledger.read_model.database import ReadModelDatabase  # noqa: PLC0415
    from ledger.read_model.read_model import open_read_model  # noqa: PLC0415
    from ledger.read_model.sealing import read_model_path  # noqa: PLC0415
    from projections.query import ScoreQuery  # noqa: PLC0415

    path = read_model_path(url)
    with session(url) as opened:
        try:
            ReadModelDatabase.remove(path)
        except OSError as error:
            raise StoreError(
                Message("{path} cannot be removed: {why}", path=path, why=error.strerror)
            ) from None
        model = open_read_model(url, opened.ledger.store)
        if model is None:
            raise StoreError(
                Message(
                    "{path} cannot be written; check the permissions of its folder. Until then the "
                    "ledger is read without a read model.",
                    path=path,
                )
            )
        model.close()
        scores = opened.loader.scores(ScoreQuery()).scores
    year = scores.town.year
    print_result(
        form,
        {"view": str(path), "position": model.position, "year": year},
        Message(
            "{path} shows the ledger up to position {position} and the scores of {year}",
            path=path,
            position=model.position,
            year=year,
        ),
    )
