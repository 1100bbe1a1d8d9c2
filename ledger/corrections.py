"""Make compensating entries: a reversal, and the replacement of a mis-entered entry."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ledger.checks import ID_LENGTH
from ledger.errors import EntriesRefusedError, Refusal
from ledger.kinds import BUILT_IN, Kinds
from ledger.message import Message
from ledger.submissions import Submission, parse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.entries import Entry
    from ledger.state import EntryState, LedgerState


def _entry_state(state: LedgerState, entry_id: str) -> EntryState:
    entry_state = state.get(entry_id)
    if entry_state is None:
        raise EntriesRefusedError([Refusal(Message("is not in this ledger"), id=entry_id)])
    return entry_state


def free_id(state: LedgerState, entry_id: str, suffix: str) -> str:
    """Return the first id with a suffix that no entry or objection has: `B-7.R`, `B-7.R2`, `B-7.2`.

    Raises:
        EntriesRefusedError: the id would be longer than an id may be.
    """
    name, number = f"{entry_id}.{suffix}", int(suffix) if suffix.isdigit() else 1
    while state.get(name) is not None or name in state.objections:
        number += 1
        name = f"{entry_id}.{number if suffix.isdigit() else f'{suffix}{number}'}"
    if len(name) > ID_LENGTH:
        words = Message(
            "{name}, the next free id, would be over {most} characters; where the command has "
            "--id, name it yourself",
            name=name,
            most=ID_LENGTH,
        )
        raise EntriesRefusedError([Refusal(words, "id", entry_id)])
    return name


def ids_after(entry_id: str, named: str | None) -> list[str]:
    """Return the ids that a correction concerns: the entry's own, and those it may assign."""
    suffixes = ("R", "R2", "R3", "2", "3", "4", "5", "6", "7", "8", "9")
    return [entry_id, *(f"{entry_id}.{one}" for one in suffixes), *([named] if named else [])]


def _submission(content: dict[str, Any], kinds: Kinds = BUILT_IN) -> Submission:
    outcome = parse(
        json.dumps(content, ensure_ascii=False).encode(errors="surrogatepass"), kinds=kinds
    )
    if isinstance(outcome, Submission):
        return outcome
    raise EntriesRefusedError(outcome)


def reversal_of(
    state: LedgerState, entry_id: str, reason: str, reversal_id: str | None = None
) -> list[Submission]:
    """Return the reversal of an entry, under the id `B-7.R` unless `reversal_id` is given."""
    _entry_state(state, entry_id)
    name = reversal_id or free_id(state, entry_id, "R")
    return [_submission({"kind": "reversal", "id": name, "of": entry_id, "reason": reason})]


def reversals_of(
    state: LedgerState,
    ids: Sequence[str],
    reason: str,
    reversal_id: str | None = None,
    *,
    skip_reversed: bool = False,
) -> list[Submission]:
    """Return the reversals of entries.

    Args:
        state: the ledger's state.
        ids: the entries.
        reason: why they are taken back.
        reversal_id: the id of the reversal of one entry.
        skip_reversed: leave out reversals, and what was taken back before.

    Raises:
        EntriesRefusedError: an entry is unknown, or none is left.
    """
    found = list[Submission]()
    for entry_id in ids:
        known = _entry_state(state, entry_id)
        if not (skip_reversed and (known.reversed or known.entry.KIND == "reversal")):
            found += reversal_of(state, entry_id, reason, reversal_id)
    if not found:
        raise EntriesRefusedError([Refusal(Message("nothing of it is left to take back"))])
    return found


def correction_of(
    state: LedgerState,
    entry_id: str,
    changes: dict[str, Any],
    reason: str,
    replacement_id: str | None = None,
    kinds: Kinds = BUILT_IN,
) -> list[Submission]:
    """Return the reversal of an entry, and its replacement under the id `B-7.2`.

    Args:
        state: the ledger's state.
        entry_id: the entry to correct.
        changes: the correct values by field; None empties an optional field.
        reason: why it is corrected.
        replacement_id: the id of the replacement, if another than `B-7.2`.
        kinds: the kinds of the ledger.

    Raises:
        EntriesRefusedError: the entry is unknown, or the changes are not valid or change nothing.
    """
    entry = _entry_state(state, entry_id).entry
    fixed = sorted({"kind", "id", "replaces"} & changes.keys())
    if fixed:
        words = Message("cannot be changed with --set; record another entry")
        raise EntriesRefusedError([Refusal(words, name, entry_id) for name in fixed])
    content = {**entry.content(), **changes}
    content = {name: value for name, value in content.items() if value is not None}
    content["id"] = replacement_id or free_id(state, entry_id, "2")
    content["replaces"] = entry_id
    replacement = _submission(content, kinds)
    if _content_to_compare(entry) == _content_to_compare(replacement.entry):
        words = Message("would not change; there is nothing to correct")
        raise EntriesRefusedError([Refusal(words, id=entry_id)])
    named = None
    if replacement_id is not None and len(f"{entry_id}.R") > ID_LENGTH:
        # The entry's id leaves no room for a suffix: name the reversal after the replacement.
        named = free_id(state, replacement_id, "R")
    return [*reversal_of(state, entry_id, reason, named), replacement]


def _content_to_compare(entry: Entry) -> dict[str, Any]:
    """Return the content of an entry without the fields that always differ in a replacement."""
    return {**entry.content(), "id": None, "replaces": None}
