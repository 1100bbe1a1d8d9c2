"""The history of an entry, objection, publication or measure: its events in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.entries import Reversal
from ledger.entries.base import units_of
from ledger.events import ADOPTION
from ledger.instants import instant_text
from projections.adopted import Measures
from projections.effective import Effective
from projections.occurrence import assessed_on, year_of_entry

if TYPE_CHECKING:
    from ledger.adoptions import Adoption
    from ledger.asides import SetAside
    from ledger.editions import Edition
    from ledger.entries import Entry
    from ledger.state import EntryState, EventRef, LedgerState, Objection


def _event(ref: EventRef, name: str, **more: Any) -> dict[str, Any]:
    return {
        "position": ref.position,
        "event": name,
        "at": instant_text(ref.at),
        "by": ref.by,
        **more,
    }


def entry_history(entry_state: EntryState, state: LedgerState) -> dict[str, Any]:
    """Return the contract's `history` of one entry, with replacements and objections."""
    entry = entry_state.entry
    events = [_event(entry_state.recorded, "recorded", content=entry.content())]
    if entry_state.returned is not None:
        returned = entry_state.returned
        events.append(_event(returned.ref, "returned", reason=returned.reason))
    if entry_state.verified is not None:
        events.append(_event(entry_state.verified, "verified"))
    if entry_state.reversed is not None:
        reversal = state.get(entry_state.reversed.by_entry)
        events.append(
            _event(
                entry_state.reversed.ref,
                "reversed",
                by_entry=entry_state.reversed.by_entry,
                reason=entry_state.reversed.reason,
                in_effect=reversal is not None and reversal.verified is not None,
            )
        )
    for objection in state.objections.values():
        if objection.event.entry == entry.id:
            events.extend(_objection_events(objection))
    return {
        "id": entry.id,
        "kind": entry.KIND,
        "replaces": entry.replaces,
        "replaced_by": state.replacements.get(entry.id, []),
        "events": _in_order(events),
    }


def _objection_events(objection: Objection) -> list[dict[str, Any]]:
    event = objection.event
    posting = None if event.entry is not None else f"{event.period}:{event.clause}"
    events = [
        _event(
            objection.raised,
            "objected",
            objection=objection.id,
            unit=event.unit,
            to=event.entry or posting,
            reason=event.reason,
        )
    ]
    if objection.decided is not None and objection.decision is not None:
        decision = objection.decision
        details = {
            "objection": objection.id,
            "outcome": decision.outcome,
            "reason": decision.reason,
        }
        events.append(_event(objection.decided, "decided", **details))
    return events


def objection_history(objection: Objection, state: LedgerState) -> dict[str, Any]:
    """Return an objection, the decision, and the later corrections of its subject."""
    events = _objection_events(objection)
    followed: list[str] = []
    for entry_state in state.entries.values():
        reversal = entry_state.reversed
        if (
            reversal is not None
            and reversal.ref.position > objection.raised.position
            and _is_subject(entry_state, objection, state)
        ):
            replacements = state.replacements.get(entry_state.entry.id, [])
            followed += [reversal.by_entry, *replacements]
            details = {
                "by_entry": reversal.by_entry,
                "replaced_by": replacements,
                "reason": reversal.reason,
            }
            events.append(_event(reversal.ref, "reversed", entry=entry_state.entry.id, **details))
    return {
        "id": objection.id,
        "kind": "objection",
        "followed_by": followed,
        "events": _in_order(events),
    }


def is_followed(objection: Objection, state: LedgerState) -> bool:
    """Return whether what an objection is to was taken back or recorded anew since it was raised.

    Args:
        objection: the objection.
        state: what its history needs (`Loader.history`).
    """
    raised = objection.raised.position
    return any(
        _is_subject(one, objection, state)
        and (
            one.recorded.position > raised
            or (one.reversed is not None and one.reversed.ref.position > raised)
        )
        for one in state.entries.values()
    )


def _is_subject(entry_state: EntryState, objection: Objection, state: LedgerState) -> bool:
    """Return whether an objection is to an entry or a posting that it can affect."""
    event, entry = objection.event, entry_state.entry
    if event.entry is not None:
        return state.root(entry.id) == state.root(event.entry)
    units = {state.root(unit) for unit in units_of(entry)}
    return (
        not isinstance(entry, Reversal)
        and state.root(event.unit) in units
        and event.clause in _clauses_of(entry, state)
        and event.period in _periods_of(entry, state)
    )


def _periods_of(entry: Entry, state: LedgerState) -> set[str]:
    """Return the names of the year and of the quarter that an entry belongs to."""
    effective = Effective(state, provisional=True)
    measures = Measures(state.adoptions, provisional=True)
    year = year_of_entry(entry, state, effective, measures)
    day = assessed_on(entry, state, effective, measures)
    if year is None:
        return set()
    calendar = measures.of(year, provisional=True).measure.calendar
    number = None if day is None else calendar.period_of(day)
    return {str(year)} | (set() if number is None else {calendar.period(year, number).name})


def _clauses_of(entry: Entry, state: LedgerState) -> tuple[str, ...]:
    """Return the slugs of the clauses that read an entry, of whatever year's measure."""
    measures = Measures(state.adoptions)
    all_of = (measures.of(year, provisional=True) for year in measures.years(provisional=True))
    return tuple(slug for one in all_of for slug in one.measure.clauses_of(entry))


def publication_history(period: str, editions: list[Edition]) -> dict[str, Any]:
    """Return a period's editions, each with its verification and withdrawal."""
    events = []
    for edition in editions:
        number = edition.number
        details = {
            "replaces": replaced_number(edition, editions),
            "shows_position": edition.event.position,
            "through": edition.event.through.isoformat(),
            "reason": edition.event.reason,
            "figures": list(edition.event.figures),
        }
        events.append(_event(edition.ref, "published", edition=number, **details))
        if edition.verified is not None:
            events.append(_event(edition.verified, "verified", edition=number))
        if edition.withdrawn is not None:
            ref, reason = edition.withdrawn
            events.append(_event(ref, "withdrawn", edition=number, reason=reason))
    return {"id": period, "kind": "publication", "events": _in_order(events)}


def replaced_number(edition: Edition, editions: list[Edition]) -> int | None:
    """Return the number of the edition that one replaced: the last not withdrawn by then."""
    earlier = (
        one.number
        for one in editions[: edition.number - 1]
        if one.withdrawn is None or one.withdrawn.ref.position > edition.ref.position
    )
    return max(earlier, default=None)


def adoption_history(year: int, adoptions: list[Adoption]) -> dict[str, Any]:
    """Return the adoptions of a year's measure, each with its verification."""
    events = []
    for one in adoptions:
        event = one.event
        details = {
            "measure": event.measure,
            "sha256": event.sha256,
            "basis": event.basis,
            "founding": event.founding,
            "files": event.content,
        }
        events.append(_event(one.ref, "adopted", **details))
        if one.verified is not None:
            events.append(_event(one.verified, "verified"))
        if one.withdrawn is not None:
            events.append(_event(one.withdrawn.ref, "withdrawn", reason=one.withdrawn.reason))
    return {"id": f"{ADOPTION}{year}", "kind": "measure", "events": _in_order(events)}


def aside_history(some: list[SetAside]) -> dict[str, Any]:
    """Return what set a damaged position aside, with its verification."""
    events = []
    for one in some:
        details = {"row": one.event.position, "sha256": one.event.sha256}
        events.append(_event(one.ref, "set_aside", reason=one.event.reason, **details))
        if one.verified is not None:
            events.append(_event(one.verified, "verified"))
    return {"id": some[0].name, "kind": "set_aside", "events": _in_order(events)}


def _in_order(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(events, key=lambda event: event["position"])


def history(subject: str, state: LedgerState) -> dict[str, Any] | None:
    """Return the history of an entry, objection, quarter, measure or damaged position, if any."""
    entry_state = state.get(subject)
    if entry_state is not None:
        return entry_history(entry_state, state)
    objection = state.objections.get(subject)
    if objection is not None:
        return objection_history(objection, state)
    for year, adoptions in state.adoptions.items():
        if subject == f"{ADOPTION}{year}":
            return adoption_history(year, adoptions)
    for some in state.asides.values():
        if subject == some[0].name:
            return aside_history(some)
    editions = state.editions.get(subject)
    return None if editions is None else publication_history(subject, editions)
