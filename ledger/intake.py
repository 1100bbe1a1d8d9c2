"""One set of submissions on its way in: read once, decided as often as others come first."""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING

from ledger.door import Door, Measure
from ledger.errors import EntriesRefusedError, Refusal
from ledger.knowledge import FEW
from ledger.oddities import LOOKED_AT, oddities
from ledger.spool import Spool

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from ledger.admission import Admission
    from ledger.knowledge import Knowledge
    from ledger.register import Register
    from ledger.submissions import Submission

    Source = Iterable[Submission | Refusal] | Callable[[Register], Sequence[Submission]]


class Intake:
    """What is handed in, and the door's word on it."""

    def __init__(self, source: Source, measure: Measure) -> None:
        """Of a source that has not been read yet.

        Args:
            source: entries that have passed their own checks, and refusals of those that have
                not; or what makes entries of the newest state of the ledger.
            measure: what the door asks about rulings and findings.
        """
        self._measure = measure
        self._refused: list[Refusal] = []
        self._doubtful: set[str] = set()
        self._make = source if callable(source) else None
        self._few: list[Submission] | None = None
        self._spool: Spool | None = None
        self._door: Door | None = None
        self._admission: Admission | None = None
        if not callable(source):
            sound = self._sound(source)
            first = list(islice(sound, FEW + 1))
            self._few = first if len(first) <= FEW else None
            self._spool = Spool(chain(first, sound))

    def _sound(self, source: Iterable[Submission | Refusal]) -> Iterator[Submission]:
        for outcome in source:
            if isinstance(outcome, Refusal):
                self._refused.append(outcome)
                if outcome.id is not None:
                    self._doubtful.add(outcome.id)
            else:
                yield outcome

    def known(self, knowledge: Knowledge) -> Register:
        """As much of the ledger as decides about what is handed in."""
        if self._few is None:
            return knowledge.whole()
        return knowledge.of_entries([one.entry for one in self._few])

    def admit(self, register: Register) -> Admission:
        """Asks the door, on a state of the ledger.

        Raises:
            EntriesRefusedError: every refusal at once, the source's own before the door's.
        """
        submitted = self._spool if self._make is None else self._make(register)
        assert submitted is not None
        self._door = Door(register, self._measure, self._doubtful)
        self._admission = self._door.admit(submitted)
        refusals = [*self._refused, *self._admission.refusals]
        if refusals:
            raise EntriesRefusedError(refusals)
        return self._admission

    def oddities(self) -> Iterator[str]:
        """What was admitted but looks mistaken."""
        assert self._door is not None
        assert self._admission is not None
        return oddities(self._admission.fresh.of_kinds(*LOOKED_AT), self._door)

    def close(self) -> None:
        """Gives back what was kept on the way."""
        if self._spool is not None:
            self._spool.close()
