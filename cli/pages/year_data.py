"""The data that pages are made from: the scores of one year in one state of the ledger."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from cli.options import OptionError
from cli.pages.query import MissingError
from ledger.account_proofs import accounts_at
from ledger.accounts import NAMES_AS_TYPED
from ledger.entries import CarriedQuarter, Unit
from ledger.kinds import Kinds
from ledger.message import Message, message_of
from projections.adopted import Measures
from projections.audit import office_work
from projections.by_month import by_month
from projections.corrections import corrections
from projections.effective import Effective
from projections.moved import Moves
from projections.publication import published_beside
from projections.query import YearQuery

if TYPE_CHECKING:
    from collections.abc import Callable

    from cli.pages.computing import Computation
    from cli.session import Session
    from ledger.state import LedgerState
    from projections.adopted import MeasureInForce
    from projections.audit import OfficeWork
    from projections.by_month import ByMonth
    from projections.corrections import Correction
    from projections.margin_search import MarginSearch
    from projections.margins import Margins, UnitMargins
    from projections.measure import Measure
    from projections.postings import Flag, Posting
    from projections.scores import Scored, UnitScore
    from projections.sensitivity import Sensitivity

_KEPT = 6
"""Units and entries of which the margins are kept."""

Computed = TypeVar("Computed")


class EntryResult(NamedTuple):
    """A posting or flag that an entry led to, and its unit."""

    unit: UnitScore
    result: Posting | Flag


class YearData:
    """The scores of a year up to a day, from the ledger up to a position."""

    def __init__(
        self,
        session: Session,
        scored: Scored,
        *,
        provisional: bool,
        begin: Callable[[Callable[[], Any], bool], Computation[Any]],
    ) -> None:
        """Use `Books.year_data`."""
        self._session, self._begin = session, begin
        self._begun: list[Computation[Any]] = []
        self._moving: Computation[int] | None = None
        self._margins_of: dict[tuple[str | None, str | None], Computation[list[UnitMargins]]] = {}
        self.scored = scored
        self.state, self.scores = scored
        self.provisional = provisional
        self.head = self.state.position
        """The position of the ledger's last event."""
        self._work: OfficeWork | None = None

    @property
    def year(self) -> int:
        """Return the assessment year."""
        return self.scores.town.year

    @property
    def measure(self) -> Measure:
        """Return the year's measure."""
        return self.scores.town.measure

    @cached_property
    def measures(self) -> Measures:
        """Return the measures of all years, as this state has adopted them."""
        return Measures(self.state.adoptions)

    @cached_property
    def years(self) -> tuple[int, ...]:
        """Return the years that have a measure in force, in order."""
        return self.measures.years(provisional=self.provisional)

    @property
    def in_force(self) -> MeasureInForce:
        """Return the year's measure with its adoption."""
        return self.measures.of(self.year, provisional=self.provisional)

    @cached_property
    def kinds(self) -> Kinds:
        """Return the kinds of entries of the ledger, those of its measures among them."""
        return Kinds.of(self.measures)

    @property
    def kinds_of_year(self) -> Kinds:
        """Return the kinds of entries as the year's measure defines them."""
        return self.kinds.of_year(self.year)

    @cached_property
    def effective(self) -> Effective:
        """Return which entries count."""
        return Effective(self.state, provisional=self.provisional)

    @cached_property
    def names(self) -> Message | None:
        """Return what is said of the names in this state; None where accounts signed by then."""
        accounts = accounts_at(self._session.ledger.store, self.state.position)
        return None if accounts else NAMES_AS_TYPED

    @property
    def set_aside(self) -> list[Message]:
        """Return what is said of damaged positions that this state leaves out."""
        asides = self._session.ledger.asides.in_force(self.state.position)
        return [one.sentence() for one in asides]

    @cached_property
    def published(self) -> dict[tuple[str, str], Any]:
        """Return by unit and period the published figures that differ from the present ones."""
        return published_beside(self.scores, self.state)

    @cached_property
    def carried(self) -> dict[tuple[str, int], CarriedQuarter]:
        """Return by unit and number the periods carried forward from before the ledger."""
        known = {
            one.entry.id: one.entry
            for one in self.state.entries.values()
            if isinstance(one.entry, CarriedQuarter)
        }
        return {
            (score.unit, posting.period): known[entry]
            for score in self.scores.units
            if score.carried
            for posting in score.postings()
            for entry in posting.entries
            if entry in known and posting.period is not None
        }

    @cached_property
    def corrections(self) -> list[Correction]:
        """Return the corrections of entries of the year, and of those of no year."""
        return corrections(self.state, self.measures, self.year)

    @cached_property
    def moves(self) -> Moves:
        """Return what corrections moved, as far as it was computed."""
        return Moves(self.state, YearQuery(self.year, self.scores.town.through))

    def moving(self, asked: list[Correction]) -> Computation[int]:
        """Return what computes, beside the pages, what further corrections moved: one at a time."""
        if self._moving is None or self._moving.has_failed():
            moves = self.moves
            self._moving = self._begin(lambda: moves.compute(asked), False)
        return self._moving

    def forget_moving(self) -> None:
        """Let `moving` begin anew: whoever asked has been answered."""
        self._moving = None

    def office_work(self, seconds: int, days: int, *, wait: bool) -> OfficeWork | None:
        """Return how the office worked; what was counted last is kept.

        Args:
            seconds: within how many of them an entry counts as verified quickly.
            days: from how many days on it counts as recorded late.
            wait: whether to return None where counting takes seconds: of a large ledger.
        """
        work, session = self._work, self._session
        if work is None or (work.seconds, work.days) != (seconds, days):
            if wait and not session.loader.is_small():
                return None
            state = session.loader.entries(to=self.state.position)
            work = self._work = office_work(
                session.ledger.store, state, self.year, seconds=seconds, days=days
            )
        return work

    @cached_property
    def by_month(self) -> ByMonth:
        """Return what counts in the year by month, up to the day that is shown."""
        town = self.scores.town
        first, last = town.calendar.span(town.year)[1:]
        return by_month(self.state, self.effective, first, min(last, town.through))

    @cached_property
    def results_by_entry(self) -> dict[str, list[EntryResult]]:
        """Return by entry the postings and flags that it led to."""
        found: dict[str, list[EntryResult]] = {}
        for score in self.scores.units:
            results: list[Posting | Flag] = [*score.postings(), *score.raised()]
            for result in results:
                for entry in result.entries:
                    found.setdefault(entry, []).append(EntryResult(score, result))
        return found

    @cached_property
    def by_unit(self) -> dict[str, UnitScore]:
        """Return the scores by unit."""
        return {score.unit: score for score in self.scores.units}

    @cached_property
    def margin_search(self) -> Computation[MarginSearch]:
        """Return what finds the margins of units and of entries; of a large town it takes long."""
        from projections.margin_search import MarginSearch  # noqa: PLC0415 - it takes time to load

        return self._computed(
            lambda: MarginSearch(self.scored, provisional=self.provisional), is_short=True
        )

    def margins_of(
        self, shown: tuple[str | None, str | None], find: Callable[[], list[UnitMargins]]
    ) -> Computation[list[UnitMargins]]:
        """Return margins of what concerns all units of a town, which takes seconds in a large one.

        Args:
            shown: the unit and the entry that they are of, by which the last ones are kept.
            find: finds them.
        """
        kept = self._margins_of
        if shown not in kept:
            kept[shown] = self._begin(find, True)
            while len(kept) > _KEPT:
                kept.pop(next(iter(kept))).abandon()
        return kept[shown]

    @cached_property
    def margins(self) -> Computation[Margins]:
        """Return the margins of all units."""
        from projections.margin_search import margins  # noqa: PLC0415 - it takes time to load

        begun = self.margin_search

        def compute() -> Margins:
            search = begun.value(None)
            assert search is not None, "it waits to the end"
            return margins(search)

        return self._computed(compute)

    @cached_property
    def sensitivity(self) -> Computation[Sensitivity]:
        """Return what the readings move."""
        from projections.rescoring import Rescoring  # noqa: PLC0415 - it takes time to load
        from projections.sensitivity import sensitivity  # noqa: PLC0415

        town = self.scores.town
        query = YearQuery(town.year, town.through, self.provisional)
        return self._computed(lambda: sensitivity(Rescoring(self.state, town.measure, query)))

    def _computed(
        self, compute: Callable[[], Computed], *, is_short: bool = False
    ) -> Computation[Computed]:
        """Begin to compute a value; what is short does not wait for what takes minutes."""
        begun = self._begin(compute, is_short)
        self._begun.append(begun)
        return begun

    def abandon(self) -> None:
        """Stop computing what nobody will ask for any more."""
        moving = [] if self._moving is None else [self._moving]
        for one in (*self._begun, *self._margins_of.values(), *moving):
            one.abandon()

    def state_of(self, subject: str) -> LedgerState:
        """Return the state that holds an entry, an objection or a period, of whatever year."""
        state = self.state
        if subject in state.entries or subject in state.objections or subject in state.editions:
            return state
        return self._session.loader.history(subject, state.position)

    def unit_entry(self, unit_id: str) -> Unit | None:
        """Return the entry of a unit that counts, else the one of that id; None without one."""
        known = self.state.get(self.effective.standing(unit_id) or unit_id)
        return known.entry if known is not None and isinstance(known.entry, Unit) else None

    def scored_unit_id(self, unit_id: str) -> str | None:
        """Return the first id of a unit, or None if the unit is not scored."""
        found = self.state.root(unit_id)
        return found if found in self.by_unit else None

    def unit(self, unit_id: str) -> UnitScore:
        """Return the score of a unit, by any id that it ever had.

        Raises:
            MissingError: no such unit counts.
        """
        try:
            return self._session.unit(self.scores, self.state, unit_id)
        except OptionError as error:
            raise MissingError(message_of(error)) from None
