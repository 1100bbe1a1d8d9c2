"""An open ledger with its rulebook, and the readings of it that commands ask for."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from cli.options import OptionError
from ledger import read_model
from ledger.application import Ledger
from ledger.message import Message, Series
from ledger.stores import open_store
from ledger.vocabulary import OFFICE_TIME
from projections.calendar import last_day, quarter_end, quarter_start, year_of
from projections.effective import Effective
from projections.latest import latest_year
from projections.reading import Reading, Wish
from projections.rulebook import Rulebook, load_rulebook
from projections.scores import UnitScore, YearScores, score_year

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cli.parameters.times import Quarter
    from ledger.read_model.read_model import ReadModel
    from ledger.state import LedgerState
    from projections.query import ScoreQuery
    from projections.reading import Scored


def not_begun(period: object, scores: YearScores) -> Message:
    """Say that a quarter has not begun on the day up to which a year was scored."""
    through = scores.town.through
    return Message("{period} has not begun on {through}", period=period, through=through)


def today() -> date:
    """Return today's date at the office (UTC+08:00)."""
    return datetime.now(OFFICE_TIME).date()


@dataclass(frozen=True, slots=True)
class Session:
    """An open ledger under its rulebook."""

    ledger: Ledger
    rulebook: Rulebook
    url: str | None = None
    """The URL that was given; the ledger's key is kept beside it."""
    read_model: Callable[[], ReadModel | None] = lambda: None
    """Opens the view of a large ledger; returns None for a small one or where none can be kept."""

    def state(self, as_of: int | datetime | None = None, option: str = "--as-of") -> LedgerState:
        """Return the state of all entries, now or as of a position or a recorded time.

        Args:
            as_of: a position or a recorded time; None for now.
            option: the option that named it, for messages.

        Raises:
            OptionError: the position lies beyond the ledger's end.
        """
        position = self.position(as_of, option)
        return self.ledger.state() if position is None else self.ledger.state_at(position)

    def position(self, as_of: int | datetime | None, option: str = "--as-of") -> int | None:
        """Return the position that a position or a recorded time means; None for now.

        Raises:
            OptionError: the position lies beyond the ledger's end.
        """
        if isinstance(as_of, int):
            head = self.ledger.position()
            if as_of > head:
                raise OptionError(option, Message("the ledger ends at position {head}", head=head))
            return as_of
        return None if as_of is None else self.ledger.position_at(as_of)

    def read(self, query: ScoreQuery, *, findings: bool = False, cached: bool = True) -> Scored:
        """Return the scores that a query asks for, read the cheapest way.

        Args:
            query: what is asked for.
            findings: whether postings are needed, and not only their sums.
            cached: whether the view may be used.

        Raises:
            OptionError: the position lies beyond the ledger's end.
        """
        until = query.through
        wish = Wish(
            query.year,
            self.default_day if until is None else lambda _: until,
            query.provisional,
            query.unit,
            findings,
        )
        return self._reading(cached=cached).scored(wish, self.position(query.as_of))

    def life(
        self, subject: str, as_of: int | datetime | None, *, cached: bool = True
    ) -> LedgerState:
        """Return the part of the state that holds the history of a subject."""
        return self._reading(cached=cached).life(subject, self.position(as_of))

    def _reading(self, *, cached: bool) -> Reading:
        view = self.read_model if cached else None
        return Reading(self.ledger, self.rulebook, year_of(today()), read_model)

    def scores(
        self,
        state: LedgerState,
        year: int | None,
        through: date | None,
        *,
        provisional: bool = False,
    ) -> YearScores:
        """Return the scores of a year from a state of the ledger.

        Args:
            state: the state.
            year: the assessment year; None for the latest recorded one.
            through: count what happened up to this day; None for the year's last day, or today.
            provisional: whether unverified entries count too.
        """
        chosen = latest_year(state, year_of(today())) if year is None else year
        until = through or self.default_day(chosen)
        return score_year(state, self.rulebook, chosen, until, provisional=provisional)

    def quarter_scores(
        self, state: LedgerState, quarter: Quarter, through: date | None
    ) -> YearScores:
        """Return the scores of a year at the end of a quarter of it.

        Args:
            state: the state of the ledger.
            quarter: the quarter.
            through: count what happened up to this day; None for the quarter's last, or today.

        Raises:
            OptionError: the quarter has not begun on that day.
        """
        year, number = quarter
        end = min(quarter_end(quarter_start(year, number)), self.default_day(year))
        scores = self.scores(state, year, through or end)
        if scores.units and len(scores.units[0].quarters) < number:
            raise OptionError("QUARTER", not_begun(quarter, scores))
        return scores

    def check_clause(self, subject: str) -> None:
        """Refuse a posting (`2016Q2:screening`) of a clause that does not exist."""
        _, colon, clause = subject.partition(":")
        if colon and clause not in self.rulebook.clauses:
            known = Series(self.rulebook.clauses)
            raise OptionError(
                "POSTING",
                Message("no clause {clause!r}; one of {known}", clause=clause, known=known),
            )

    def checkpoint(self) -> str | None:
        """Return a signed checkpoint of the ledger, or None without a key to sign with."""
        from ledger.integrity.checkpoint import checkpoint_text  # noqa: PLC0415 - for publish
        from ledger.integrity.keys import find_key  # noqa: PLC0415

        key = None if self.url is None else find_key(self.url)
        return None if key is None else checkpoint_text(self.ledger.store, key)

    def default_day(self, year: int) -> date:
        """Return the last day of a year, or today in a year that has not ended."""
        return min(today(), last_day(year))

    def unit(
        self, scores: YearScores, state: LedgerState, unit_id: str, *, provisional: bool
    ) -> UnitScore:
        """Return the score of a unit, by its present id or a replaced one.

        Raises:
            OptionError: no unit of that id counts; the message says why.
        """
        standing = Effective(state, provisional=provisional).standing(unit_id)
        found = scores.unit(standing or unit_id)
        if found is None:
            life = state.get(unit_id) or self.ledger.life(unit_id, state.position)
            why = (
                Message("is not in this ledger; `tally score` shows its units")
                if life is None
                else Message("does not count")
            )
            if life is not None and life.entry.KIND != "unit":
                why = Message("is a {found}, not a unit", found=life.entry.KIND)
            elif life is not None and life.verified is None:
                why = Message("is not verified yet; `tally verify` it, or add --provisional")
            raise OptionError(
                "unit",
                Message(
                    "{unit_id} {why} (as of position {position})",
                    unit_id=unit_id,
                    why=why,
                    position=state.position,
                ),
            )
        return found


@contextmanager
def session(url: str) -> Iterator[Session]:
    """Open the ledger at a URL under the rulebook; close it at the end."""
    store = open_store(url)
    try:
        rulebook = load_rulebook()
        held: list[ReadModel | None] = []

        def read_model() -> ReadModel | None:
            """Return the view of a large ledger, opened on the first call."""
            large = store.position() > read_model.SMALL
            if large and not held:
                from ledger.read_model.read_model import open_read_model  # noqa: PLC0415

                held.append(open_read_model(url, store))
            return held[0] if large and held else None

        opened = Session(Ledger(store, rulebook, read_model=read_model), rulebook, url, read_model)
        try:
            yield opened
        finally:
            for one in held:
                if one is not None:
                    one.close()
    finally:
        store.close()
