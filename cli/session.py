"""An open ledger with its rulebook: where the parts of the program are put together."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from cli.options import OptionError, day, known_year, moment
from ledger.application import Ledger
from ledger.stores import open_store
from ledger.vocabulary import OFFICE_TIME
from projections.calendar import last_day, year_of
from projections.effective import Effective
from projections.occurrence import year_of_entry
from projections.rulebook import Rulebook, load_rulebook
from projections.scores import UnitScore, YearScores, score_year

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.register import Register


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

    def register(self, as_of: str | None = None, option: str = "--as-of") -> Register:
        """The lives of all entries, as of now or as known then.

        Args:
            as_of: a position or a recorded time, as an option gave it.
            option: the option, for messages.

        Raises:
            OptionError: `as_of` is no position or time of this ledger.
        """
        point = moment(option, as_of)
        if point is None:
            return self.ledger.register()
        if isinstance(point, int):
            head = self.ledger.store.recorder.max_notification_id() or 0
            if point > head:
                raise OptionError(option, f"the ledger ends at position {head}")
            return self.ledger.register_at(point)
        return self.ledger.register_at(self.ledger.position_at(point))

    def scores(
        self,
        register: Register,
        year: int | None,
        through: str | None,
        *,
        provisional: bool = False,
    ) -> YearScores:
        """The scores of a year; the latest recorded one and its last day unless told otherwise."""
        chosen = latest_year(register) if year is None else known_year("--year", year)
        until = day("--through", through) or self.default_day(chosen)
        return score_year(register, self.rulebook, chosen, until, provisional=provisional)

    def check_clause(self, subject: str) -> None:
        """Refuses a posting (`2016Q2:screening`) of a clause that the measure does not have."""
        _, colon, clause = subject.partition(":")
        if colon and clause not in self.rulebook.clauses:
            known = ", ".join(self.rulebook.clauses)
            raise OptionError("POSTING", f"no clause {clause!r}; one of {known}")

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
            life = register.get(unit_id)
            why = (
                "is not in this ledger; `tally score` shows its units"
                if life is None
                else "does not count"
            )
            if life is not None and life.entry.KIND != "unit":
                why = f"is a {life.entry.KIND}, not a unit"
            elif life is not None and life.verified is None:
                why = "is not verified yet; `tally verify` it, or add --provisional"
            raise OptionError("unit", f"{unit_id} {why} (as of position {register.position})")
        return found


def latest_year(register: Register) -> int:
    """The latest assessment year, begun by now, of an entry that counts, or else of any."""
    now = year_of(today())
    for provisional in (False, True):
        # A mistyped year that nobody has verified is not to lead everybody astray.
        effective = Effective(register, provisional=provisional)
        years = {year_of_entry(entry, register, effective) for _, entry in effective.entries()}
        begun = [year for year in years if year is not None and year <= now]
        if begun:
            return max(begun)
    return now


@contextmanager
def session(url: str) -> Iterator[Session]:
    """Opens the ledger at a URL under the rulebook, and closes it."""
    store = open_store(url)
    try:
        rulebook = load_rulebook()
        yield Session(Ledger(store, rulebook), rulebook, url)
    finally:
        store.close()
