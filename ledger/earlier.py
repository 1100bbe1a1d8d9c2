"""Make the state at an earlier position from a later one, without reading its rows again."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from msgspec.structs import replace

from ledger.state import EntryState, LedgerState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ledger.adoptions import Adoption
    from ledger.asides import SetAside
    from ledger.editions import Edition
    from ledger.state import Objection

_Key = TypeVar("_Key")
_Stated = TypeVar("_Stated", "Edition", "Adoption", "SetAside")


def earlier(state: LedgerState, position: int) -> LedgerState:
    """Return a state as it was known at an earlier position.

    An entry to which nothing happened since is shared with the later state. Versions of editions,
    adoptions and settings aside stay those of the later state: nothing is appended to an earlier
    one. When its last event was recorded is for the caller to say (`LedgerState.end_at`).

    Args:
        state: a state that knows the position of everything that happened to its entries.
        position: of the last event that the earlier state knows.
    """
    entries = dict[str, EntryState]()
    for name, one in state.entries.items():
        if one.recorded.position > position:
            continue
        verified, taken_back, returned = one.verified, one.reversed, one.returned
        if verified is not None and verified.position > position:
            verified = None
        if taken_back is not None and taken_back.ref.position > position:
            taken_back = None
        if returned is not None and returned.ref.position > position:
            returned = None
        if (
            verified is not one.verified
            or taken_back is not one.reversed
            or returned is not one.returned
        ):
            happened = verified, taken_back, returned
            events = 1 + sum(what is not None for what in happened)
            entries[name] = EntryState(one.entry, one.recorded, events, *happened)
        else:
            entries[name] = one
    replacements = {
        key: known
        for key, names in state.replacements.items()
        if (known := [name for name in names if name in entries])
    }
    objections = {
        key: _undecided(one, position)
        for key, one in state.objections.items()
        if one.raised.position <= position
    }
    return LedgerState(
        entries,
        replacements,
        _stated(state.editions, position),
        objections,
        _stated(state.adoptions, position),
        _stated(state.asides, position),
        position,
    )


def _stated(known: Mapping[_Key, Iterable[_Stated]], position: int) -> dict[_Key, list[_Stated]]:
    """Return what the office had stated by a position, without what followed on it."""
    found = {
        key: [_then(one, position) for one in some if one.ref.position <= position]
        for key, some in known.items()
    }
    return {key: some for key, some in found.items() if some}


def _then(one: _Stated, position: int) -> _Stated:
    withdrawn = getattr(one, "withdrawn", None)
    if one.verified is not None and one.verified.position > position:
        one = replace(one, verified=None)
    if withdrawn is not None and withdrawn.ref.position > position:
        one = replace(one, withdrawn=None)
    return one


def _undecided(one: Objection, position: int) -> Objection:
    if one.decided is None or one.decided.position <= position:
        return one
    return replace(one, decided=None, decision=None)
