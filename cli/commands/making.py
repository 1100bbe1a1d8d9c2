"""`init` and `demo`: making a ledger."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.language import tell
from cli.options import OptionError, format_option, ledger_option
from cli.output import remark, write, write_json
from ledger.application import Ledger
from ledger.entries import PetitionBatch
from ledger.errors import NotALedgerError
from ledger.integrity.keys import make_key, set_key_aside
from ledger.saying import Said
from ledger.stores import create_store, grant, mask_password, open_store
from ledger.submissions import Submission, parse
from ledger.view.view import drop_view
from ledger.vocabulary import OFFICE_TIME
from projections.calendar import month_end
from projections.occurrence import own_day

if TYPE_CHECKING:
    from ledger.stores import Store
    from projections.rulebook import Rulebook


@click.command(epilog="\b\nExample:\n  tally init --ledger sqlite:///tally.db")
@click.option(
    "--grant",
    "role",
    metavar="ROLE",
    help="Let a PostgreSQL role append to a ledger that is there, and no more.",
)
@ledger_option
@format_option
def init(url: str, form: str, role: str | None, *, as_json: bool) -> None:
    """Make an empty ledger, and the key that signs its checkpoints beside it."""
    if role is not None:
        _grant(url, role, form, as_json=as_json)
        return
    _make(url)
    write(
        form,
        as_json=as_json,
        value=lambda: {"ledger": mask_password(url), "position": 0},
        table=lambda: click.echo(
            tell("{url} is a ledger now, at position 0.", url=mask_password(url))
        ),
        rows=lambda: (["ledger", "position"], [[mask_password(url), 0]]),
    )


def _make(url: str) -> None:
    """An empty ledger with its key; what a ledger that is gone left there is set aside."""
    try:
        open_store(url).close()
    except NotALedgerError:
        for path in set_key_aside(url):
            remark("a ledger that is gone had its key here; set aside as {path}", path=path)
    create_store(url).close()
    drop_view(url)
    make_key(url)


def _grant(url: str, role: str, form: str, *, as_json: bool) -> None:
    grant(url, role)
    value = {"ledger": mask_password(url), "granted": role}
    write(
        form,
        as_json=as_json,
        value=lambda: value,
        table=lambda: click.echo(
            tell(
                "{role} may append to {url} and read it, nothing else.",
                role=role,
                url=mask_password(url),
            )
        ),
        rows=lambda: (list(value), [list(value.values())]),
    )


def _new_folder(named: Path | None) -> Path:
    if named is not None:
        if named.exists():
            raise OptionError("FOLDER", Said("{named} exists already; name a new one", named=named))
        return named
    number, folder = 1, Path("tally-demo")
    while folder.exists():
        number += 1
        folder = Path(f"tally-demo-{number}")
    return folder


@click.command(epilog="\b\nExample:\n  tally demo")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@format_option
def demo(folder: Path | None, form: str, *, as_json: bool) -> None:
    """Make a ledger of a whole sample year in a new FOLDER and show its annual table.

    The town, its 46 villages, farms and communities and all that happened there are made up.
    """
    from cli.output.scores import print_scores, score_rows  # noqa: PLC0415 - slow to import
    from cli.sample import sample_year  # noqa: PLC0415
    from cli.session import session  # noqa: PLC0415
    from projections.presentation import scores_json  # noqa: PLC0415

    place = _new_folder(folder)
    place.mkdir(parents=True)
    url = f"sqlite:///{place}/tally.db"
    _make(url)
    year = sample_year()
    parsed = [parse(json.dumps(entry).encode(), "sample", n) for n, entry in enumerate(year, 1)]
    with session(url) as opened:
        submissions = [one for one in parsed if isinstance(one, Submission)]
        assert len(submissions) == len(parsed), "the sample year is sound"
        recorded = _record_month_by_month(opened.ledger.store, opened.rulebook, submissions)
        scores = opened.scores(opened.register(), None, None)
    remark(
        "{recorded} entries of a made-up town recorded and verified in {url}",
        recorded=recorded,
        url=url,
    )
    if as_json or form == "json":
        write_json(scores_json(scores))
    else:
        write(
            form,
            as_json=False,
            value=lambda: None,
            table=lambda: print_scores(scores, scores.units, {}, provisional=False),
            rows=lambda: score_rows(scores.units),
        )
    last = scores.units[-1]
    remark("try next:")
    for line in (
        f"tally explain {last.unit} 2016Q3 --ledger {url}",
        f"tally score --unit {last.unit} --through 2016-07-31 --as-of 2016-08-01 --ledger {url}",
        f"tally history {_a_corrected_batch(submissions)} --ledger {url}",
    ):
        click.echo(f"  {line}", err=True)


def _record_month_by_month(store: Store, rulebook: Rulebook, submissions: list[Submission]) -> int:
    """Records the sample as an office would have, at the end of each month of that year.

    So that `--as-of` a day of the year has something to show: the clock is as made up as the town.
    """
    clock = [datetime(2015, 12, 1, 9, tzinfo=OFFICE_TIME)]
    ledger = Ledger(store, rulebook, lambda: clock[0].astimezone(UTC))
    months: list[list[Submission]] = [[]]
    reached = clock[0].date()
    ends = [month_end(reached)]
    for submission in submissions:
        reached = max(reached, own_day(submission.entry) or reached)
        if reached > ends[-1]:
            months.append([])
            ends.append(month_end(reached))
        months[-1].append(submission)
    for end, month in zip(ends, months, strict=True):
        clock[0] = datetime.combine(end, time(17), OFFICE_TIME)
        ledger.record(month, "clerk", "head")
    return len(submissions)


def _a_corrected_batch(submissions: list[Submission]) -> str:
    """A batch of the sample whose history has something to tell."""
    entries = (submission.entry for submission in submissions)
    return next(
        entry.replaces
        for entry in entries
        if isinstance(entry, PetitionBatch) and entry.replaces is not None
    )
