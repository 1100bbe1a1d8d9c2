"""`rebuild`: drops the view of a ledger and makes it again."""

from __future__ import annotations

import click

from cli.language import tell
from cli.options import format_option, ledger_option
from ledger.saying import Said


@click.command(epilog="\b\nExample:\n  tally rebuild")
@ledger_option
@format_option
def rebuild(url: str, form: str, *, as_json: bool) -> None:
    """Drop the view kept of a ledger and make it again from the ledger's events.

    Nothing is lost: a view holds only what is made of the events. A ledger of some years uses it
    to answer sooner; `tally check` compares it with a full replay.
    """
    from cli.output import write  # noqa: PLC0415 - not for --help
    from cli.session import session  # noqa: PLC0415
    from ledger.errors import StoreError  # noqa: PLC0415
    from ledger.view.recorder import ViewRecorder  # noqa: PLC0415
    from ledger.view.view import open_view, view_path  # noqa: PLC0415

    path = view_path(url)
    with session(url) as opened:
        try:
            ViewRecorder.remove(path)
        except OSError as error:
            raise StoreError(
                Said("{path} cannot be removed: {why}", path=path, why=error.strerror)
            ) from None
        view = open_view(url, opened.ledger.store)
        if view is None:
            raise StoreError(
                Said(
                    "{path} cannot be written; check the rights of its folder. The ledger is "
                    "read without a view meanwhile.",
                    path=path,
                )
            )
        view.close()
        _, scores = opened.read(None, None, None, provisional=False)
    found = {"view": str(path), "position": view.position, "year": scores.town.year}
    write(
        form,
        as_json=as_json,
        value=lambda: found,
        table=lambda: click.echo(
            tell(
                "{path} shows the ledger up to position {position} and the scores of {year}",
                path=path,
                position=view.position,
                year=scores.town.year,
            )
        ),
        rows=lambda: (list(found), [list(found.values())]),
    )
