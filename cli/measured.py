"""Read from a ledger's measure what templates, helps and their examples need."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from cli.session import Session
    from ledger.kinds import Kinds
    from projections.measure import Measure


class LedgerMeasure(NamedTuple):
    """Measure, kinds and units of a ledger; without a ledger the program's own."""

    measure: Measure
    """Of the latest year, or of the one asked for."""
    year: int
    kinds: Kinds
    """Those of every year."""
    wanted: frozenset[str]
    """The kinds of entries that are recorded under the measures."""
    units: list[tuple[str, str]]
    """Ids and names."""

    @property
    def kinds_of_year(self) -> Kinds:
        """Return the kinds as the measure defines them."""
        return self.kinds.of_year(self.year)


def measure_of_ledger(url: str, year: int | None = None) -> LedgerMeasure:
    """Return what the measure of a ledger says, of the latest year or of a given one.

    Raises:
        TallyError: there is a ledger, and it cannot be read, or has no measure of the year.
    """
    from cli.session import session  # noqa: PLC0415 - not for --help of other commands
    from ledger.errors import NotALedgerError  # noqa: PLC0415

    try:
        with session(url) as opened:
            return measured_in(opened, year)
    except NotALedgerError:
        if year is not None:
            raise
        return built_in_measure()


def measured_in(opened: Session, year: int | None = None) -> LedgerMeasure:
    """Return what the measure of an open ledger says, of the latest year or of a given one.

    Raises:
        NoMeasureError: the given year has no measure in force.
    """
    from ledger.units import standing_units  # noqa: PLC0415 - as above
    from projections.adopted import Measures  # noqa: PLC0415

    state = opened.loader.of_kinds(["unit"])
    measures = Measures(state.adoptions)
    latest = opened.loader.latest_year() if year is None else year
    measure, _ = measures.of(latest, provisional=year is None and latest not in measures.years())
    units = standing_units(state)
    return LedgerMeasure(measure, latest, opened.ledger.kinds, measures.entry_kinds(), units)


def built_in_measure() -> LedgerMeasure:
    """Return what the program's own measure says, without units."""
    from ledger.kinds import BUILT_IN  # noqa: PLC0415 - as above
    from projections.measure import built_in  # noqa: PLC0415

    own = built_in()
    return LedgerMeasure(own, own.source.year, BUILT_IN, own.entry_kinds(), [])
