"""`measure list` and `measure show`: the measures there are, and one of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.commands.measure.naming import content_of
from cli.language import render
from cli.options import format_option, ledger_option
from cli.output.lines import print_line
from cli.parameters.values import MEASURE
from ledger.message import Message, message_of
from ledger.stores import DEFAULT_URL

if TYPE_CHECKING:
    from ledger.adoptions import Adoption


@click.command("list", epilog="\b\nExample:\n  tally measure list\n  tally measure list --json")
@ledger_option
@format_option
def list_(url: str, form: str) -> None:
    """List the measures of the program, and those that the ledger has adopted.

    JSON: {"shipped": [{"id", "name", "number", "year", "sha256"}], "adopted": [{"year", "id",
    "sha256", "position", "at", "by", "basis", "verified_by", "in_force", "as_shipped"}]}; of
    `as_shipped`, false says that the program's own copy has come to differ, null that it has none.
    """
    from cli.output import write  # noqa: PLC0415 - not for --help
    from projections.measure import load_measure, read_measure, shipped  # noqa: PLC0415

    measures = [load_measure(read_measure(name)) for name in shipped()]
    found = {
        "shipped": [
            {
                "id": one.id,
                "name": one.source.name,
                "number": one.source.number,
                "year": one.source.year,
                "sha256": one.sha256,
            }
            for one in measures
        ],
        "adopted": _adopted(url, {one.id: one.sha256 for one in measures}),
    }
    write(form, value=lambda: found, table=lambda: _print(found), rows=lambda: _rows(found))


def _adopted(url: str, shipped: dict[str, str]) -> list[dict[str, Any]]:
    from cli.output import remark  # noqa: PLC0415 - not for --help
    from cli.session import session  # noqa: PLC0415
    from ledger.errors import NotALedgerError  # noqa: PLC0415

    try:
        with session(url) as opened:
            state = opened.adopted()
            return [
                _adoption(year, one, state.adoption(year), shipped)
                for year, adoptions in sorted(state.adoptions.items())
                for one in adoptions
            ]
    except NotALedgerError as error:
        # What ships with the program is listed all the same; a ledger that was named is missed.
        if url != DEFAULT_URL or Path(DEFAULT_URL.removeprefix("sqlite:///")).exists():
            remark(message_of(error))
        return []


def _adoption(
    year: int, one: Adoption, in_force: Adoption | None, shipped: dict[str, str]
) -> dict[str, Any]:
    own = shipped.get(one.event.measure)
    return {
        "year": year,
        "id": one.event.measure,
        "sha256": one.event.sha256,
        "position": one.ref.position,
        "at": one.ref.time,
        "by": one.ref.by,
        "basis": one.event.basis,
        "verified_by": None if one.verified is None else one.verified.by,
        "withdrawn_by": None if one.withdrawn is None else one.withdrawn.ref.by,
        "in_force": one is in_force,
        "as_shipped": None if own is None else own == one.event.sha256,
    }


def _print(found: dict[str, Any]) -> None:
    print_line(render("measures of the program:"))
    for one in found["shipped"]:
        print_line(f"  {one['id']}  {one['year']}  {one['name']} {one['number']}".rstrip())
    if not found["adopted"]:
        print_line(render("no measure is adopted"))
        return
    print_line(render("adopted:"))
    last = {one["year"]: one for one in found["adopted"]}
    for one in found["adopted"]:
        print_line("  " + render(_adopted_words(one, last=one is last[one["year"]])))


def _adopted_words(one: dict[str, Any], *, last: bool) -> Message:
    status = Message("superseded")
    if one["withdrawn_by"] is not None:
        status = Message("withdrawn by {by}", by=one["withdrawn_by"])
    elif one["in_force"]:
        status = Message("in force")
    elif last:
        status = Message("awaits verification: `tally verify measure:{year}`", year=one["year"])
    differs = Message("")
    if one["as_shipped"] is False:
        differs = Message("; the program's own copy differs")
    return Message(
        "{year}: {id}, position {position}, by {by} ({basis}); {status}{differs}",
        year=one["year"],
        id=one["id"],
        position=one["position"],
        by=one["by"],
        basis=one["basis"],
        status=status,
        differs=differs,
    )


def _rows(found: dict[str, Any]) -> tuple[list[str], list[list[Any]]]:
    rows = [
        [where, one["id"], one["year"], one["sha256"], one.get("position"), one.get("in_force")]
        for where in ("shipped", "adopted")
        for one in found[where]
    ]
    return ["list", "id", "year", "sha256", "position", "in_force"], rows


@click.command(
    epilog="\b\nExample:\n  tally measure show shengzhou-2010-62\n"
    "  tally measure show measures/ours-2017 screening"
)
@click.argument("named", metavar="ID|DIR|YEAR", type=MEASURE)
@click.argument("clause", required=False, metavar="[CLAUSE|CITATION]")
@ledger_option
@format_option
def show(named: str, clause: str | None, url: str, form: str) -> None:
    """Show a measure as `tally rules` does, with the default of each reading.

    YEAR is one for which the ledger has adopted a measure. JSON: as of `tally rules`, with "id" and
    "sha256".
    """
    from cli.commands.rules import print_rules, rule_rows, select_clauses  # noqa: PLC0415
    from cli.output import write  # noqa: PLC0415
    from projections.facts import TownYear  # noqa: PLC0415
    from projections.measure import load_measure  # noqa: PLC0415
    from projections.ruling import rules_json  # noqa: PLC0415

    measure = load_measure(content_of(named, url))
    year = measure.source.year
    town = TownYear(year, measure.calendar.last_day(year), measure.in_force({}), measure)
    found = {**rules_json(town), "id": measure.id, "sha256": measure.sha256}
    select_clauses(found, clause, measure)
    write(
        form,
        value=lambda: found,
        table=lambda: print_rules(found, town, whole=clause is not None),
        rows=lambda: rule_rows(found),
    )
