"""Correct an entry, or take entries back, after seeing what that changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.desk.doubts import check_doubts, doubt_rows, without_doubts
from cli.desk.entry_form import PREFIX, content_of, controls, fields_of, texts_of, typed
from cli.desk.filters import whole_of
from cli.desk.offers import Offers
from cli.desk.settling import MOST_SHOWN, settle
from cli.desk.summary import content_rows
from cli.desk.views.record import message_lines
from cli.desk.work import RECORDERS, Done, Work, address
from cli.pages.query import MissingError
from cli.pages.views.page import Page
from ledger.corrections import correction_of, ids_after, reversals_of
from ledger.errors import EntriesRefusedError
from ledger.message import Message, Series, message_of
from ledger.positions import imported

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cli.desk.work import Desk, Given
    from ledger.doubts import Doubt
    from ledger.receipts import Receipt
    from ledger.state import EntryState, LedgerState
    from ledger.submissions import Submission

_FIXED = frozenset({"id", "replaces"})
"""Fields that a correction gives the replacement."""


def entry_to_change(desk: Desk, entry_id: str) -> tuple[EntryState, LedgerState]:
    """Return an entry with the state that has what it names.

    Raises:
        MissingError: there is none of that id.
    """
    state = desk.ledger.state_of([entry_id])
    known = state.get(entry_id)
    if known is None:
        raise MissingError(Message("{entry} is not in this ledger", entry=entry_id or "—"))
    return known, state


def _taken_back(desk: Desk, known: EntryState) -> str:
    """Return why an entry cannot be taken back any more; empty if it can."""
    if known.reversed is None:
        return ""
    by_entry = known.reversed.by_entry
    return desk.translate("It was taken back already by {by_entry}.", by_entry=by_entry)


def _show_correct(desk: Desk, given: Given) -> Page:
    entry_id = given.text("id")
    known, state = entry_to_change(desk, entry_id)
    kind, content = known.entry.KIND, known.entry.content()
    fields = fields_of(desk, kind, {})
    texts = typed(given, fields) if given.fields else texts_of(content, fields)
    wrong = without_doubts(given.refusals)
    found = controls(desk, kind, texts, Offers(desk), wrong)
    shown = [one for one in found if one.name not in _FIXED]
    names = [*(one.name for one in shown), "reason"]
    values: dict[str, Any] = {
        "id": entry_id,
        "controls": shown,
        "prefix": PREFIX,
        "reason": given.text("reason"),
        "reason_errors": [desk.translate(one.message) for one in wrong if one.field == "reason"],
        "taken_back": _taken_back(desk, known),
        "returned": getattr(known, "sent_back", None),
        "doubts": doubt_rows(desk, given),
        "message": message_lines(desk, given, names),
        "rows": content_rows(desk, known.entry, state),
    }
    title = desk.translate(
        "Correct {kind} {entry}", kind=desk.translate.kind(desk.kinds, kind), entry=entry_id
    )
    return Page("desk/correct.html", title, values=values)


def _act_correct(desk: Desk, given: Given) -> Done | Page:
    entry_id, reason = given.text("id"), given.text("reason")
    if given.text("step") == "edit":
        return _show_correct(desk, given)
    known, _ = entry_to_change(desk, entry_id)
    kind, before = known.entry.KIND, known.entry.content()
    fields = fields_of(desk, kind, {})
    after = content_of(desk, kind, typed(given, fields), Offers(desk))
    changes = {
        name: after.get(name)
        for name in fields
        if name not in _FIXED and after.get(name) != before.get(name)
    }
    about = ids_after(entry_id, None)

    def make(state: LedgerState) -> Sequence[Submission]:
        return correction_of(state, entry_id, changes, reason, None, desk.kinds)

    def try_out(doubts: frozenset[Doubt]) -> Receipt:
        return desk.ledger.record(make, desk.by, about=about, doubts=doubts, dry_run=True)

    check_doubts(given, try_out)
    settled = settle(desk, given, make, about)
    if isinstance(settled, dict):
        return _confirm(desk, settled, "correct", desk.translate("Correct it"))
    return _done(settled)


def _confirm(desk: Desk, settled: dict[str, Any], action: str, confirm: str) -> Page:
    title = desk.translate("Before it is recorded")
    return Page(
        "desk/confirm.html", title, values={**settled, "action": action, "confirm": confirm}
    )


def _done(receipt: Receipt) -> Done:
    words = Message(
        "recorded {entries}; to count, somebody else must verify what was recorded",
        entries=Series(receipt.entries[:MOST_SHOWN]),
    )
    remarks = [one for one in receipt.remarks if isinstance(one, Message)]
    return Done(address("/verify", **{"import": str(receipt.import_number)}), [words, *remarks])


def _named(desk: Desk, given: Given) -> list[str]:
    """Return the entry that is named, or what the import recorded that is named.

    Raises:
        OptionError: the import's number is malformed.
        EntriesRefusedError: there is no such import.
    """
    return import_of(desk, given) or [given.text("id")]


def import_of(desk: Desk, given: Given) -> list[str]:
    """Return the ids of what the import recorded that a page names; none if it names none.

    Raises:
        OptionError: its number is malformed.
        EntriesRefusedError: there is no such import.
    """
    number = whole_of(given, "import")
    return [] if number is None else imported(desk.ledger.store, number)


def _show_reverse(desk: Desk, given: Given) -> Page:
    number = given.text("import")
    try:
        ids = _named(desk, given)
    except EntriesRefusedError as error:
        raise MissingError(message_of(error)) from None
    state = desk.ledger.state_of(ids)
    if not number:
        entry_to_change(desk, ids[0])
    entries = [state.entries[one] for one in ids if one in state.entries]
    kinds = desk.kinds
    values: dict[str, Any] = {
        "id": "" if number else ids[0],
        "number": number,
        "count": len(entries),
        "entries": [
            (
                desk.translate.kind(kinds, one.entry.KIND),
                one.entry.id,
                content_rows(desk, one.entry, state),
                _taken_back(desk, one),
            )
            for one in entries[:MOST_SHOWN]
        ],
        "reason": given.text("reason"),
        "reason_errors": [
            desk.translate(one.message) for one in given.refusals if one.field == "reason"
        ],
        "message": message_lines(desk, given, ["reason"]),
    }
    title = (
        desk.translate("Take back import {number}", number=number)
        if number
        else desk.translate("Take back {entry}", entry=ids[0])
    )
    return Page("desk/reverse.html", title, values=values)


def _act_reverse(desk: Desk, given: Given) -> Done | Page:
    if given.text("step") == "edit":
        return _show_reverse(desk, given)
    ids, reason = _named(desk, given), given.text("reason")
    skip = bool(given.text("import"))

    def make(state: LedgerState) -> Sequence[Submission]:
        return reversals_of(state, ids, reason, skip_reversed=skip)

    about = [one for entry in ids for one in ids_after(entry, None)]
    settled = settle(desk, given, make, about)
    if isinstance(settled, dict):
        return _confirm(desk, settled, "reverse", desk.translate("Take back"))
    return _done(settled)


CORRECT = Work("/correct", _show_correct, _act_correct, RECORDERS, RECORDERS, takes_papers=True)
REVERSE = Work("/reverse", _show_reverse, _act_reverse, readers=RECORDERS, actors=RECORDERS)
