"""An open ledger with its rulebook, and the readings of it that commands ask for."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from cli.options import OptionError
from ledger import read_model
from ledger.application import Ledger
from ledger.message import Message, Series, message_of
from ledger.stores import open_store
from ledger.vocabulary import OFFICE_TIME
from projections.calendar import quarter_end, quarter_start
from projections.effective import Effective
from projections.loader import BeyondTheEndError, Loader
from projections.rulebook import Rulebook, load_rulebook

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cli.options import ScoreOptions
    from cli.parameters.times import Quarter
    from ledger.read_model.read_model import ReadModel
    from ledger.state import LedgerState
    from projections.query import ScoreQuery
    from projections.scores import Scored, UnitScore, YearScores


def check_begun(quarter: Quarter, scores: YearScores, option: str = "QUARTER") -> None:
    """Refuse a quarter that has not begun on the day up to which its year was scored.

    Raises:
        OptionError: it has not begun.
    """
    if scores.units and len(scores.units[0].quarters) < quarter.number:
        raise OptionError(
            option,
            Message(
                "{period} has not begun on {through}",
                period=quarter,
                through=scores.town.through,
            ),
        )


def today() -> date:
    """Return today's date at the office (UTC+08:00)."""
    return datetime.now(OFFICE_TIME).date()


@dataclass(frozen=True, slots=True)
class Session:
    """An open ledger under its rulebook, with the loader that answers queries about it."""

    ledger: Ledger
    rulebook: Rulebook
    loader: Loader
    url: str | None = None
    """The URL that was given; the ledger's key is kept beside it."""

    def loader_of(self, query: ScoreOptions) -> Loader:
        """Return the loader that a query's options ask for: with the read model or without."""
        return self.loader if query.cached else self.loader.without_read_model()

    def at(self, as_of: int | datetime | None, option: str = "--as-of") -> int | None:
        """Return the position that an option means; None for now.

        Raises:
            OptionError: the position lies beyond the ledger's end.
        """
        try:
            return self.loader.position(as_of)
        except BeyondTheEndError as error:
            raise OptionError(option, message_of(error)) from None

    def scores(self, query: ScoreOptions, *, postings: bool = False) -> Scored:
        """Return the scores that options ask for.

        Args:
            query: what is asked for.
            postings: whether postings are needed, and not only their sums.

        Raises:
            OptionError: the position lies beyond the ledger's end.
        """
        unit = None if query.unit is None else self.unit_id(query.unit)
        known = replace(query, as_of=self.at(query.as_of), unit=unit)
        return self.loader_of(query).scores(known, postings=postings)

    def unit_id(self, named: str) -> str:
        """Return the id of a unit that a person named by its id or its name.

        Raises:
            OptionError: several units have the name.
        """
        from ledger.units import AmbiguousNameError, unit_id  # noqa: PLC0415 - only for one unit

        if self.ledger.entry_state(named, self.ledger.position()) is not None:
            return named
        try:
            return unit_id(self.loader.of_kinds(["unit"]), named)
        except AmbiguousNameError as error:
            raise OptionError("unit", message_of(error)) from None

    def quarter_query(self, quarter: Quarter, query: ScoreQuery) -> ScoreQuery:
        """Return a query for the year of a quarter, by default up to the quarter's last day."""
        year, number = quarter
        end = min(quarter_end(quarter_start(year, number)), self.loader.default_day(year))
        return replace(query, year=year, through=query.through or end)

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

    def unit(
        self, scores: YearScores, state: LedgerState, unit_id: str, *, provisional: bool
    ) -> UnitScore:
        """Return the score of a unit, by its present id or a replaced one.

        Raises:
            OptionError: no unit of that id counts; the message says why.
        """
        present_id = Effective(state, provisional=provisional).standing(unit_id)
        found = scores.unit(present_id or unit_id)
        if found is None:
            known = state.get(unit_id) or self.ledger.entry_state(unit_id, state.position)
            why = (
                Message("is not in this ledger; `tally score` shows its units")
                if known is None
                else Message("does not count")
            )
            if known is not None and known.entry.KIND != "unit":
                why = Message("is a {found}, not a unit", found=known.entry.KIND)
            elif known is not None and known.verified is None:
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

        def open_once() -> ReadModel | None:
            """Return the read model of a large ledger, opened on the first call.

            None for a small one, and once the ledger or the loader has given it up.
            """
            if store.position() <= read_model.SMALL:
                return None
            if not held:
                from ledger.read_model.read_model import open_read_model  # noqa: PLC0415

                held.append(open_read_model(url, store))
            model = held[0]
            return None if model is None or model.closed else model

        ledger = Ledger(store, rulebook, read_model=open_once)
        if ledger.kinds.own:
            from cli.language.chinese import learn  # noqa: PLC0415 - only for such a measure

            learn(ledger.kinds.words())
        try:
            yield Session(ledger, rulebook, Loader(ledger, rulebook, today(), open_once), url)
        finally:
            for one in held:
                if one is not None:
                    one.close()
    finally:
        store.close()
