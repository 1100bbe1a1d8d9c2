"""Write what every question to a region's towns has: how many answered, and which are lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.language import render
from cli.output.lines import print_line
from ledger.identifiers import redact
from ledger.message import Message, Parts, Series
from projections.region.faults import FoldFaultError, sentence

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from projections.region.messages import Fault
    from projections.region.running import Outcome
    from projections.region.towns import Town

_NAMED = 5
"""Towns that a remark names; of more it says that there are."""


def reason(fault: Fault) -> str:
    """Return why a town is lost, in sentences that can be translated."""
    return Message("{sentences}", sentences=Parts(FoldFaultError(fault).sentences()))


def lost_towns(outcome: Outcome) -> Iterator[tuple[Town, Fault]]:
    """Yield the towns that did not answer, in the region's order."""
    for town in outcome.region.towns:
        if town.code in outcome.lost:
            yield town, outcome.lost[town.code]


def divisions(outcome: Outcome, digits: int) -> Iterator[tuple[str, str, list[str]]]:
    """Yield prefix, name and codes of the towns of each division, by prefix; last the region.

    Args:
        outcome: what came of a question.
        digits: of the prefix of the codes.
    """
    region = outcome.region
    for prefix, towns in region.by_prefix(digits):
        yield prefix, region.divisions.get(prefix, ""), [town.code for town in towns]
    yield render("all"), region.name, [town.code for town in region.towns]


def answered_of(outcome: Outcome, codes: Collection[str]) -> str:
    """Return how many of some towns answered."""
    answered = sum(code in outcome.values for code in codes)
    return render("{answered:,} of {asked:,}", answered=answered, asked=len(codes))


def head_json(outcome: Outcome) -> dict[str, Any]:
    """Return what the JSON says first: the region, and how many of how many towns answered."""
    return {
        "region": outcome.region.name,
        "asked": outcome.asked,
        "answered": len(outcome.values),
        "lost": [
            {
                "town": town.code,
                "name": town.name,
                "fault": fault.kind,
                "message": redact(str(reason(fault))),
            }
            for town, fault in lost_towns(outcome)
        ],
    }


def print_head(outcome: Outcome) -> None:
    """Print how many of how many towns answered."""
    unmoved = Message("; {kept:,} of them had not moved since they were asked", kept=outcome.kept)
    print_line(
        render(
            "{region}: {counted}{unmoved}",
            region=outcome.region.name,
            counted=outcome.counted(),
            unmoved=unmoved if outcome.kept else "",
        )
    )


def print_lost(outcome: Outcome) -> None:
    """Print the towns that did not answer, each with its reason."""
    from cli.output.tables import Column, print_table  # noqa: PLC0415 - only for lost towns

    if not outcome.lost:
        return
    print_line(render("{count} did not answer:", count=_towns(len(outcome.lost))))
    columns = [Column(render("code")), Column(render("town")), Column(render("why"), prose=24)]
    print_table(
        columns,
        [
            [town.code, town.name, redact(render(reason(fault)))]
            for town, fault in lost_towns(outcome)
        ],
    )
    print_line(render("Mend what is wrong and ask again: only those and moved towns are folded."))


def remark_lost(outcome: Outcome) -> None:
    """Remark on standard error which towns did not answer, where the output is a file or CSV."""
    from cli.output import remark  # noqa: PLC0415 - only for lost towns

    remark("{region}: {counted}", region=outcome.region.name, counted=outcome.counted())
    for town, fault in lost_towns(outcome):
        remark("{code} {name}: {why}", code=town.code, name=town.name, why=reason(fault))


def _towns(number: int) -> Message:
    return Message("{number:,} {number:town|towns}", number=number)


def remark_figures(outcome: Outcome) -> None:
    """Remark on standard error what concerns the figures of towns, those of one remark together."""
    from cli.output import remark  # noqa: PLC0415 - only for scores
    from projections.region.messages import TownScores  # noqa: PLC0415

    towns = dict[str, list[str]]()
    for town, found in outcome.of_kind(TownScores):
        for one in found.remarks:
            towns.setdefault(sentence(one), []).append(town.name)
    for words, names in towns.items():
        more = ["…"] if len(names) > _NAMED else []
        remark("{towns}: {why}", towns=Series([*names[:_NAMED], *more]), why=words)
