"""`init`: make a ledger and adopt its first measure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.commands.receipts import print_result, refusals
from cli.language import render
from cli.options import (
    acting_option,
    format_option,
    ledger_option,
    trust_clock_option,
    trusts_clock,
)
from cli.output import remark
from cli.parameters.times import YEAR
from cli.parameters.values import MEASURE
from ledger.clock import system_time
from ledger.errors import NotALedgerError
from ledger.integrity.head import keep_head
from ledger.integrity.keys import check_key_place, make_key, set_key_aside
from ledger.message import Message
from ledger.stores import grant, new_store, open_store, upgrade
from ledger.stores.masking import mask_password

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from ledger.events import MeasureAdopted


@click.command(
    epilog="\b\nExample:\n  tally init --ledger sqlite:///tally.db\n"
    "  tally init --measure measures/ours --year 2017"
)
@click.option(
    "--measure",
    type=MEASURE,
    metavar="ID|DIR",
    help="The measure to adopt: the program's own, or a folder (default: qianlianghu-2016).",
)
@click.option("--year", type=YEAR, metavar="Y", help="For this year (default: that of its issue).")
@acting_option(
    "Who adopts it: an account or a role (TALLY_BY; else the program, as “tally init”).",
    default="tally init",
)
@click.option(
    "--grant",
    "role",
    metavar="ROLE",
    help="Let a PostgreSQL role read an existing ledger and append to it; make no ledger.",
)
@click.option(
    "--checkpoints",
    is_flag=True,
    help="With --grant: the role keeps checkpoints too, as whoever has the key needs.",
)
@click.option(
    "--upgrade",
    "anew",
    is_flag=True,
    help="Make triggers, functions and rights of a PostgreSQL ledger anew; make no ledger.",
)
@trust_clock_option
@ledger_option
@format_option
def init(
    url: str,
    form: str,
    measure: str | None,
    year: int | None,
    by: str,
    role: str | None,
    *,
    checkpoints: bool,
    anew: bool,
) -> None:
    """Make a ledger and the key that signs its checkpoints beside it.

    Its first event adopts a measure for a year; that is in force at once. A measure of another
    year, or another one for this year, is adopted later and verified by a second person.
    """
    if checkpoints and role is None:
        raise click.UsageError(render("--checkpoints belongs to --grant ROLE"))
    if anew and role is not None:
        raise click.UsageError(render("--grant and --upgrade are two runs"))
    if role is not None:
        grant(url, role, checkpoints=checkpoints)
        given = {"role": role, "url": mask_password(url)}
        words = Message("{role} may append to {url} and read it, nothing else.", **given)
        if checkpoints:
            words = Message(
                "{role} may append to {url}, keep checkpoints and read it, nothing else.", **given
            )
        print_result(form, {"ledger": mask_password(url), "granted": role}, words)
        return
    if anew:
        upgrade(url)
        words = Message(
            "{url} has the triggers, functions and rights of this tally now.",
            url=mask_password(url),
        )
        print_result(form, {"ledger": mask_password(url), "upgraded": True}, words)
        return
    with refusals(form):
        adopted = make_ledger(url, measure, year, by, trust_clock=trusts_clock())
    words = Message(
        "{url} is a ledger now, at position 1; {measure} is adopted for {year}.",
        url=mask_password(url),
        measure=adopted.measure,
        year=adopted.year,
    )
    found = {"id": adopted.measure, "sha256": adopted.sha256, "year": adopted.year}
    print_result(form, {"ledger": mask_password(url), "position": 1, "measure": found}, words)


def make_ledger(
    url: str,
    measure: str | None = None,
    year: int | None = None,
    by: str = "tally init",
    clock: Callable[[], datetime] = system_time,
    *,
    trust_clock: bool = False,
) -> MeasureAdopted:
    """Make a ledger with its key and its founding adoption, which is returned.

    The key of a ledger that is gone is set aside.

    Args:
        url: where the ledger is made.
        measure: the id of a measure of the program, or a folder; by default the program's own.
        year: the year that it is adopted for; by default that of its issue.
        by: who adopts it.
        clock: the ledger's own time, in UTC.
        trust_clock: make it even if the clock seems to be wrong.

    Raises:
        TallyError: there is a ledger already, or no such measure, or it cannot be adopted; nothing
            was made.
    """
    from ledger.accounts import account  # noqa: PLC0415 - not for --help
    from ledger.adopting import adoption_of  # noqa: PLC0415
    from ledger.application import Ledger  # noqa: PLC0415
    from ledger.state import LedgerState  # noqa: PLC0415
    from projections.adopted import Measures  # noqa: PLC0415
    from projections.measure import (  # noqa: PLC0415
        BUILT_IN,
        load_measure,
        read_measure,
        shipped,
    )
    from projections.measure.checking import checked, sentence  # noqa: PLC0415 - only for a folder
    from projections.measure.remarks import dated_for  # noqa: PLC0415

    content = read_measure(measure or BUILT_IN)
    # What ships is checked by its tests.
    load = load_measure if measure is None or measure in shipped() else checked
    source = load(content).source
    given = (year or source.year, source.id, content, source.number or source.name)
    for one in dated_for(content, given[0]) if load is checked else ():
        remark("remark: {line}", line=sentence(one))
    # Refuse before anything is made.
    adoption_of(LedgerState(), *given, at=clock(), by=account(by, "by"), founding=True)
    try:
        open_store(url).close()
    except NotALedgerError:
        check_key_place(url)
    with new_store(url) as store:
        # Only now is it certain that nothing else is there, whose key it would be.
        for path in set_key_aside(url):
            remark("a ledger that is gone had its key here; set aside as {path}", path=path)
        ledger = Ledger(store, Measures, clock, trust_clock=trust_clock)
        ledger.adopt(*given, by, founding=True)
        adoption = ledger.state().adoption(given[0])
        assert adoption is not None, "a founding adoption is in force"
        # Before the ledger appears: none is ever without its key.
        make_key(url)
        keep_head(url, store)
    return adoption.event
