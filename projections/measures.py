"""The measure of each assessment year, as the ledger adopted it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.adoptions import in_force, measure_sha256
from ledger.errors import TallyError
from ledger.message import Message
from projections.measure_content import BUILTIN, content_of, rulebook_of
from projections.rulebook import load_rulebook

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ledger.adoptions import Adoption
    from ledger.entries import InspectionFinding, Ruling
    from projections.rulebook import Rulebook

LEGACY_YEAR = 2016
"""The year of a ledger made before measures were adopted; the program's own measure is of it."""

_BUILT: dict[str, Rulebook] = {}
"""By SHA-256 of the content, what was built of it."""


class NoMeasureError(TallyError):
    """A year has no measure in force."""

    def __init__(self, year: int, awaiting: Adoption | None = None) -> None:
        words = Message(
            "year {year} has no measure: adopt one with `tally measure adopt ID|DIR --year {year}`",
            year=year,
        )
        if awaiting is not None:
            words = Message(
                "the measure of {year}, {measure}, awaits verification: `tally verify "
                "measure:{year}`, or add --provisional",
                year=year,
                measure=awaiting.event.measure,
            )
        super().__init__(words)


class MeasureInForce(NamedTuple):
    """The measure of a year, and its adoption; None in a ledger without adoptions."""

    rulebook: Rulebook
    adoption: Adoption | None

    def as_json(self) -> dict[str, Any]:
        """Return the contract's `measure`: id, SHA-256, position of the adoption."""
        if self.adoption is None:
            sha256 = measure_sha256(content_of(BUILTIN))
            return {"id": BUILTIN, "sha256": sha256, "adopted_at": None}
        event = self.adoption.event
        return {
            "id": event.measure,
            "sha256": event.sha256,
            "adopted_at": self.adoption.ref.position,
        }


class Measures:
    """The measures of a ledger in one of its states; `ledger.rules.Measure`."""

    def __init__(self, adoptions: Mapping[int, Sequence[Adoption]]) -> None:
        """Read the adoptions of a state, by year."""
        self._adoptions = adoptions
        founded = any(one.event.founding for some in adoptions.values() for one in some)
        self.legacy = not founded
        """Whether the ledger was made before measures were adopted, or is seen before it was made.

        Its year 2016 is under the program's own measure until it adopts one for that year.
        """

    def years(self, *, provisional: bool = False) -> tuple[int, ...]:
        """Return the years that have a measure in force, in order.

        Args:
            provisional: whether adoptions that await verification count too.
        """
        found = {LEGACY_YEAR} if self.legacy else set()
        for year, adoptions in self._adoptions.items():
            if in_force(adoptions, provisional=provisional) is not None:
                found.add(year)
        return tuple(sorted(found))

    def of(self, year: int, *, provisional: bool = False) -> MeasureInForce:
        """Return the measure of a year.

        Args:
            year: the assessment year.
            provisional: whether an adoption that awaits verification counts too.

        Raises:
            NoMeasureError: the year has none in force.
        """
        adoptions = self._adoptions.get(year, ())
        adoption = in_force(adoptions, provisional=provisional)
        if adoption is not None:
            return MeasureInForce(_rulebook(adoption), adoption)
        if self.legacy and year == LEGACY_YEAR:
            return MeasureInForce(load_rulebook(), None)
        raise NoMeasureError(year, in_force(adoptions, provisional=True))

    def objections(self, entry: Ruling | InspectionFinding) -> Iterable[tuple[str, str]]:
        """Return what is wrong with a ruling or a finding, as (field, message).

        Nothing is known to be wrong where its year has no measure yet.
        """
        adoptions = self._adoptions.get(entry.year, ())
        adoption = in_force(adoptions) or in_force(adoptions, provisional=True)
        if adoption is not None:
            return _rulebook(adoption).objections(entry)
        return load_rulebook().objections(entry) if self.legacy else ()


def _rulebook(adoption: Adoption) -> Rulebook:
    """Return the rulebook of an adopted content, built once a process."""
    sha256 = adoption.event.sha256
    if sha256 not in _BUILT:
        _BUILT[sha256] = rulebook_of(adoption.event.content)
    return _BUILT[sha256]
