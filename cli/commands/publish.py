"""`publish` and `withdraw`: record a period's figures as its bulletin shows them; take it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from cli.commands.receipts import (
    NotConfirmedError,
    agreed,
    is_interactive,
    print_result,
    refusals,
)
from cli.options import (
    by_option,
    format_option,
    ledger_option,
    query_options,
    reason_option,
)
from cli.output import remark
from cli.parameters.times import PERIOD, PERIOD_OR_ADOPTION, AdoptionName
from ledger.message import Message

if TYPE_CHECKING:
    from cli.options import ScoreOptions
    from cli.parameters.times import Period
    from ledger.events import FiguresPublished
    from ledger.state import LedgerState
    from projections.scores import YearScores


@click.command(
    epilog="\b\nExample:\n  tally publish 2016Q2 --by office\n"
    "  tally publish 2016Q2 --by office --reason '更正二季度通报'"
)
@click.argument("period", type=PERIOD)
@by_option
@reason_option("Why this edition replaces the one before it.", required=False)
@query_options("through", of_paper=True)
@ledger_option
@format_option
def publish(
    period: Period, by: str, reason: str | None, query: ScoreOptions, url: str, form: str
) -> None:
    """Record the bulletin of a PERIOD (通报): position, day, scores and flags of every unit.

    It is made as of today unless told otherwise, without what later periods brought. That of
    a year is published like a period's (`tally publish 2016`). What is still open is
    named; on a terminal, you are asked before it is published all the same.

    It is an edition once a second person has verified it: `tally verify PERIOD`. From then on
    `tally score` shows the published figure beside the present one where they differ, and
    `tally diff --from PERIOD` explains why (of a year: `--from 2010#1`). `tally withdraw PERIOD`
    takes it back.
    """
    from cli.editions import figures_of  # noqa: PLC0415 - not for --help
    from cli.session import session, today  # noqa: PLC0415
    from ledger.integrity.keys import KeyPaths  # noqa: PLC0415
    from ledger.messages import reason_text  # noqa: PLC0415
    from ledger.publishing import check_publishable  # noqa: PLC0415
    from projections.history import replaced_number  # noqa: PLC0415

    why = None if reason is None else reason_text(reason)
    with session(url) as opened, refusals(form):
        name = opened.period_name(period)

        def figures(state: LedgerState) -> FiguresPublished:
            check_publishable(state, name, why)
            known = replace(query, as_of=state.position, through=query.through or today())
            event, scores, number = figures_of(opened, period, known, state, why)
            _confirm(scores, number)
            return event

        receipt = opened.ledger.publish(name, figures, by)
        remark("nobody has verified it yet: `tally verify {period}`", period=name)
        editions = opened.loader.history(name).editions[name]
    edition = editions[-1]
    event = edition.event
    if event.checkpoint is None:
        remark(
            "{period} is published without a signed checkpoint: there is no key {path}; if it is "
            "elsewhere, name it with TALLY_KEY, and sign with `tally checkpoint`",
            period=name,
            path=KeyPaths(url).key,
        )
    print_result(
        form,
        {
            "period": name,
            "edition": edition.number,
            "replaces": replaced_number(edition, editions),
            "through": event.through.isoformat(),
            "shows_position": event.position,
            "units": len(event.figures),
            "position": receipt.position,
        },
        Message(
            "{period} published, edition {number}: {count} {count:unit|units} through {through}, "
            "as of position {position}; the ledger is at position {head}",
            period=name,
            number=edition.number,
            count=len(event.figures),
            through=event.through,
            position=event.position,
            head=receipt.position,
        ),
    )


def _confirm(scores: YearScores, number: int | None) -> None:
    """Say what is still open in a period; on a terminal, ask whether to publish all the same.

    Raises:
        NotConfirmedError: the user did not agree.
    """
    from cli.editions import open_remarks  # noqa: PLC0415 - not for --help

    found = [*open_remarks(scores, number)]
    for words in found:
        remark(words)
    if found and is_interactive() and not agreed(Message("\nPublish it all the same? [y/N] ")):
        raise NotConfirmedError


@click.command(epilog="\b\nExample:\n  tally withdraw 2016Q2 --reason '数据有误' --by head")
@click.argument("named", metavar="PERIOD", type=PERIOD_OR_ADOPTION)
@by_option
@reason_option("Why it is withdrawn.")
@ledger_option
@format_option
def withdraw(named: Period | AdoptionName, by: str, reason: str, url: str, form: str) -> None:
    """Withdraw the last published edition of a PERIOD; the one before it is in force again.

    measure:2017 names the adoption of a year's measure, which is withdrawn as long as nobody has
    verified it. What is withdrawn stays in the ledger: `tally history PERIOD` shows every edition.
    """
    from cli.session import session  # noqa: PLC0415 - not for --help
    from ledger.events import PUBLICATION  # noqa: PLC0415

    if isinstance(named, AdoptionName):
        _withdraw_adoption(named.year, by, reason, url, form)
        return
    with session(url) as opened, refusals(form):
        receipt = opened.ledger.withdraw(str(named), reason, by)
        name = receipt.entries[0].removeprefix(PUBLICATION)
        known = opened.loader.history(name)
    withdrawn = max(
        (one for one in known.editions[name] if one.withdrawn is not None),
        key=lambda one: one.version,
    )
    standing = known.edition(name)
    print_result(
        form,
        {
            "period": name,
            "withdrawn": withdrawn.number,
            "in_force": None if standing is None else standing.number,
            "position": receipt.position,
        },
        Message(
            "edition {number} of {period} is withdrawn; {standing}; the ledger is at position "
            "{position}",
            number=withdrawn.number,
            period=name,
            standing=Message("no edition of it is in force")
            if standing is None
            else Message("edition {number} is in force", number=standing.number),
            position=receipt.position,
        ),
    )


def _withdraw_adoption(year: int, by: str, reason: str, url: str, form: str) -> None:
    from cli.session import session  # noqa: PLC0415 - not for --help
    from ledger.events import ADOPTION  # noqa: PLC0415

    with session(url) as opened, refusals(form):
        receipt = opened.ledger.withdraw(f"{ADOPTION}{year}", reason, by)
        state = opened.adopted()
    withdrawn, standing = state.adoptions[year][-1].event.measure, state.adoption(year)
    in_force = None if standing is None else standing.event.measure
    print_result(
        form,
        {
            "measure": receipt.entries[0],
            "withdrawn": withdrawn,
            "in_force": in_force,
            "position": receipt.position,
        },
        Message(
            "the adoption of {measure} for {year} is withdrawn; {standing}; the ledger is at "
            "position {position}",
            measure=withdrawn,
            year=year,
            standing=Message("no measure of the year is in force")
            if in_force is None
            else Message("{measure} is in force", measure=in_force),
            position=receipt.position,
        ),
    )
