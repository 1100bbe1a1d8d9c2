"""The data that pages are made from: the scores of one year in one state of the ledger."""

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
    from projections.scores import Scored, UnitScore


class EntryResult(NamedTuple):
    """A posting or flag that an entry led to, and its unit."""

    unit: UnitScore
    result: Posting | Flag


class YearData:
    """The scores of a year up to a day, from the ledger up to a position."""

    def __init__(
        self, session: Session, scored: Scored, years: tuple[int, ...], *, provisional: bool
    ) -> None:
        """Use `Books.year_data`."""
        self._session = session
        self.scored = scored
        self.state, self.scores = scored
        self.years, self.provisional = years, provisional
        self.head = self.state.position
        """The position of the ledger's last event."""

    @property
    def year(self) -> int:
        """Return the assessment year."""
        return self.scores.town.year

    @cached_property
    def rulebook(self) -> Rulebook:
        """Return the rulebook of the year's measure."""
        measure = self._session.loader.measure(self.state, self.year, provisional=self.provisional)
        return measure.rulebook

    @cached_property
    def effective(self) -> Effective:
        """Return which entries count."""
        return Effective(self.state, provisional=self.provisional)

    @cached_property
    def published(self) -> dict[tuple[str, str], Any]:
        """Return by unit and quarter the published figures that differ from the present ones."""
        return published_beside(self.scores, self.state)

    @cached_property
    def results_by_entry(self) -> dict[str, list[EntryResult]]:
        """Return by entry the postings and flags that it led to."""
        found: dict[str, list[EntryResult]] = {}
        for score in self.scores.units:
            results: list[Posting | Flag] = [*score.postings(), *score.flags()]
            for result in results:
                for entry in result.entries:
                    found.setdefault(entry, []).append(EntryResult(score, result))
        return found

    @cached_property
    def by_unit(self) -> dict[str, UnitScore]:
        """Return the scores by unit."""
        return {score.unit: score for score in self.scores.units}

    def state_of(self, subject: str) -> LedgerState:
        """Return the state that holds an entry, an objection or a quarter, of whatever year."""
        state = self.state
        if subject in state.entries or subject in state.objections or subject in state.editions:
            return state
        return self._session.loader.history(subject, state.position)

    def scored_unit_id(self, unit_id: str) -> str | None:
        """Return the present id of a unit, or None if the unit is not scored."""
        found = self.effective.standing(unit_id) or unit_id
        return found if found in self.by_unit else None

    def unit(self, unit_id: str) -> UnitScore:
        """Return the score of a unit, by its present id or a replaced one.

        Raises:
            MissingError: no such unit counts.
        """
        try:
            return self._session.unit(
                self.scores, self.state, unit_id, provisional=self.provisional
            )
        except OptionError as error:
            raise MissingError(message_of(error)) from None
