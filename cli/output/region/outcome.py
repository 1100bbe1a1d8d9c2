"""Write what every question to a region's towns has: how many answered, and which are lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from cli.language import render
from cli.output.lines import print_line
from ledger.identifiers import redact
from ledger.instants import instant_of, instant_text, office_minute
from ledger.message import Message, Parts, Series
from projections.region.faults import FoldFaultError, sentence
from projections.region.messages import DiffQuestion, YearQuestion, is_proof

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from projections.region.editions import RegionEdition
    from projections.region.messages import Fault, Question
    from projections.region.running import Outcome
    from projections.region.towns import Town

Kind = TypeVar("Kind")

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


def divisions(
    outcome: Outcome, digits: int, kind: type[Kind]
) -> Iterator[tuple[str, str, list[str], list[Kind]]]:
    """Yield prefix, name, codes of the towns and answers of each division, by prefix.

    The last one is the region; its prefix is empty.

    Args:
        outcome: what came of a question.
        digits: of the prefix of the codes.
        kind: of the answers.
    """
    region = outcome.region
    found = {town.code: one for town, one in outcome.of_kind(kind)}
    for prefix, towns in [*region.by_prefix(digits), ("", region.towns)]:
        codes = [town.code for town in towns]
        answers = [found[code] for code in codes if code in found]
        yield prefix, region.division_name(prefix), codes, answers


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
        **_state_json(outcome.question),
    }


def _state_json(question: Question | None) -> dict[str, Any]:
    if not isinstance(question, YearQuestion):
        return {}
    if isinstance(question, DiffQuestion):  # its `to` says the time
        return {"provisional": question.provisional}
    as_of = None if question.as_of is None else instant_text(question.as_of)
    return {"as_of": as_of, "provisional": question.provisional}


def state_of(outcome: Outcome) -> list[Message]:
    """Return of which state an answer is, where that is not all verified entries up to now."""
    question, found = outcome.question, list[Message]()
    if isinstance(question, YearQuestion):
        if question.as_of is not None:
            found.append(Message("as recorded by {time}", time=office_minute(question.as_of)))
        if question.provisional:
            found.append(Message("unverified entries too"))
    return found


def edition_head(edition: RegionEdition) -> Message:
    """Return which edition is shown once more."""
    return Message(
        "as published in edition {number}, {time}, by {by}",
        number=edition.number,
        time=office_minute(instant_of(edition.at)),
        by=edition.by,
    )


def print_head(outcome: Outcome) -> None:
    """Print how many of how many towns answered, and of which state the answer is."""
    unmoved = Message("; {kept:,} of them had not moved since they were asked", kept=outcome.kept)
    print_line(
        render(
            "{region}: {counted}{unmoved}",
            region=outcome.region.name,
            counted=outcome.counted(),
            unmoved=unmoved if outcome.kept else "",
        )
    )
    if state := state_of(outcome):
        print_line(render(Message("{parts}", parts=Series(state))))


def print_lost(outcome: Outcome) -> None:
    """Print the towns that did not answer with their reasons, each reason once."""
    from cli.output.tables import Column, print_table  # noqa: PLC0415 - only for lost towns

    if not outcome.lost:
        return
    print_line(render("{count} did not answer:", count=_towns(len(outcome.lost))))
    columns = [Column(render("code")), Column(render("town")), Column(render("why"), prose=24)]
    rows = list[list[str]]()
    for why, towns in _by_reason(outcome):
        if len(towns) == 1:
            rows.append([towns[0].code, towns[0].name, redact(render(why))])
        else:
            print_line(redact(render(_shared(why, towns))))
    if rows:
        print_table(columns, rows)
    if outcome.question is not None and not is_proof(outcome.question):
        print_line(
            render("Mend what is wrong and ask again: only those and moved towns are folded.")
        )


def _by_reason(outcome: Outcome) -> list[tuple[str, list[Town]]]:
    """Return each reason with the towns that are lost for it, in the region's order."""
    found = dict[str, list["Town"]]()
    reasons = dict[str, str]()
    for town, fault in lost_towns(outcome):
        why = reason(fault)
        found.setdefault(str(why), []).append(town)
        reasons.setdefault(str(why), why)
    return [(reasons[text], towns) for text, towns in found.items()]


def _shared(why: str, towns: Sequence[Town]) -> Message:
    return Message(
        "{count}: {why} ({codes})",
        count=_towns(len(towns)),
        why=why,
        codes=Series(town.code for town in towns),
    )


def remark_lost(outcome: Outcome) -> None:
    """Remark on standard error which towns did not answer, where the output is a file or CSV."""
    from cli.output import remark  # noqa: PLC0415 - only for lost towns

    remark("{region}: {counted}", region=outcome.region.name, counted=outcome.counted())
    for why, towns in _by_reason(outcome):
        if len(towns) == 1:
            remark("{code} {name}: {why}", code=towns[0].code, name=towns[0].name, why=why)
        else:
            remark(_shared(why, towns))


def remark_no_units(outcome: Outcome) -> None:
    """Remark on standard error which towns answered but have no unit in the year."""
    from cli.output import remark  # noqa: PLC0415 - only for such towns

    bare = outcome.without_units()
    if bare:
        remark(
            "{count} without a unit that counts in the year: {towns}",
            count=_towns(len(bare)),
            towns=Series(Message("{code} {name}", code=one.code, name=one.name) for one in bare),
        )


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
