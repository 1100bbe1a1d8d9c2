"""`rules`: the clauses with their text, amounts and the readings in force."""

from __future__ import annotations

from typing import Any

import click

from cli.options import OptionError, as_of_option, format_option, ledger_option, year_option


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
        raise OptionError("CLAUSE", f"no clause {clause!r}; one of {', '.join(rulebook.clauses)}")
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


def _print(found: dict[str, Any], *, whole: bool) -> None:
    click.echo(f"{found['measure']} {found['number']}")
    click.echo(f"readings in force for {found['year']}, as of position {found['position']}")
    for clause in found["clauses"]:
        click.echo(f"\n{clause['citation']} {clause['title']} ({clause['clause']})")
        click.echo(f"  {clause['text']}")
        if whole:
            click.echo(f"  {clause['text_en']}")
        for amount in clause["amounts"]:
            click.echo(f"  - {_stated(amount)}")
            if whole:
                click.echo(f"      {amount['citation']} “{amount['quote']}”")
        for reading in clause["readings"]:
            why = f"ruled by {reading['by_entry']}" if reading["by_entry"] else "default"
            click.echo(
                f"  ◆ {reading['reading']} = {reading['value']} ({why}): {reading['summary']}"
            )
            if whole:
                for choice in reading["choices"]:
                    click.echo(f"      {choice['value']}: {choice['meaning']}")


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
