"""An open ledger with its rulebook: where the parts of the program are put together."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from cli.options import OptionError, day, known_year, moment
from ledger import view as views
from ledger.application import Ledger
from ledger.saying import Said, Series
from ledger.stores import open_store
from ledger.vocabulary import OFFICE_TIME
from projections.calendar import last_day, year_of
from projections.effective import Effective
from projections.latest import latest_year
from projections.reading import Reading, Wish
from projections.rulebook import Rulebook, load_rulebook
from projections.scores import UnitScore, YearScores, score_year

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ledger.register import Register
    from ledger.view.view import View
    from projections.reading import Scored


def today() -> date:
    """The office's calendar day."""
    return datetime.now(OFFICE_TIME).date()


@dataclass(frozen=True, slots=True)
class Session:
    """An open ledger, its rulebook, and views of it as they were known."""

    ledger: Ledger
    rulebook: Rulebook
    url: str | None = None
    """As it was named; where the ledger's key is found."""
    view: Callable[[], View | None] = lambda: None
    """Opens the view of a large ledger; None for a small one, and where none can be kept."""

    def register(self, as_of: str | None = None, option: str = "--as-of") -> Register:
        """The lives of all entries, as of now or as known then.

        Args:
            as_of: a position or a recorded time, as an option gave it.
            option: the option, for messages.

        Raises:
            OptionError: `as_of` is no position or time of this ledger.
        """
        position = self.position(as_of, option)
        return self.ledger.state() if position is None else self.ledger.state_at(position)

    def position(self, as_of: str | None, option: str = "--as-of") -> int | None:
        """The position that an option names by itself or by a recorded time; None for now.

        Raises:
            OptionError: `as_of` is no position or time of this ledger.
        """
        point = moment(option, as_of)
        if isinstance(point, int):
            head = self.ledger.position()
            if point > head:
                raise OptionError(option, Said("the ledger ends at position {head}", head=head))
            return point
        return None if point is None else self.ledger.position_at(point)

    def read(
        self,
        as_of: str | None,
        year: int | None,
        through: str | None,
        *,
        provisional: bool,
        unit: str | None = None,
        findings: bool = False,
        cached: bool = True,
    ) -> Scored:
        """Scores as options ask for them, by the cheapest way; see `projections.reading`.

        Args:
            as_of: a position or a recorded time; None for now.
            year: the assessment year; None for the latest one.
            through: the day; None for the year's last, or today.
            provisional: whether unverified entries count too.
            unit: the unit that is looked at.
            findings: whether postings are looked at.
            cached: whether the view may be used.
        """
        until = day("--through", through)
        wish = Wish(
            None if year is None else known_year("--year", year),
            self.default_day if until is None else lambda _: until,
            provisional,
            unit,
            findings,
        )
        return self._reading(cached=cached).scored(wish, self.position(as_of))

    def life(self, subject: str, as_of: str | None, *, cached: bool = True) -> Register:
        """As much of the register as tells the history of a subject, as of now or as known then."""
        return self._reading(cached=cached).life(subject, self.position(as_of))

    def _reading(self, *, cached: bool) -> Reading:
        view = self.view if cached else None
        return Reading(self.ledger, self.rulebook, year_of(today()), view)

    def scores(
        self,
        register: Register,
        year: int | None,
        through: str | None,
        *,
        provisional: bool = False,
    ) -> YearScores:
        """The scores of a year; the latest recorded one and its last day unless told otherwise."""
        now = year_of(today())
        chosen = latest_year(register, now) if year is None else known_year("--year", year)
        until = day("--through", through) or self.default_day(chosen)
        return score_year(register, self.rulebook, chosen, until, provisional=provisional)

    def check_clause(self, subject: str) -> None:
        """Refuses a posting (`2016Q2:screening`) of a clause that the measure does not have."""
        _, colon, clause = subject.partition(":")
        if colon and clause not in self.rulebook.clauses:
            known = Series(self.rulebook.clauses)
            raise OptionError(
                "POSTING", Said("no clause {clause!r}; one of {known}", clause=clause, known=known)
            )

    def checkpoint(self) -> str | None:
        """The ledger's signed checkpoint, where there is a key to sign with."""
        from ledger.integrity.checkpoint import checkpoint_text  # noqa: PLC0415 - for publish
        from ledger.integrity.keys import find_key  # noqa: PLC0415

        key = None if self.url is None else find_key(self.url)
        return None if key is None else checkpoint_text(self.ledger.store, key)

    def default_day(self, year: int) -> date:
        """The day at whose close a year is seen unless told otherwise."""
        return min(today(), last_day(year))

    def unit(
        self, scores: YearScores, register: Register, unit_id: str, *, provisional: bool
    ) -> UnitScore:
        """The score of a unit, under its present id or one that a correction replaced.

        Raises:
            OptionError: no such unit counts.
        """
        standing = Effective(register, provisional=provisional).standing(unit_id)
        found = scores.unit(standing or unit_id)
        if found is None:
            life = register.get(unit_id) or self.ledger.life(unit_id, register.position)
            why = (
                Said("is not in this ledger; `tally score` shows its units")
                if life is None
                else Said("does not count")
            )
            if life is not None and life.entry.KIND != "unit":
                why = Said("is a {found}, not a unit", found=life.entry.KIND)
            elif life is not None and life.verified is None:
                why = Said("is not verified yet; `tally verify` it, or add --provisional")
            raise OptionError(
                "unit",
                Said(
                    "{unit_id} {why} (as of position {position})",
                    unit_id=unit_id,
                    why=why,
                    position=register.position,
                ),
            )
        return found


@contextmanager
def session(url: str) -> Iterator[Session]:
    """Opens the ledger at a URL under the rulebook, and closes it."""
    store = open_store(url)
    try:
        rulebook = load_rulebook()
        held: list[View | None] = []

        def view() -> View | None:
            """The view of a large ledger, opened once it is asked for."""
            large = store.position() > views.SMALL
            if large and not held:
                from ledger.view.view import open_view  # noqa: PLC0415

                held.append(open_view(url, store))
            return held[0] if large and held else None

        opened = Session(Ledger(store, rulebook, view=view), rulebook, url, view)
        try:
            yield opened
        finally:
            for one in held:
                if one is not None:
                    one.close()
    finally:
        store.close()
