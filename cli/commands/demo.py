"""`demo`: make a ledger of a whole sample year and show its scores."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.commands.init import make_ledger
from cli.options import OptionError, format_option
from cli.output import output_errors, remark, write
from cli.output.lines import print_line
from cli.sample.days import YEAR
from ledger.application import Ledger
from ledger.calendar import month_end
from ledger.entries import PetitionBatch
from ledger.integrity.head import KeptHead
from ledger.message import Message
from ledger.submissions import Submission, parse
from ledger.vocabulary import OFFICE_TIME
from projections.adopted import Measures

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cli.session import Session
    from ledger.events import FiguresPublished
    from ledger.state import LedgerState


_BEGINNING = datetime(2015, 12, 1, 9, tzinfo=OFFICE_TIME)
"""When the simulated clock makes the ledger."""


def _new_folder(named: Path | None) -> Path:
    if named is not None:
        if named.exists():
            raise OptionError(
                "FOLDER", Message("{named} exists already; name a new one", named=named)
            )
        return named
    number, folder = 1, Path("tally-demo")
    while folder.exists():
        number += 1
        folder = Path(f"tally-demo-{number}")
    return folder


@click.command(epilog="\b\nExample:\n  tally demo")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@format_option
def demo(folder: Path | None, form: str) -> None:
    """Make a ledger of a whole sample year in a new FOLDER and show its annual table.

    The town, its 46 villages, farms and communities, and every event in it are made up.
    """
    from cli.output.scores import print_scores, score_rows  # noqa: PLC0415 - slow to import
    from cli.sample import filed_year  # noqa: PLC0415
    from cli.session import session  # noqa: PLC0415
    from projections.presentation import scores_json  # noqa: PLC0415
    from projections.publication import published_beside  # noqa: PLC0415
    from projections.query import ScoreQuery  # noqa: PLC0415

    place = _new_folder(folder)
    try:
        place.mkdir(parents=True)
    except OSError as error:
        words = Message("{folder}: {why}; nothing was written.", folder=place, why=error.strerror)
        raise OptionError("FOLDER", words) from None
    url = f"sqlite:///{place}/tally.db"
    make_ledger(url, by="clerk", clock=lambda: _BEGINNING.astimezone(UTC), trust_clock=True)
    months: dict[date, list[Submission]] = {}
    for number, (filed_on, entry) in enumerate(filed_year(), 1):
        submission = parse(json.dumps(entry).encode(), "sample", number)
        assert isinstance(submission, Submission), "the sample year is sound"
        months.setdefault(month_end(max(filed_on, _BEGINNING.date())), []).append(submission)
    submissions = [one for month in months.values() for one in month]
    with session(url) as opened:
        _record_month_by_month(opened, months)
        state, scores = opened.loader.scores(ScoreQuery())
        measure = opened.loader.measure(state, scores.town.year)
        published = published_beside(scores, state)
    remark(
        "{recorded} entries of a made-up town recorded and verified in {url}",
        recorded=len(submissions),
        url=url,
    )
    with output_errors(done=True):
        write(
            form,
            value=lambda: scores_json(scores, measure=measure.as_json(), beside=published),
            table=lambda: print_scores(scores, scores.units, {}, provisional=False),
            rows=lambda: score_rows(scores, scores.units),
        )
    last = scores.units[-1]
    remark("try next:")
    for line in (
        f"tally explain {last.unit} 2016Q3 --ledger {url}",
        f"tally score --unit {last.unit} --through 2016-07-31 --as-of 2016-08-01 --ledger {url}",
        f"tally history {_a_corrected_batch(submissions)} --ledger {url}",
    ):
        print_line(f"  {line}", err=True)


def _record_month_by_month(opened: Session, months: Mapping[date, list[Submission]]) -> None:
    """Record the sample at the end of each of its months, by a simulated clock.

    So `--as-of` a day of that year shows what was known then. Each quarter's bulletin is published
    and verified at the end of the month after it.
    """
    clock = [_BEGINNING]
    ledger = Ledger(
        opened.ledger.store,
        Measures,
        lambda: clock[0].astimezone(UTC),
        trust_clock=True,
        head=lambda: KeptHead.of(opened.ledger.store.url),
    )
    for end, month in sorted(months.items()):
        clock[0] = datetime.combine(end, time(17), OFFICE_TIME)
        ledger.record(month, "clerk", "head")
        _publish(opened, ledger, end)


def _publish(opened: Session, ledger: Ledger, today: date) -> None:
    """Publish and verify the bulletins of the quarters that are over and were not published."""
    from projections.publication import publication  # noqa: PLC0415 - not for --help
    from projections.scores import score_year  # noqa: PLC0415

    state = ledger.state()
    measure = opened.loader.measure(state, YEAR).measure
    for period in measure.calendar.periods(YEAR):
        if period.last < today and state.edition(period.name) is None:
            scores = score_year(state, measure, YEAR, today)
            event = publication(state, scores, period.number, None, opened.checkpoint())
            ledger.publish(period.name, partial(_same, event), "office")
            ledger.verify([period.name], "head")


def _same(event: FiguresPublished, _: LedgerState) -> FiguresPublished:
    return event


def _a_corrected_batch(submissions: list[Submission]) -> str:
    """Return the id of a batch that was corrected, as an example for `tally history`."""
    entries = (submission.entry for submission in submissions)
    return next(
        entry.replaces
        for entry in entries
        if isinstance(entry, PetitionBatch) and entry.replaces is not None
    )
