"""`explain`: every point of a unit's quarter or year, to clause, text and entry."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

from cli.options import (
    OptionError,
    as_of_option,
    cache_option,
    check_output,
    known_year,
    ledger_option,
    provisional_option,
    through_option,
    workbook_option,
)
from ledger.saying import Said

if TYPE_CHECKING:
    from pathlib import Path

_PERIOD = re.compile(r"(\d{4})(?:Q([1-4]))?", re.IGNORECASE | re.ASCII)


def _period(text: str | None) -> tuple[int | None, int | None]:
    if text is None:
        return None, None
    found = _PERIOD.fullmatch(text)
    if found is None:
        raise OptionError("PERIOD", Said("{text!r} is no period; write 2016Q2 or 2016", text=text))
    return known_year("PERIOD", int(found[1])), int(found[2]) if found[2] else None


@click.command(
    epilog="\b\nExample:\n  tally explain V001 2016Q2\n  tally explain V001 2016 --json\n"
    "  tally explain V001 2016 --format xlsx -o V001.xlsx"
)
@click.argument("unit")
@click.argument("period", required=False)
@through_option
@as_of_option
@provisional_option
@cache_option
@ledger_option
@workbook_option
def explain(
    unit: str,
    period: str | None,
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
    """Explain every point of a UNIT's quarter (2016Q2) or year (2016).

    What was looked at and cost nothing is there too, with the reason.
    """
    from cli.output import write  # noqa: PLC0415 - not for --help
    from cli.output.explanations import (  # noqa: PLC0415
        explanation_json,
        explanation_rows,
        print_explanation,
    )
    from cli.output.scores import standing  # noqa: PLC0415
    from cli.session import session  # noqa: PLC0415
    from projections.explanation import explain_quarter, explain_year  # noqa: PLC0415

    target = check_output(form, output, as_json=as_json)
    year, quarter = _period(period)
    with session(url) as opened:
        register, scores = opened.read(
            as_of,
            year,
            through,
            provisional=provisional,
            unit=unit,
            findings=True,
            cached=not no_cache,
        )
        score = opened.unit(scores, register, unit, provisional=provisional)
        if quarter is None:
            found = explain_year(score, scores, opened.rulebook)
        else:
            if quarter > len(score.quarters):
                raise OptionError(
                    "PERIOD",
                    Said(
                        "{period} has not begun on {through}",
                        period=period,
                        through=scores.town.through,
                    ),
                )
            found = explain_quarter(score, scores, quarter, opened.rulebook)
    if target is not None:
        from cli.output.workbooks.explanations import explanation_workbook  # noqa: PLC0415
        from cli.output.workbooks.saving import save  # noqa: PLC0415

        quarters = () if quarter is not None else score.quarters
        parts = [explain_quarter(score, scores, one.quarter, opened.rulebook) for one in quarters]
        told = standing(scores, provisional=provisional)
        save(target, explanation_workbook([found, *parts], told))
        return
    write(
        form,
        as_json=as_json,
        value=lambda: explanation_json(
            found,
            through=scores.town.through.isoformat(),
            position=scores.position,
            provisional=provisional,
        ),
        table=lambda: print_explanation(found, standing(scores, provisional=provisional)),
        rows=lambda: explanation_rows(found),
    )
