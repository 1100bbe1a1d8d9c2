"""What awaits verification: entries with what each moves, adoptions, settings aside, bulletins."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from cli.desk.previewing import moves
from cli.desk.summary import content_rows, named_unit
from cli.output.times import office_minute
from cli.pages.formatting import sign_class, signed_points
from ledger import codec
from ledger.editions import published_periods
from ledger.errors import DamagedLedgerError, TallyError
from ledger.events import ADOPTION, PUBLICATION, EntryRecorded
from ledger.instants import instant_text
from ledger.positions import imported
from ledger.rules import verification_problem
from projections.listing import EntryQuery, listed
from projections.preview import MovedTotals, verification_preview

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from cli.desk.work import Desk
    from ledger.events import Event
    from ledger.returns import Returned
    from ledger.state import EntryState, EventRef, LedgerState
    from projections.preview import Preview

PER_PAGE: Final = 25

PATIENCE: Final = 4.0
"""Seconds after which a page computes no more of what its entries move one by one."""


class Moves(NamedTuple):
    """What a verification moves: points by unit, or why that is not known."""

    units: list[tuple[str, str, str]]
    """(unit, points, CSS class)"""
    others: bool
    """Whether anything else is known to change: ranks, flags, postings of 0 points."""
    failed: str
    """Why it cannot be computed."""


class WaitingEntry(NamedTuple):
    """An entry that awaits verification, as the queue shows it."""

    id: str
    kind: str
    rows: list[tuple[str, str]]
    papers: list[tuple[str, str | None]]
    """Name and address of each scanned paper that it rests on."""
    by: str
    at: str
    import_number: int
    import_size: int
    problem: str
    """Why this account may not verify it; empty if it may."""
    taken_back: str
    """The reversal that takes it back already; empty without one."""
    returned: Returned | None
    moves: Moves | None
    """None if there was no time to compute it."""


class WaitingOther(NamedTuple):
    """An adoption, a setting aside or an edition that awaits verification."""

    name: str
    words: str
    by: str
    at: str
    problem: str
    moves: Moves | None
    page: dict[str, str] | None
    """Parameters of the page of the edition, on which it is verified; None for others."""


def waiting_state(desk: Desk) -> tuple[LedgerState, str]:
    """Return the state of what awaits verification, and what is damaged if the rest cannot be read.

    Of a large ledger with very many unverified entries it has some.
    """
    try:
        editions = [PUBLICATION + one for one in published_periods(desk.ledger.store)]
        return desk.ledger.state_of([*desk.ledger.unverified(), *editions]), ""
    except DamagedLedgerError as error:
        return desk.ledger.asides.state(), "\n".join(map(desk.translate, error.sentences()))


def waiting_entries(state: LedgerState, query: EntryQuery) -> list[EntryState]:
    """Return the entries that nobody has verified and that a query selects, as recorded."""
    return [one.state for one in listed(state, query) if one.state.verified is None]


def moves_of(desk: Desk, state: LedgerState, ids: Sequence[str]) -> tuple[Moves, Preview | None]:
    """Return what the verification of some entries or adoptions moves, all together."""
    try:
        changes = verification_preview(desk.session.loader, state, ids, desk.now)
    except TallyError as error:
        return Moves([], False, "\n".join(map(desk.translate, error.sentences()))), None
    failed = "\n".join(desk.translate(why) for why in changes.failed.values())
    return Moves(moves(changes), any(changes.units.values()), failed), changes


def entry_rows(
    desk: Desk, state: LedgerState, entries: Sequence[EntryState]
) -> Iterator[WaitingEntry]:
    """Yield entries for a page, with what each moves as long as there is time."""
    end, size = monotonic() + PATIENCE, _import_sizes(desk)
    totals = MovedTotals(desk.session.loader, state, desk.now)
    for known in entries:
        entry, problem = known.entry, verification_problem(known, desk.by)
        number, others = size(known)
        found = _moves_alone(desk, state, totals, entry.id) if monotonic() < end else None
        yield WaitingEntry(
            entry.id,
            desk.translate.kind(desk.kinds, entry.KIND),
            content_rows(desk, entry, state),
            [(one.name, desk.links.to("paper", sha256=one.sha256)) for one in entry.evidence or ()],
            known.recorded.by,
            _when(known.recorded),
            number,
            others,
            "" if problem is None else desk.translate(problem),
            "" if known.reversed is None else known.reversed.by_entry,
            known.sent_back,
            found,
        )


def _moves_alone(desk: Desk, state: LedgerState, totals: MovedTotals, entry_id: str) -> Moves:
    """Return what the verification of one entry moves by itself."""
    try:
        found = totals.of(entry_id)
    except TallyError as error:
        return Moves([], False, "\n".join(map(desk.translate, error.sentences())))
    units = [
        (named_unit(unit, state), signed_points(points), sign_class(points))
        for unit, points in found.items()
    ]
    return Moves(units, False, "")


def _when(ref: EventRef) -> str:
    return office_minute(instant_text(ref.at))


def _import_sizes(desk: Desk) -> Callable[[EntryState], tuple[int, int]]:
    """Return a function that gives the number of an entry's import, and how many it recorded."""
    store, known = desk.ledger.store, dict[int, int]()

    def of(entry: EntryState) -> tuple[int, int]:
        position = entry.recorded.position
        (row,) = store.rows(position - 1, position)
        event: Event = codec.decode(row[3], row[4])
        number = event.import_number if isinstance(event, EntryRecorded) else None
        if number is None:
            return position, 1
        if number not in known:
            known[number] = len(imported(store, number))
        return number, known[number]

    return of


def other_rows(desk: Desk, state: LedgerState) -> Iterator[WaitingOther]:
    """Yield the adoptions, settings aside and editions that await verification."""
    translate = desk.translate
    for year, adoptions in state.adoptions.items():
        adoption = adoptions[-1]
        if adoption.awaits_verification:
            name = f"{ADOPTION}{year}"
            words = translate(
                "Adoption of the measure {measure} for {year}: {basis}",
                measure=adoption.event.measure,
                year=year,
                basis=adoption.event.basis,
            )
            found = moves_of(desk, state, [name])[0]
            yield _other(desk, name, words, adoption, found)
    for some in state.asides.values():
        if not some[-1].effective:
            words = translate(
                "Position {position} is damaged and would be passed over from now on: {reason}",
                position=some[-1].event.position,
                reason=some[-1].event.reason,
            )
            yield _other(desk, some[-1].name, words, some[-1], None)
    for period, editions in state.editions.items():
        edition = editions[-1]
        if edition.awaits_verification:
            words = translate(
                "Bulletin {period}, edition {number}: {count} {count:unit|units}",
                period=period,
                number=edition.number,
                count=len(edition.event.figures),
            )
            yield _other(
                desk,
                period,
                words,
                edition,
                None,
                {"period": period, "number": str(edition.number)},
            )


def _other(
    desk: Desk,
    name: str,
    words: str,
    known: Any,
    found: Moves | None,
    page: dict[str, str] | None = None,
) -> WaitingOther:
    problem = verification_problem(known, desk.by)
    why = "" if problem is None else desk.translate(problem)
    return WaitingOther(name, words, known.ref.by, _when(known.ref), why, found, page)


def choices(
    desk: Desk, state: LedgerState
) -> tuple[list[tuple[str, str]], list[str], list[tuple[str, str]]]:
    """Return the kinds, the recorders and the units of what awaits verification, for filters."""
    entries = waiting_entries(state, EntryQuery())
    kinds = dict.fromkeys(one.entry.KIND for one in entries)
    units = dict.fromkeys(one for known in entries if (one := _unit(known)) is not None)
    return (
        [(kind, desk.translate.kind(desk.kinds, kind)) for kind in kinds],
        sorted({one.recorded.by for one in entries}),
        [(unit, named_unit(unit, state)) for unit in sorted(units)],
    )


def _unit(known: EntryState) -> str | None:
    return getattr(known.entry, "unit", None)


def may_verify(desk: Desk, entries: Collection[EntryState]) -> list[str]:
    """Return the ids of the entries that the account may verify, without those sent back."""
    return [
        one.entry.id
        for one in entries
        if one.sent_back is None and verification_problem(one, desk.by) is None
    ]
