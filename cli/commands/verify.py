"""`verify`: 核定, by another name than the one that recorded the entry."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from cli.commands.receipts import print_receipt, refusals
from cli.language import render
from cli.options import (
    by_option,
    dry_run_option,
    format_option,
    import_option,
    ledger_option,
)
from cli.output import remark
from cli.parameters.values import ENTRY

if TYPE_CHECKING:
    from cli.session import Session
    from ledger.receipts import Receipt


@click.command(
    epilog="\b\nExample:\n  tally verify B-2016-900 --by head\n  tally verify --all --by head"
)
@click.argument("ids", nargs=-1, type=ENTRY)
@click.option("--all", "all_", is_flag=True, help="All entries that NAME may verify.")
@import_option
@by_option
@dry_run_option
@ledger_option
@format_option
def verify(
    ids: tuple[str, ...],
    import_number: int | None,
    by: str,
    url: str,
    form: str,
    *,
    all_: bool,
    dry_run: bool,
) -> None:
    """Verify entries (核定) by their IDS; from then on they count.

    measure:2017 names the adoption of a year's measure, 2016Q2 a published bulletin, aside:10345
    the setting aside of a damaged position; --all verifies adoptions too, but no bulletin.

    A dry run shows what scores, ranks and flags they move.

    All of them are verified or none. An entry is never verified under the name that recorded
    it. Entries that are verified already are counted as skipped. Those that were sent back
    (`tally return`) are verified by their IDS alone.
    """
    from cli.session import session  # noqa: PLC0415 - not for --help
    from ledger.codec import VERIFIED  # noqa: PLC0415
    from ledger.events import ASIDE, PUBLICATION  # noqa: PLC0415
    from ledger.positions import imported  # noqa: PLC0415
    from ledger.verifying import originator_ids  # noqa: PLC0415

    if [bool(ids), all_, import_number is not None].count(True) != 1:
        raise click.UsageError(
            render("name the entries to verify, or give --all, or --import: one of them")
        )
    with session(url) as opened, refusals(form):
        ledger = opened.ledger
        by = ledger.who(by, VERIFIED)
        named = ids if import_number is None else imported(ledger.store, import_number)
        # Before anything is written, so that who verifies a bulletin can still break off.
        others = [one for one in ids if not one.startswith(ASIDE)]
        for name in originator_ids(others, ledger.store) if others else ():
            if name.startswith(PUBLICATION):
                _remark_bulletin(opened, name.removeprefix(PUBLICATION))
        receipt = ledger.verify(None if all_ else named, by, dry_run=dry_run, each=bool(ids))
        if dry_run:
            _preview(opened, receipt, form)
            return
    print_receipt(receipt, form)


def _remark_bulletin(opened: Session, name: str) -> None:
    """Say what is still open in the last edition of a period's bulletin."""
    from cli.editions import open_remarks  # noqa: PLC0415 - not for --help
    from projections.query import ScoreQuery  # noqa: PLC0415

    edition = opened.loader.history(name).editions[name][-1]
    event = edition.event
    query = ScoreQuery(int(name[:4]), event.through, event.position)
    scores = opened.loader.scores(query, postings=True).scores
    found = scores.town.calendar.named(name)
    remark(
        "{period}, edition {number}: {count} {count:unit|units} through {through}, "
        "as of position {position}",
        period=name,
        number=edition.number,
        count=len(event.figures),
        through=event.through,
        position=event.position,
    )
    for words in open_remarks(scores, None if found is None else found[1]):
        remark(words)


def _preview(opened: Session, receipt: Receipt, form: str) -> None:
    from cli.commands.previews import print_dry_run, print_preview  # noqa: PLC0415 - seldom
    from ledger.events import ASIDE  # noqa: PLC0415
    from projections.preview import Preview, verification_preview  # noqa: PLC0415

    for words in receipt.remarks:
        remark(words)
    ids = [one for one in receipt.entries if not one.startswith(ASIDE)]
    if not ids:
        # Nothing could be scored with a damaged row, so there is nothing to compare with.
        print_dry_run(Preview({}, {}), receipt.position, form)
        return
    known = opened.ledger.state_of(ids)
    now = datetime.now(UTC)
    changes = verification_preview(opened.loader, known, ids, now)
    print_preview(changes, err=form != "table")
    print_dry_run(changes, receipt.position, form)
