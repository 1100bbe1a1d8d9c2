"""Write which ledgers of a region are whole, and what is wrong with the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.language import render
from cli.output.lines import print_line
from cli.output.region.outcome import head_json, print_head, print_lost
from ledger.identifiers import redact
from projections.region.faults import sentence
from projections.region.messages import TownCheck

if TYPE_CHECKING:
    from projections.region.running import Outcome
    from projections.region.towns import Town

_SHOWN = 5
"""Findings of a town that the table lists; JSON and CSV have all."""


def damaged_towns(outcome: Outcome) -> list[tuple[Town, TownCheck]]:
    """Return the towns whose ledgers have findings or cannot be proved, in the region's order."""
    return [(town, found) for town, found in outcome.of_kind(TownCheck) if found.findings]


def print_checks(outcome: Outcome) -> None:
    """Print events and root of each ledger, what is wrong with it, and how many are whole."""
    from cli.output.tables import Column, print_table  # noqa: PLC0415 - not for CSV

    print_head(outcome)
    damaged = damaged_towns(outcome)
    if outcome.values:
        columns = [Column(render("code")), Column(render("town"))]
        columns += [Column(render("events"), right=True), Column(render("root"))]
        print_table(
            columns,
            [
                [town.code, town.name, f"{found.size:,}", found.root]
                for town, found in outcome.of_kind(TownCheck)
            ],
        )
    unproved = [town for town, found in damaged if found.lacks_key]
    for town in unproved:
        print_line(
            render(
                "{code} {name}: cannot be proved: there is no public key; put the town's .pub "
                "beside its ledger, or in ~/.config/tally for a server, on the computer that reads "
                "it (docs/province.md)",
                code=town.code,
                name=town.name,
            )
        )
    for town, found in damaged:
        if found.lacks_key:
            continue
        for one in found.findings[:_SHOWN]:
            words = redact(render(sentence(one)))
            print_line(render("{code} {name}: {why}", code=town.code, name=town.name, why=words))
        if len(found.findings) > _SHOWN:
            print_line(
                render(
                    "{code} {name}: … and {more} more (`tally check --ledger {url}`)",
                    code=town.code,
                    name=town.name,
                    more=len(found.findings) - _SHOWN,
                    url=town.url,
                )
            )
    print_line(
        render(
            "whole: {whole:,}, damaged: {damaged:,}",
            whole=len(outcome.values) - len(damaged),
            damaged=len(damaged) - len(unproved),
        )
    )
    if unproved:
        print_line(render("not proved for want of a public key: {number:,}", number=len(unproved)))
    print_lost(outcome)


def check_json(outcome: Outcome) -> dict[str, Any]:
    """Return the JSON of `region check`."""
    return {
        **head_json(outcome),
        "whole": len(outcome.values) - len(damaged_towns(outcome)),
        "towns": [
            {
                "town": town.code,
                "name": town.name,
                "size": found.size,
                "root": found.root,
                "findings": [redact(str(sentence(one))) for one in found.findings],
            }
            for town, found in outcome.of_kind(TownCheck)
        ],
    }


def check_rows(outcome: Outcome) -> tuple[list[str], list[list[Any]]]:
    """Return CSV header and rows: a row for each finding, and for each whole ledger."""
    rows = [
        [town.code, town.name, found.size, found.root, words]
        for town, found in outcome.of_kind(TownCheck)
        for words in [redact(str(sentence(one))) for one in found.findings] or [""]
    ]
    return ["town", "name", "size", "root", "finding"], rows
