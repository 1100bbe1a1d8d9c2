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
    """Of the latest year."""
    year: int
    kinds: Kinds
    wanted: frozenset[str]
    """The kinds of entries that are recorded under the measures."""
    units: list[tuple[str, str]]
    """Ids and names."""


def measure_of_ledger(url: str) -> LedgerMeasure:
    """Return what the measure of a ledger says.

    Raises:
        TallyError: there is a ledger, and it cannot be read.
    """
    from cli.session import session  # noqa: PLC0415 - not for --help of other commands
    from ledger.errors import NotALedgerError  # noqa: PLC0415

    try:
        with session(url) as opened:
            return measured_in(opened)
    except NotALedgerError:
        return built_in_measure()


def measured_in(opened: Session) -> LedgerMeasure:
    """Return what the measure of an open ledger says."""
    from ledger.units import present_names  # noqa: PLC0415 - as above
    from projections.adopted import Measures  # noqa: PLC0415

    state, year = opened.loader.of_kinds(["unit"]), opened.loader.latest_year()
    names = present_names(state)
    units = sorted((one, name) for one, name in names.items() if state.root(one) == one)
    measure, _ = opened.loader.measure(state, year, provisional=True)
    wanted = Measures(state.adoptions).entry_kinds()
    return LedgerMeasure(measure, year, opened.ledger.kinds, wanted, units)


def built_in_measure() -> LedgerMeasure:
    """Return what the program's own measure says, without units."""
    from ledger.kinds import BUILT_IN  # noqa: PLC0415 - as above
    from projections.measure import built_in  # noqa: PLC0415

    own = built_in()
    return LedgerMeasure(own, own.source.year, BUILT_IN, own.entry_kinds(), [])
