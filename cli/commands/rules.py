"""`rules`: show the clauses with their text, amounts and the readings in force."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from cli.language import default_language, render
from cli.options import OptionError, format_option, ledger_option, query_options
from ledger.message import Message, Series
from projections.ruling import case_message, stated

if TYPE_CHECKING:
    from collections.abc import Collection

    from cli.options import ScoreOptions
    from projections.rulebook import Clause


@click.command(
    epilog="\b\nExample:\n  tally rules\n  tally rules abnormal-petitions --year 2016\n"
    "  tally rules '三（一）1（1）'"
)
@click.argument("clause", required=False, metavar="[CLAUSE|CITATION]")
@query_options("year", "as_of")
@ledger_option
@format_option
def rules(clause: str | None, query: ScoreOptions, url: str, form: str) -> None:
    """Show the measure: text, amounts, and the readings in force in a year.

    CLAUSE shows one clause; a CITATION, as 三（一）2, shows every clause under it.
    """
    from cli.output import write  # noqa: PLC0415 - not for --help
    from cli.session import session  # noqa: PLC0415
    from projections.ruling import rules_json  # noqa: PLC0415

    with session(url) as opened:
        known = replace(query, as_of=opened.at(query.as_of))
        town, state = opened.loader.town(known)
        rulebook = opened.loader.measure(state, town.year).rulebook
    found = rules_json(rulebook, town)
    if clause is not None:
        named = _named(clause, rulebook.clauses.values())
        found["clauses"] = [one for one in found["clauses"] if one["clause"] in named]
    found["position"] = state.position
    write(
        form,
        value=lambda: found,
        table=lambda: _print(found, whole=clause is not None),
        rows=lambda: _rows(found),
    )


def _is_under(citation: str, heading: str) -> bool:
    """Return whether a citation is a heading or under it, as 三（一）1（1） is under 三（一）1."""
    rest = citation.removeprefix(heading)
    return rest != citation and not (heading[-1].isdigit() and rest[:1].isdigit())


def _named(text: str, clauses: Collection[Clause]) -> set[str]:
    """Return the slugs of the clauses that a slug or a citation names.

    Raises:
        OptionError: there are none; the message lists all clauses.
    """
    from cli.workbooks.words import folded  # noqa: PLC0415 - not for --help

    named = {one.slug for one in clauses if one.slug == text} or {
        one.slug for one in clauses if _is_under(folded(one.citation), folded(text))
    }
    if not named:
        raise OptionError(
            "CLAUSE",
            Message(
                "no clause or citation {clause!r}; one of {clauses}",
                clause=text,
                clauses=Series(
                    Message("{citation} {slug}", citation=one.citation, slug=one.slug)
                    for one in clauses
                ),
            ),
        )
    return named


def _stated(amount: dict[str, Any]) -> str:
    case = ", ".join(
        f"{name} {value if isinstance(value, str) else '/'.join(value)}"
        for name, value in amount["when"].items()
    )
    return f"{amount['of']}{f' ({case})' if case else ''}: {amount['states']}"


def _amount_line(amount: dict[str, Any]) -> str:
    """Return the line of an amount, in the user's language."""
    case = case_message(amount["when"])
    shown = Message(" ({case})", case=case) if case else ""
    states = stated(amount["states"])
    return render("  - {of}{case}: {states}", of=amount["of"], case=shown, states=states)


def _print(found: dict[str, Any], *, whole: bool) -> None:
    english = default_language() == "en"
    click.echo(f"{found['measure']} {found['number']}")
    click.echo(
        render(
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
            click.echo(_amount_line(amount))
            if whole:
                click.echo(f"      {amount['citation']} “{amount['quote']}”")
        for reading in clause["readings"]:
            _print_reading(reading, whole=whole, english=english)


def _print_reading(reading: dict[str, Any], *, whole: bool, english: bool) -> None:
    why = Message("default")
    if reading["by_entry"]:
        why = Message("ruled by {by_entry}", by_entry=reading["by_entry"])
    summary = reading["summary"] if english else reading["summary_zh"]
    click.echo(f"  ◆ {reading['reading']} = {reading['value']} ({render(why)}): {summary}")
    for choice in reading["choices"] if whole else ():
        value = choice["value"]
        named = render(value) if isinstance(value, Message) else value
        click.echo(f"      {named}: {render(choice['meaning'])}")


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
