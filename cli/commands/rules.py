"""`rules`: the clauses with their text, amounts and the readings in force."""

from __future__ import annotations

from typing import Any

import click

from cli.language import default_language, tell
from cli.options import OptionError, as_of_option, format_option, ledger_option, year_option
from ledger.saying import Said, Series
from projections.ruling import case_said, stated


@click.command(epilog="\b\nExample:\n  tally rules\n  tally rules abnormal-petitions --year 2016")
@click.argument("clause", required=False)
@year_option
@as_of_option
@ledger_option
@format_option
def rules(
    clause: str | None,
    year: int | None,
    as_of: str | None,
    url: str,
    form: str,
    *,
    as_json: bool,
) -> None:
    """Show the measure, or one CLAUSE of it: text, amounts, readings in force in a year."""
    from cli.output import write  # noqa: PLC0415 - not for --help
    from cli.session import session  # noqa: PLC0415
    from projections.ruling import rules_json  # noqa: PLC0415

    with session(url) as opened:
        register = opened.register(as_of)
        scores = opened.scores(register, year, None)
        rulebook = opened.rulebook
    if clause is not None and clause not in rulebook.clauses:
        raise OptionError(
            "CLAUSE",
            Said(
                "no clause {clause!r}; one of {clauses}",
                clause=clause,
                clauses=Series(rulebook.clauses),
            ),
        )
    found = rules_json(rulebook, scores.town, clause)
    found["position"] = register.position
    write(
        form,
        as_json=as_json,
        value=lambda: found,
        table=lambda: _print(found, whole=clause is not None),
        rows=lambda: _rows(found),
    )


def _stated(amount: dict[str, Any]) -> str:
    case = ", ".join(
        f"{name} {value if isinstance(value, str) else '/'.join(value)}"
        for name, value in amount["when"].items()
    )
    return f"{amount['of']}{f' ({case})' if case else ''}: {amount['states']}"


def _amount_told(amount: dict[str, Any]) -> str:
    """An amount in the person's language; the names of its case stand in the rule files."""
    case = case_said(amount["when"])
    shown = Said(" ({case})", case=case) if case else ""
    states = stated(amount["states"])
    return tell("  - {of}{case}: {states}", of=amount["of"], case=shown, states=states)


def _print(found: dict[str, Any], *, whole: bool) -> None:
    english = default_language() == "en"
    click.echo(f"{found['measure']} {found['number']}")
    click.echo(
        tell(
            "readings in force for {year}, as of position {position}",
            year=found["year"],
            position=found["position"],
        )
    )
    for clause in found["clauses"]:
        click.echo(f"\n{clause['citation']} {clause['title']} ({clause['clause']})")
        click.echo(f"  {clause['text']}")
        if whole and english:
            click.echo(f"  {clause['text_en']}")
        for amount in clause["amounts"]:
            click.echo(_amount_told(amount))
            if whole:
                click.echo(f"      {amount['citation']} “{amount['quote']}”")
        for reading in clause["readings"]:
            _print_reading(reading, whole=whole, english=english)


def _print_reading(reading: dict[str, Any], *, whole: bool, english: bool) -> None:
    why = Said("default")
    if reading["by_entry"]:
        why = Said("ruled by {by_entry}", by_entry=reading["by_entry"])
    summary = reading["summary"] if english else reading["summary_zh"]
    click.echo(f"  ◆ {reading['reading']} = {reading['value']} ({tell(why)}): {summary}")
    for choice in reading["choices"] if whole else ():
        value = choice["value"]
        named = tell(value) if isinstance(value, Said) else value
        click.echo(f"      {named}: {tell(choice['meaning'])}")


def _rows(found: dict[str, Any]) -> tuple[list[str], list[list[str]]]:
    header = ["clause", "citation", "kind", "name", "value", "text"]
    rows = []
    for clause in found["clauses"]:
        rows.append(
            [clause["clause"], clause["citation"], "clause", clause["title"], "", clause["text"]]
        )
        rows.extend(
            [clause["clause"], amount["citation"], "amount", _stated(amount), "", amount["quote"]]
            for amount in clause["amounts"]
        )
        rows.extend(
            [
                clause["clause"],
                reading["citation"],
                "reading",
                reading["reading"],
                reading["value"],
                reading["summary"],
            ]
            for reading in clause["readings"]
        )
    return header, rows
