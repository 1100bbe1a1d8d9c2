"""One year at the close of a day, as known at a position: what every page is made from."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from cli.options import OptionError
from cli.pages.query import MissingError
from ledger.message import message_of
from projections.effective import Effective
from projections.publication import published_beside

if TYPE_CHECKING:
    from cli.session import Session
    from ledger.state import LedgerState
    from projections.postings import Flag, Posting
    from projections.rulebook import Rulebook
    from projections.scores import UnitScore, YearScores


class EntryFinding(NamedTuple):
    """That an entry bears on a posting or a flag of a unit."""

    unit: UnitScore
    finding: Posting | Flag


class YearData:
    """One year at the close of a day, as known at a position."""

    def __init__(
        self, session: Session, state: LedgerState, scores: YearScores, years: tuple[int, ...]
    ) -> None:
        """Made by `Books.year_data`."""
        self._session = session
        self.state, self.scores, self.years = state, scores, years
        self.provisional = False
        self.head = state.position
        """The position that the ledger ends at; a reader may ask for any up to it."""

    @property
    def year(self) -> int:
        """The assessment year."""
        return self.scores.town.year

    @property
    def rulebook(self) -> Rulebook:
        """The measure."""
        return self._session.rulebook

    @cached_property
    def effective(self) -> Effective:
        """Which entries count."""
        return Effective(self.state, provisional=self.provisional)

    @cached_property
    def published(self) -> dict[tuple[str, str], Any]:
        """By unit and quarter, published figures that are others now."""
        return published_beside(self.scores, self.state)

    @cached_property
    def findings_by_entry(self) -> dict[str, list[EntryFinding]]:
        """By entry, what it bears on."""
        found: dict[str, list[EntryFinding]] = {}
        for score in self.scores.units:
            findings: list[Posting | Flag] = [*score.postings(), *score.flags()]
            for finding in findings:
                for entry in finding.entries:
                    found.setdefault(entry, []).append(EntryFinding(score, finding))
        return found

    @cached_property
    def by_unit(self) -> dict[str, UnitScore]:
        """The score of each unit."""
        return {score.unit: score for score in self.scores.units}

    def scored_unit_id(self, unit_id: str) -> str | None:
        """The id under which a unit is scored; None where it is not."""
        found = self.effective.standing(unit_id) or unit_id
        return found if found in self.by_unit else None

    def unit(self, unit_id: str) -> UnitScore:
        """The score of a unit, under its present id or one that a correction replaced.

        Raises:
            MissingError: no such unit counts.
        """
        try:
            return self._session.unit(
                self.scores, self.state, unit_id, provisional=self.provisional
            )
        except OptionError as error:
            raise MissingError(message_of(error)) from None
