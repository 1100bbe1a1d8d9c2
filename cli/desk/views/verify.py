"""Verify what others recorded, after seeing it; or send it back with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.desk.edges import edges_of
from cli.desk.previewing import digest
from cli.desk.queue import (
    PER_PAGE,
    choices,
    entry_rows,
    may_verify,
    moves_of,
    other_rows,
    waiting_entries,
    waiting_state,
)
from cli.desk.views.correct import import_of
from cli.desk.views.record import message_lines
from cli.desk.work import VERIFIERS, Done, Work, address
from cli.pages.paging import page_of
from cli.pages.views.page import Page
from ledger.errors import EntriesRefusedError, Refusal, TallyError
from ledger.message import Message, Series
from projections.listing import EntryQuery

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from cli.desk.work import Desk, Given
    from ledger.receipts import Receipt
    from ledger.state import EntryState, LedgerState

_FILTERS = ("kind", "unit", "import", "recorder", "id")

_NAMED = 10
"""Ids that a notice names."""


def _filters(given: Given) -> dict[str, str]:
    """Return the filters of the queue that are set."""
    return {name: value for name in _FILTERS if (value := given.text(name))}


def _selected(desk: Desk, given: Given, state: LedgerState) -> list[EntryState]:
    """Return the entries that await verification and that the filters select.

    Raises:
        OptionError: a filter is malformed.
        EntriesRefusedError: there is no such import.
    """
    unit, ids = given.text("unit"), import_of(desk, given) or None
    if given.text("id"):
        ids = [given.text("id")]
    query = EntryQuery(
        kind=given.text("kind") or None,
        unit=desk.session.unit_id(unit) if unit else None,
        by=given.text("recorder") or None,
        ids=None if ids is None else frozenset(ids),
    )
    return waiting_entries(state, query)


def _show(desk: Desk, given: Given) -> Page:
    state, damaged = waiting_state(desk)
    filters = _filters(given)
    try:
        selected, wrong = _selected(desk, given, state), list[str]()
    except TallyError as error:
        selected, wrong = [], [desk.translate(one) for one in error.sentences()]
    paging = page_of(given.text("part"), len(selected), PER_PAGE)
    shown = selected[paging.first : paging.last]
    of_import = bool(given.text("import"))
    summed = may_verify(desk, selected if of_import else shown)
    kinds, recorders, units = choices(desk, state)
    together, changes = moves_of(desk, state, summed) if summed else (None, None)
    values: dict[str, Any] = {
        "entries": list(entry_rows(desk, state, shown)),
        "edges": edges_of(desk, shown),
        "others": [] if filters else list(other_rows(desk, state)),
        "count": len(selected),
        "part": str(paging.number),
        "paging": paging.links(desk.links, "verify", filters),
        "filters": filters,
        "kinds": kinds,
        "recorders": recorders,
        "units": units,
        "summed": summed,
        "together": together,
        "of_import": given.text("import"),
        "shown": _shown(summed, changes),
        "verifies": desk.role in VERIFIERS,
        "ticked": given.texts("ids"),
        "reason": given.text("reason"),
        "damaged": damaged,
        "message": [*wrong, *message_lines(desk, given, ())],
    }
    return Page("desk/verify.html", desk.translate("Verify"), values=values, current="verify")


def _shown(ids: Sequence[str], changes: object) -> str:
    """Return a digest of what the verification of all together was shown to move."""
    return digest(list(ids), changes)


def _act(desk: Desk, given: Given) -> Done:
    step, one = given.text("step"), given.text("one")
    back = address("/verify", **{k: v for k, v in _filters(given).items() if k != "id"})
    if one:
        return _verified(desk.ledger.verify([one], desk.by), back)
    if step == "all":
        return _verified(desk.ledger.verify(_summed(desk, given), desk.by, each=False), back)
    ids = given.texts("ids")
    if not ids:
        raise TallyError(Message("tick the entries first"))
    if step == "return":
        receipt = desk.ledger.send_back(ids, given.text("reason"), desk.by)
        words = Message("sent back: {entries}", entries=_some(ids))
        return Done(back, [words, *_remarks(receipt)])
    if step == "ticked":
        return _verified(desk.ledger.verify(ids, desk.by), back)
    # As by the enter key in the field of the reason.
    raise TallyError(Message("press the button for what is meant: verify, or send back"))


def _summed(desk: Desk, given: Given) -> list[str]:
    """Return the entries that the page has summed up: all that it shows, or those of an import.

    Raises:
        EntriesRefusedError: what they move is another sum now.
    """
    state, _ = waiting_state(desk)
    selected = _selected(desk, given, state)
    if not given.text("import"):
        paging = page_of(given.text("part"), len(selected), PER_PAGE)
        selected = selected[paging.first : paging.last]
    ids = may_verify(desk, selected)
    changes = moves_of(desk, state, ids)[1] if ids else None
    if _shown(ids, changes) != given.text("shown"):
        words = Message("the ledger moved, and what would change is no longer the same; look again")
        raise EntriesRefusedError([Refusal(words)])
    return ids


def _verified(receipt: Receipt, back: str) -> Done:
    words = [Message("verified {entries}", entries=_some(receipt.entries))]
    return Done(back, [*(words if receipt.verified else []), *_remarks(receipt)])


def _remarks(receipt: Receipt) -> list[Message]:
    return [one for one in receipt.remarks if isinstance(one, Message)]


def _some(ids: Collection[str]) -> Series:
    named = [*ids][:_NAMED]
    return Series([*named, *(["…"] if len(ids) > _NAMED else [])])


VERIFY = Work("/verify", _show, _act, actors=VERIFIERS)
