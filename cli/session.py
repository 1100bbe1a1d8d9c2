"""An open ledger, and the readings of it that commands ask for."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager, suppress
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from cli.options import OptionError, trusts_clock
from ledger import read_model
from ledger.application import Ledger
from ledger.entries import Unit
from ledger.errors import DamagedLedgerError
from ledger.message import Message, Series, message_of
from ledger.positions import recorded_at
from ledger.state import adopted
from ledger.stores import open_store
from ledger.vocabulary import OFFICE_TIME, OUTSIDE
from projections.adopted import Measures
from projections.loader import BeyondTheEndError, Loader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cli.options import ScoreOptions
    from cli.parameters.times import Period
    from ledger.account_proofs import AccountKey
    from ledger.accounts import AccountState
    from ledger.integrity.head import KeptHead
    from ledger.read_model.read_model import ReadModel
    from ledger.state import LedgerState
    from projections.measure import Measure
    from projections.query import ScoreQuery
    from projections.scores import UnitScore, YearScores


def check_begun(number: int | None, scores: YearScores) -> None:
    """Refuse a period or year that has not begun on the day up to which its year was scored.

    Raises:
        OptionError: it has not begun.
    """
    town = scores.town
    period = None if number is None else town.calendar.period(town.year, number)
    name, first = (str(town.year), town.first) if period is None else (period.name, period.first)
    if first > town.through:
        words = Message("{period} has not begun on {through}", period=name, through=town.through)
        raise OptionError("PERIOD", words)


def check_units(scores: YearScores) -> None:
    """Refuse the figures of a town without a unit that counts.

    Raises:
        OptionError: no unit counts.
    """
    if not scores.units:
        words = Message("no unit counts as of position {position}", position=scores.position)
        raise OptionError("PERIOD", words)


def number_of(period: Period, measure: Measure, option: str = "PERIOD") -> int | None:
    """Return the number of a period in its year; None for the year itself.

    Raises:
        OptionError: the measure has no such period; the message lists those of the year.
    """
    if not period.key:
        return None
    found = measure.calendar.named(str(period))
    if found is None:
        names = [one.name for one in measure.calendar.periods(period.year)]
        words = Message(
            "{period} is not a period of the measure; one of {known}",
            period=str(period),
            known=Series([str(period.year), *names]),
        )
        raise OptionError(option, words)
    return found[1]


def today() -> date:
    """Return today's date at the office (UTC+08:00)."""
    return datetime.now(OFFICE_TIME).date()


def names_of(state: LedgerState) -> dict[str, str]:
    """Return the names of the units of a state by first id; of a renamed unit its present name."""
    return {
        state.root(one.entry.id): one.entry.name
        for one in state.entries.values()
        if isinstance(one.entry, Unit)
    }


class Session(Struct, frozen=True):
    """An open ledger, with the loader that answers queries about it."""

    ledger: Ledger
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

    def resolved(self, query: ScoreOptions) -> ScoreOptions:
        """Return options with the position of a time, and the id of a unit that is named.

        Raises:
            OptionError: the position lies beyond the ledger's end, or several units have the name.
        """
        to = self.at(query.as_of)
        unit = None if query.unit is None else self.unit_id(query.unit, to)
        return replace(query, as_of=to, unit=unit)

    def adopted(self, to: int | None = None) -> LedgerState:
        """Return the state of the adoptions alone; None for now."""
        return adopted(self.ledger.store, self.ledger.position() if to is None else to)

    def unit_id(self, named: str, as_of: int | datetime | None = None) -> str:
        """Return the id of a unit that a person named by its id or its name; else the text.

        Raises:
            OptionError: several units have the name.
        """
        from ledger.units import AmbiguousNameError, unit_id  # noqa: PLC0415 - only for one unit

        try:
            return unit_id(self.loader.of_kinds(("unit",), self.at(as_of)), named)
        except AmbiguousNameError as error:
            raise OptionError("unit", message_of(error)) from None

    def unit_names(self, as_of: int | datetime | None = None) -> dict[str, str]:
        """Return the names of units by first id; of a renamed unit its present name."""
        return names_of(self.loader.of_kinds(("unit",), self.at(as_of)))

    def period_name(self, period: Period) -> str:
        """Return the name that the measure of its year gives a period.

        Raises:
            OptionError: the measure has no such period.
            NoMeasureError: the year has no measure in force.
        """
        measure = self.loader.measure(self.adopted(), period.year).measure
        return measure.calendar.name_of(period.year, number_of(period, measure))

    def period_query(self, period: Period, query: ScoreQuery) -> tuple[ScoreQuery, int | None]:
        """Return a query for a period's year, and the period's number; None for the year.

        The day is by default the one on which a bulletin is made: today, or with `--as-of` the day
        of the last event that was known.

        Raises:
            OptionError: the measure has no such period, or the day has not come.
            NoMeasureError: the year has no measure in force.
        """
        if query.through is not None and query.through > today():
            words = Message(
                "{through} has not come; bulletins and slips are through today, {today}, at the "
                "latest",
                through=query.through,
                today=today(),
            )
            raise OptionError("--through", words)
        to = self.at(query.as_of)
        measure, _ = self.loader.measure(
            self.adopted(to), period.year, provisional=query.provisional
        )
        number = number_of(period, measure)
        made_on = query.through or self._made_on(query.as_of, to)
        return replace(query, year=period.year, through=made_on, as_of=to), number

    def _made_on(self, as_of: int | datetime | None, to: int | None) -> date:
        """Return the day on which a bulletin is made that shows what was known then."""
        if isinstance(as_of, datetime):
            return min(as_of.astimezone(OFFICE_TIME).date(), today())
        return recorded_at(self.ledger.store, to).astimezone(OFFICE_TIME).date() if to else today()

    def remark_not_assessed(self, scores: YearScores, state: LedgerState) -> bool:
        """Remark on recorded units of types that the measure does not declare: it scores none.

        Returns:
            whether there are any.
        """
        from cli.output import remark  # noqa: PLC0415 - only for scores

        measure = scores.town.measure
        declared = Measures(state.adoptions).unit_types()
        if set(declared) <= set(measure.unit_types()):
            # As in most ledgers: no unit of another type could be recorded.
            return False
        recorded = self.loader.of_kinds(("unit",), scores.position).entries.values()
        units = [one.entry for one in recorded if one.reversed is None]
        types = Counter(
            one.type
            for one in units
            if isinstance(one, Unit) and one.is_assessed(scores.town.first, scores.town.last)
        )
        for name in (*measure.unit_types(), OUTSIDE):
            types.pop(name, None)
        if types:
            remark(
                "{measure} does not assess units of the type {types}; {number} left out",
                measure=measure.id,
                types=Series(types),
                number=sum(types.values()),
            )
        return bool(types)

    def remark_set_aside(self, to: int | None = None) -> dict[str, Any]:
        """Remark on the positions that were set aside as of a position, by now by default.

        Returns:
            what the JSON says of them; nothing if there are none.
        """
        from cli.output import remark  # noqa: PLC0415 - only for what reads entries

        found = self.ledger.asides.in_force(to)
        for one in found:
            remark(one.sentence())
        return {"set_aside": [one.as_json() for one in found]} if found else {}

    def subject(self, named: str) -> str:
        """Return the subject of an objection: an entry's id, or a posting as `2016Q2:screening`.

        Args:
            named: the id, or the posting with its period in any case.

        Raises:
            OptionError: the measure has no such period or clause.
            NoMeasureError: the year has no measure in force.
        """
        from cli.parameters.times import PERIOD  # noqa: PLC0415 - only for objections

        text, colon, clause = named.partition(":")
        if not colon:
            return named
        period = PERIOD.convert(text, None, None)
        clauses = self.loader.measure(self.adopted(), period.year).measure.clauses
        if clause not in clauses:
            known = Series(clauses)
            raise OptionError(
                "POSTING",
                Message("no clause {clause!r}; one of {known}", clause=clause, known=known),
            )
        return f"{self.period_name(period)}:{clause}"

    def checkpoint(self) -> str | None:
        """Return a signed checkpoint of the ledger, or None without a key to sign with."""
        from ledger.integrity.checkpoint import checkpoint_text  # noqa: PLC0415 - for publish
        from ledger.integrity.keys import find_key  # noqa: PLC0415

        key = None if self.url is None else find_key(self.url)
        return None if key is None else checkpoint_text(self.ledger.store, key, measure_at=Measures)

    def unit(self, scores: YearScores, state: LedgerState, unit_id: str) -> UnitScore:
        """Return the score of a unit, by its present id or a replaced one.

        Raises:
            OptionError: no unit of that id counts; the message says why.
        """
        found = scores.unit(state.root(unit_id))
        if found is None:
            known = state.get(unit_id) or self.ledger.entry_state(unit_id, state.position)
            unit_type = getattr(None if known is None else known.entry, "type", None)
            why = (
                Message("is not in this ledger; `tally score` shows its units")
                if known is None
                else Message("does not count")
            )
            if known is not None and known.entry.KIND != "unit":
                why = Message("is of kind {found}, not a unit", found=known.entry.KIND)
            elif unit_type == OUTSIDE:
                why = Message("is an outside unit: it is never scored")
            elif known is not None and unit_type not in scores.town.measure.unit_types():
                why = Message(
                    "is of type {type}, which the measure {measure} does not assess",
                    type=unit_type,
                    measure=scores.town.measure.id,
                )
            elif known is not None and known.reversed is not None:
                why = Message(
                    "was taken back by {by_entry}: it does not count",
                    by_entry=known.reversed.by_entry,
                )
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


def _unlocked(url: str, account: AccountState) -> AccountKey:
    from cli.unlocking import unlocked  # noqa: PLC0415 - only for ledgers with accounts

    return unlocked(url, account)


@contextmanager
def session(url: str) -> Iterator[Session]:
    """Open the ledger at a URL; close it at the end."""
    store = open_store(url)
    try:
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

        def head() -> KeptHead | None:
            from ledger.integrity.head import KeptHead  # noqa: PLC0415 - only to append

            return KeptHead.of(url)

        ledger = Ledger(
            store,
            Measures,
            read_model=open_once,
            trust_clock=trusts_clock(),
            head=head,
            unlock=partial(_unlocked, url),
        )
        # A damaged adoption stops what needs it, and not those who set it aside.
        with suppress(DamagedLedgerError):
            if ledger.kinds.own:
                from cli.language.chinese import learn  # noqa: PLC0415 - only for such a measure

                learn(ledger.kinds.words())
        try:
            yield Session(ledger, Loader(ledger, today, open_once), url)
        finally:
            for one in held:
                if one is not None:
                    one.close()
    finally:
        store.close()
