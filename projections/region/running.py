"""Ask all towns of a region one question, on any engine, and name those that cannot answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from ledger.errors import TallyError
from ledger.message import Message
from ledger.progress import with_progress
from projections.region.chunks import EncodedChunks, chunks
from projections.region.code_hash import code_hash
from projections.region.engines.engine import NoWorkersError
from projections.region.faults import fault_of
from projections.region.heads import heads_of
from projections.region.kept import KeptAnswers, Place
from projections.region.messages import (
    Fault,
    Question,
    Task,
    TownEdition,
    TownMissing,
    TownMoves,
    TownScores,
    Value,
    decode_answer,
    encode,
    is_proof,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from projections.region.engines.engine import Engine
    from projections.region.towns import Region, Town

Kind = TypeVar("Kind")

_BATCH = 256
"""Answers that are kept at a time."""


class LostTownError(TallyError):
    """A town was lost again when it was folded alone."""

    def __init__(self, why: str) -> None:
        super().__init__(
            Message(
                "folded alone, it was lost again: {why} Fold it by itself (`tally score --ledger "
                "URL`) to see the cause.",
                why=why,
            )
        )


class EmptyLedgerError(TallyError):
    """A town's ledger has no event."""

    def __init__(self) -> None:
        super().__init__(
            Message(
                "its ledger holds no event: the list of towns may name another file or schema than "
                "the town records into; put it right, or record something (`tally measure adopt`, "
                "`tally import`)."
            )
        )


class OtherCodeAnswerError(TallyError):
    """A worker has other code than whoever asks, and answered all the same."""

    def __init__(self, other: str) -> None:
        super().__init__(
            Message(
                "its answer is that of other code ({other}) than this ({here}); install the same "
                "version of tally on every worker.",
                other=other,
                here=code_hash()[:12],
            )
        )


class Outcome(Struct, frozen=True):
    """What came of a question: a value or a fault for every town, in the region's order."""

    region: Region
    values: dict[str, Value]
    """By code."""
    positions: dict[str, int]
    """By code of the towns that answered: the position up to which they were folded."""
    lost: dict[str, Fault]
    """By code."""
    kept: int = 0
    """How many values were kept from before."""
    question: Question | None = None
    """What was asked."""

    @property
    def asked(self) -> int:
        """Return the number of towns."""
        return len(self.region.towns)

    def of_kind(self, kind: type[Kind]) -> Iterator[tuple[Town, Kind]]:
        """Yield the towns that answered by a kind of value, in the region's order."""
        for town in self.region.towns:
            value = self.values.get(town.code)
            if isinstance(value, kind):
                yield town, value

    def without_units(self) -> list[Town]:
        """Return the towns that answered and have no unit that counts in the year."""
        return [
            town
            for town in self.region.towns
            if town.code in self.values and _units(self.values[town.code]) == 0
        ]

    def within(self, prefix: str) -> Outcome:
        """Return what came of the question to the towns of a division alone."""
        region = self.region
        towns = tuple(town for town in region.towns if town.code.startswith(prefix))
        name = region.division_name(prefix) or prefix
        codes = {town.code for town in towns}
        return Outcome(
            replace(region, name=name, towns=towns),
            {code: value for code, value in self.values.items() if code in codes},
            {code: position for code, position in self.positions.items() if code in codes},
            {code: fault for code, fault in self.lost.items() if code in codes},
            question=self.question,
        )

    def counted(self) -> Message:
        """Return how many of how many towns answered."""
        return Message(
            "{answered:,} of {asked:,} towns", answered=len(self.values), asked=self.asked
        )


def _units(value: Value) -> int | None:
    """Return how many units of a town count in the year; None if that was not asked."""
    if isinstance(value, TownEdition):
        value = value.scores
    if isinstance(value, TownScores):
        return len(value.units)
    if isinstance(value, TownMissing):
        return value.assessed
    return value.units if isinstance(value, TownMoves) else None


def ask(
    region: Region,
    question: Question,
    engine: Engine,
    positions: Mapping[str, int] | None = None,
    since: Mapping[str, int] | None = None,
) -> Outcome:
    """Ask every town a question; fold only those that moved since it was asked last.

    A town that cannot answer is lost, with its reason, and no other with it: the towns of a chunk
    that was lost are run again, each alone.

    Args:
        region: the towns.
        question: a proof is never answered from what is kept (`is_proof`).
        engine: runs the chunks.
        positions: by code, the positions to fold up to; by default those of the heads. A town
            without one is not asked, and lost.
        since: by code, the positions of the edition that a `DiffQuestion` names.

    Raises:
        TallyError: the engine cannot be reached at all.
    """
    return _Asking(region, question, engine, since or {}).run(positions)


class _Asking:
    """One question on its way."""

    def __init__(
        self, region: Region, question: Question, engine: Engine, since: Mapping[str, int]
    ) -> None:
        self._region, self._question, self._engine = region, question, engine
        self._since = since
        self._towns = {town.code: town for town in region.towns}
        self._kept = None if is_proof(question) else KeptAnswers(region, question)
        self._values = dict[str, Value]()
        self._lost = dict[str, Fault]()
        self._new = list[tuple[Place, bytes]]()
        self._places = dict[str, Place]()

    def run(self, given: Mapping[str, int] | None) -> Outcome:
        """Ask; see `ask`."""
        positions = self._positions(given)
        kept = self._from_kept()
        asked = [town for town in self._region.towns if town.code in positions]
        asked = [town for town in asked if town.code not in self._values]
        # A generator: each town counts once it is done.
        folded = self._folded(asked, positions)
        try:
            for _ in with_progress(folded, Message("towns"), lambda: len(asked)):
                if len(self._new) >= _BATCH:
                    self._keep()
        finally:
            self._keep()  # what is done is done, also if this is interrupted
        codes = tuple(self._towns)
        return Outcome(
            self._region,
            {code: self._values[code] for code in codes if code in self._values},
            {code: positions[code] for code in codes if code in self._values},
            {code: self._lost[code] for code in codes if code in self._lost},
            kept,
            self._question,
        )

    def _keep(self) -> None:
        if self._kept is not None:
            self._kept.keep(self._new)
        self._new.clear()

    def _positions(self, given: Mapping[str, int] | None) -> dict[str, int]:
        """Return the positions to fold up to; towns without one are lost."""
        found = dict[str, int]()
        for code, last in heads_of(self._region).items():
            if isinstance(last, TallyError):
                self._lose(code, last)
                continue
            head = last.position
            if not head:
                self._lose(code, EmptyLedgerError())
            elif given is None:
                found[code] = head
            elif code not in given:
                self._lose(code, TallyError(Message("no position is given for it")))
            elif given[code] > head:
                words = Message(
                    "position {position} lies beyond the ledger's end, {head}",
                    position=given[code],
                    head=head,
                )
                self._lose(code, TallyError(words))
            else:
                found[code] = given[code]
            if code in found:
                url = self._towns[code].url
                self._places[code] = Place(code, url, found[code], last.leaf)
        return found

    def _from_kept(self) -> int:
        """Take the values that are kept of towns that did not move; return their number."""
        if self._kept is None:
            return 0
        self._values |= self._kept.find(self._places.values())
        return len(self._values)

    def _folded(self, towns: Sequence[Town], positions: Mapping[str, int]) -> Iterator[str]:
        """Fold towns; yield the code of each as it is done."""
        by_server = dict[str, list[str]]()
        for town in towns:
            by_server.setdefault(town.server, []).append(town.code)
        asked = chunks(by_server)
        again = list[str]()
        for done in self._engine.run(self._tasks(asked, positions)):
            codes = asked[done.chunk]
            if done.answers is not None:
                yield from self._take(codes, positions, done.answers)
            elif isinstance(done.lost, NoWorkersError):
                yield from self._lose_all(codes, done.lost)
            else:
                again += codes
        yield from self._alone(again, positions)

    def _alone(self, codes: Sequence[str], positions: Mapping[str, int]) -> Iterator[str]:
        """Fold the towns of lost chunks one at a time, so that each is lost for itself only."""
        for number, code in enumerate(codes):
            for done in self._engine.run(self._tasks([[code]], positions)):
                if done.answers is not None:
                    yield from self._take([code], positions, done.answers)
                elif isinstance(done.lost, NoWorkersError):
                    yield from self._lose_all(codes[number:], done.lost)
                    return
                else:
                    why = "" if done.lost is None else str(done.lost)
                    yield from self._lose_all([code], LostTownError(why))

    def _tasks(self, asked: Sequence[Sequence[str]], positions: Mapping[str, int]) -> EncodedChunks:
        def encoded(code: str) -> bytes:
            url, since = self._towns[code].url, self._since.get(code)
            return encode(Task(code_hash(), code, url, positions[code], self._question, since))

        return EncodedChunks(asked, encoded)

    def _take(
        self, codes: Sequence[str], positions: Mapping[str, int], answers: Sequence[bytes]
    ) -> Iterator[str]:
        """Take the answers of a chunk, which are in the order of its towns."""
        given = iter(answers)
        for code in codes:
            self._take_one(code, positions[code], next(given, b""))
            yield code

    def _take_one(self, code: str, position: int, raw: bytes) -> None:
        """Take one answer; it is refused if it is malformed, of another task or by other code."""
        try:
            answer = decode_answer(raw)
        except msgspec.MsgspecError:
            return self._lose(code, OtherCodeAnswerError("?"))
        if answer.fault is not None and answer.town in {code, ""}:
            self._lost[code] = answer.fault
        elif (
            answer.value is None
            or (answer.town, answer.position) != (code, position)
            or answer.program != code_hash()
        ):
            self._lose(code, OtherCodeAnswerError(answer.program[:12]))
        else:
            self._values[code] = answer.value
            self._new.append((self._places[code], raw))
        return None

    def _lose(self, code: str, error: TallyError) -> None:
        self._lost[code] = fault_of(error)

    def _lose_all(self, codes: Sequence[str], error: TallyError) -> Iterator[str]:
        for code in codes:
            self._lose(code, error)
            yield code
