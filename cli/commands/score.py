"""`score`: scores, ranks and flags of a year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cli.options import (
    as_of_option,
    cache_option,
    check_output,
    ledger_option,
    provisional_option,
    through_option,
    workbook_option,
    year_option,
)

if TYPE_CHECKING:
    from pathlib import Path


@click.command(
    epilog="\b\nExample:\n  tally score --year 2016 --through 2016-06-30\n"
    "  tally score --unit V001 --json\n"
    "  tally score --format xlsx -o scores.xlsx"
)
@year_option
@click.option("--unit", metavar="U", help="This unit alone, with its open points.")
@through_option
@as_of_option
@provisional_option
@cache_option
@ledger_option
@workbook_option
def score(
    year: int | None,
    unit: str | None,
    through: str | None,
    as_of: str | None,
    url: str,
    form: str,
    output: Path | None,
    *,
    provisional: bool,
    no_cache: bool,
    as_json: bool,
) -> None:
    """Show the scores of a year: quarters, inspection, rewards, penalties, total, rank, flags."""
    from cli.output import write  # noqa: PLC0415 - not for --help
    from cli.session import session  # noqa: PLC0415
    from projections.publication import published_beside  # noqa: PLC0415

    target = check_output(form, output, as_json=as_json)
    with session(url) as opened:
        register, scores = opened.read(
            as_of,
            year,
            through,
            provisional=provisional,
            unit=None if target is not None else unit,
            # A workbook has the postings of every unit in it.
            findings=target is not None,
            cached=not no_cache,
        )
        units = scores.units
        if unit is not None:
            chosen = opened.unit(scores, register, unit, provisional=provisional)
            units = (chosen,)

    beside = published_beside(scores, register)
    if target is not None:
        from cli.output.workbooks.saving import save  # noqa: PLC0415
        from cli.output.workbooks.scores import scores_workbook  # noqa: PLC0415

        rulebook = opened.rulebook
        save(target, scores_workbook(scores, units, beside, rulebook, provisional=provisional))
        return

    def value() -> object:
        from ledger.instants import instant_text  # noqa: PLC0415
        from projections.presentation import scores_json  # noqa: PLC0415

        known_at = None if register.last_at is None else instant_text(register.last_at)
        return scores_json(scores, units, provisional=provisional, known_at=known_at, beside=beside)

    def table() -> None:
        from cli.output.scores import print_open, print_scores  # noqa: PLC0415

        print_scores(scores, units, beside, provisional=provisional)
        if not units and register.position and not provisional:
            from cli.output import remark  # noqa: PLC0415 - for who has just begun

            remark("no unit counts yet: `tally verify` what was recorded, or add --provisional")
        if unit is not None:
            print_open(units[0])

    def rows() -> tuple[list[str], list[list[Any]]]:
        from cli.output.scores import score_rows  # noqa: PLC0415

        return score_rows(units)

    write(form, as_json=as_json, value=value, table=table, rows=rows)
