"""Publish the scores of a region's towns, and give them again exactly as they were."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from ledger.errors import TallyError
from ledger.message import Message, Parts, Series
from projections.region.code_hash import code_hash
from projections.region.editions import EditionTown, LeftOut, RegionEdition, append_edition
from projections.region.faults import FoldFaultError, fault_of
from projections.region.messages import EditionQuestion, TownEdition, TownMoves
from projections.region.running import Outcome, ask
from projections.region.towns import Town

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from projections.region.engines.engine import Engine
    from projections.region.messages import DiffQuestion, Fault, Question, TownScores, Value
    from projections.region.towns import Region


class HolesError(TallyError):
    """Towns are lost that the edition is not said to be without."""

    def __init__(
        self, outcome: Outcome, holes: Collection[str], without: Collection[str] = ()
    ) -> None:
        """Take the holes, and the towns that the edition was said to be without."""
        self.outcome = outcome
        super().__init__(
            Message(
                "nothing was published: {lost} of {asked} {asked:town|towns} did not answer "
                "({towns}). Mend what is wrong and ask again{otherwise}",
                lost=len(holes),
                asked=outcome.asked,
                towns=Series(holes),
                otherwise=Message(
                    ", or publish without them, which the edition says: --without {codes}",
                    codes=",".join([*without, *holes]),
                )
                if outcome.values
                else ".",
            )
        )


class WithoutError(TallyError):
    """A town was to be left out that is not lost, or is none of the region's."""


class LeftOutError(TallyError):
    """An edition is without a town, which did not answer when it was made."""

    def __init__(self, number: int, fault: Fault) -> None:
        why = Parts(FoldFaultError(fault).sentences())
        super().__init__(Message("edition {number} is without it: {why}", number=number, why=why))


class NoUnitsError(TallyError):
    """A town has no unit whose scores could be published."""

    def __init__(self, year: int) -> None:
        super().__init__(
            Message(
                "no unit of it counts in {year}: record and verify its units, or correct the list "
                "of towns.",
                year=year,
            )
        )


class GoneError(TallyError):
    """A town of an edition is not in the region any more."""

    def __init__(self) -> None:
        super().__init__(Message("it is not in the region's list any more."))


class MovedRootError(TallyError):
    """A town's ledger up to a position is not the one that was published."""

    def __init__(self, position: int, published: str, now: str) -> None:
        super().__init__(
            Message(
                "its events up to position {position} are not those that were published: their "
                "root was {published}, and is {now}; `tally check` shows what is wrong with them.",
                position=position,
                published=published,
                now=now,
            )
        )


class OtherScoresError(TallyError):
    """The same events give other scores than were published."""

    def __init__(self, published: str, now: str) -> None:
        words = Message(
            "the same events give other scores than were published: that was by other code "
            "({published}) than this ({now}); use the version of then.",
            published=published[:12],
            now=now[:12],
        )
        if published == now:
            words = Message(
                "the same events give other scores than were published, with the same program."
            )
        super().__init__(words)


def scores_sha256(scores: TownScores) -> str:
    """Return the SHA-256 of a town's scores: JSON of each unit's figures, in their order.

    Of a later version of the program that scores alike it is the same.
    """
    figures = [
        [one.unit, one.rank, one.total, list(one.flags), one.eligible, one.band]
        for one in scores.units
    ]
    readings = sorted(scores.readings.items())
    head = [scores.year, scores.through.isoformat(), scores.measure_sha256, readings]
    return sha256(msgspec.json.encode([head, figures])).hexdigest()


def publish(
    region: Region,
    question: EditionQuestion,
    engine: Engine,
    by: str,
    at: str,
    without: Collection[str] = (),
) -> tuple[RegionEdition, Outcome]:
    """Record an edition of a region; return it with the scores.

    Args:
        region: the region.
        question: of a year, all that is recorded by now.
        engine: runs the chunks.
        by: who publishes.
        at: when, in UTC.
        without: codes of lost towns that the edition is without.

    Raises:
        HolesError: another town is lost too, or has no unit that counts in the year.
        WithoutError: a town to be left out answered, or is none of the region's.
        DamagedEditionsError, EditionsFileError: as `append_edition`.
    """
    assert question.year is not None, "an edition is of a year"
    _check_known(region, without)
    found = ask(region, question, engine)
    no_units = fault_of(NoUnitsError(question.year))
    bare = {town.code: no_units for town in found.without_units()}
    outcome = _outcome(found, {**found.lost, **bare})
    _check_holes(outcome, without)
    edition = RegionEdition(
        0,
        question.year,
        question.through,
        question.today,
        by,
        at,
        code_hash(),
        {one.scores.measure_sha256: one.scores.measure for one in _shown(outcome).values()},
        _towns(outcome),
        tuple(
            LeftOut(town.code, town.name, outcome.lost[town.code])
            for town in region.towns
            if town.code in outcome.lost
        ),
    )
    return append_edition(region, edition), outcome


def reproduced(region: Region, edition: RegionEdition, engine: Engine) -> Outcome:
    """Return the scores of an edition once more, from the same events.

    Lost are the towns that it was without, those that are not in the region's list any more, those
    whose events up to the position are others now, and those whose scores are.
    """
    question = EditionQuestion(edition.on, edition.year, edition.through)
    found = of_towns(region, edition, question, engine)
    published = {one.town: one for one in edition.towns}
    lost, values = dict(found.lost), dict[str, "Value"]()
    for code, shown in _shown(found).items():
        error = _differs(shown, published[code], edition.program)
        if error is None:
            values[code] = shown.scores
        else:
            lost[code] = fault_of(error)
    return _outcome(replace(found, values=values), lost)


def _differs(shown: TownEdition, published: EditionTown, program: str) -> TallyError | None:
    if shown.root != published.root:
        return MovedRootError(published.position, published.root, shown.root)
    if scores_sha256(shown.scores) != published.scores:
        return OtherScoresError(program, code_hash())
    return None


def moved_since(
    region: Region, edition: RegionEdition, question: DiffQuestion, engine: Engine
) -> Outcome:
    """Return what moved since an edition; lost are also towns whose published events are others.

    The units of towns that joined the region since are new.

    Args:
        region: the region.
        edition: one of it.
        question: names the edition by its root.
        engine: runs the chunks.
    """
    published = {one.town: one for one in edition.towns}
    since = {town.code: 0 for town in region.towns}
    since |= {code: one.position for code, one in published.items()}
    found = of_towns(region, edition, question, engine, since)
    lost = dict(found.lost)
    for code, moves in found.values.items():
        assert isinstance(moves, TownMoves), "what moved was asked"
        one = published.get(code)
        if one is not None and moves.root is not None and moves.root != one.root:
            lost[code] = fault_of(MovedRootError(one.position, one.root, moves.root))
    return _outcome(found, lost)


def of_towns(
    region: Region,
    edition: RegionEdition,
    question: Question,
    engine: Engine,
    since: Mapping[str, int] | None = None,
) -> Outcome:
    """Ask the towns of an edition, up to their positions in it.

    The region of the outcome has the towns of the edition, those that it was without too.

    Args:
        region: the region as it is now.
        edition: one of it.
        question: about a town.
        engine: runs the chunks.
        since: by code, positions from which all towns are asked up to now, those too that joined
            the region since.
    """
    names = {one.town: one.name for one in edition.towns}
    names |= {one.town: one.name for one in edition.without}
    here = {town.code: town for town in region.towns}
    gone = [Town(code, name, "", "") for code, name in names.items() if code not in here]
    towns = [town for town in region.towns if since is not None or town.code in names]
    lost = {town.code: fault_of(GoneError()) for town in gone}
    for one in edition.without:
        lost[one.town] = fault_of(LeftOutError(edition.number, one.fault))
    asked = replace(region, towns=tuple(town for town in towns if town.code not in lost))
    positions = {one.town: one.position for one in edition.towns} if since is None else None
    found = ask(asked, question, engine, positions, since)
    whole = replace(region, towns=(*towns, *gone))
    return _outcome(replace(found, region=whole), {**lost, **found.lost})


def _outcome(found: Outcome, lost: Mapping[str, Fault]) -> Outcome:
    """Return an outcome some more of whose towns are lost."""
    values = {code: value for code, value in found.values.items() if code not in lost}
    positions = {code: found.positions[code] for code in values}
    ordered = {town.code: lost[town.code] for town in found.region.towns if town.code in lost}
    return Outcome(found.region, values, positions, ordered, found.kept, found.question)


def _shown(outcome: Outcome) -> dict[str, TownEdition]:
    return {code: one for code, one in outcome.values.items() if isinstance(one, TownEdition)}


def _towns(outcome: Outcome) -> tuple[EditionTown, ...]:
    names = {town.code: town.name for town in outcome.region.towns}
    return tuple(
        EditionTown(
            code,
            names[code],
            outcome.positions[code],
            shown.root,
            shown.scores.measure_sha256,
            scores_sha256(shown.scores),
        )
        for code, shown in sorted(_shown(outcome).items())
    )


def _check_known(region: Region, without: Collection[str]) -> None:
    unknown = [code for code in without if code not in {town.code for town in region.towns}]
    if unknown:
        words = Message("{codes}: no town of the region has this code", codes=Series(unknown))
        raise WithoutError(words)


def _check_holes(outcome: Outcome, without: Collection[str]) -> None:
    holes = [code for code in outcome.lost if code not in without]
    if holes:
        raise HolesError(outcome, holes, without)
    answered = [code for code in without if code in outcome.values]
    if answered:
        words = Message(
            "{codes} answered: an edition is without no town that can be read; leave it out of "
            "--without",
            codes=Series(answered),
        )
        raise WithoutError(words)
    if not outcome.values:
        raise WithoutError(Message("no town is left to publish"))
