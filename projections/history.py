"""The whole life of an entry: what was recorded, verified and taken back, when and by whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.events import instant_text

if TYPE_CHECKING:
    from ledger.register import EntryLife, Mark, Register


def _event(mark: Mark, name: str, **more: Any) -> dict[str, Any]:
    return {
        "position": mark.position,
        "event": name,
        "at": instant_text(mark.at),
        "by": mark.by,
        **more,
    }


def history_json(life: EntryLife, register: Register) -> dict[str, Any]:
    """The contract's `history` of one entry, with what it replaces and what replaces it."""
    entry = life.entry
    events = [_event(life.recorded, "recorded", content=entry.content())]
    if life.verified is not None:
        events.append(_event(life.verified, "verified"))
    if life.reversed is not None:
        reversal = register.get(life.reversed.by_entry)
        verified = reversal is not None and reversal.verified is not None
        events.append(
            _event(
                life.reversed.mark,
                "reversed",
                by_entry=life.reversed.by_entry,
                reason=life.reversed.reason,
                in_effect=verified,
            )
        )
    events.sort(key=lambda event: event["position"])
    return {
        "id": entry.id,
        "kind": entry.KIND,
        "replaces": entry.replaces,
        "replaced_by": register.replacements.get(entry.id, []),
        "events": events,
    }
