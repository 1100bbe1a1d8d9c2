"""An entry or objection as a page shows it: content, status, events and links."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cli.output.measure_words import posting_name
from cli.output.times import office_minute, office_time
from cli.pages.views.page import Link, PageContext
from ledger.entries import Reversal
from ledger.message import Message
from ledger.vocabulary import OUTSIDE
from projections.effective import Effective
from projections.history import history

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.entries.base import Field as Declared
    from ledger.kinds import Kinds
    from ledger.returns import Returned

_NOT_DETAILS = {"position", "event", "at", "by", "content", "figures"}
"""Particulars of an event that have columns of their own or are shown elsewhere."""
_ENTRY_FIELDS = {"of", "replaces", "by_entry", "replaced_by", "objection", "entry"}
"""Particulars that are ids of entries; fields of an entry say of what kind they are."""


class Field(NamedTuple):
    """The label of a field and its values, some of them links."""

    label: str
    values: list[Link]


class EventRow(NamedTuple):
    """One event of an entry or objection."""

    position: int
    event: str
    at: str
    """The recorded time, UTC+08:00."""
    utc: str
    by: str
    details: list[Field]


class EntryHistory(NamedTuple):
    """An entry or objection with its content, status and events."""

    id: str
    kind: str
    link: Link
    status: str
    """The CSS class of the status."""
    status_text: str
    content: list[Field]
    events: list[EventRow]
    replaces: Link | None
    replaced_by: list[Link]
    followed_by: list[Link]


def entry_history(subject: str, context: PageContext) -> EntryHistory | None:
    """Return the history of an entry or objection; None if there is none in this state.

    Where one unit's results alone are shown, other units' objections are left out.
    """
    found = history(subject, context.data.state_of(subject))
    if found is None or found["kind"] in {"publication", "measure"}:
        return None
    kind = found["kind"]
    content = found["events"][0].get("content", {})
    kinds = context.data.kinds.under(content)
    status, status_text = _status(subject, context)
    return EntryHistory(
        subject,
        context.translate.kind(kinds, kind),
        context.entry_link(subject),
        status,
        status_text,
        [
            _field(kind, name, value, context, kinds)
            for name, value in content.items()
            if name not in {"kind", "id", "replaces"}
        ],
        [_event_row(event, context) for event in _shown(found["events"], context)],
        context.entry_link(found["replaces"]) if found.get("replaces") else None,
        [context.entry_link(other) for other in found.get("replaced_by", [])],
        [context.entry_link(other) for other in found.get("followed_by", [])],
    )


def _shown(events: list[dict[str, Any]], context: PageContext) -> list[dict[str, Any]]:
    """Return the events without other units' objections, where one unit alone is shown."""
    root = context.data.state.root
    others = {
        event["objection"]
        for event in events
        if event["event"] == "objected"
        and context.only is not None
        and root(event["unit"]) != root(context.only)
    }
    return [event for event in events if event.get("objection") not in others]


def _status(subject: str, context: PageContext) -> tuple[str, str]:
    """Return whether an entry counts, as a CSS class and in words."""
    state, translate = context.data.state_of(subject), context.translate
    known = state.get(subject)
    if known is None:
        decided = state.objections[subject].decided is not None
        text = translate.term("decided") if decided else translate("awaits a decision")
        return ("decided" if decided else "open"), text
    if Effective(state, provisional=context.data.provisional).taken_back(known):
        return "reversed", translate("taken back: does not count")
    if known.verified is None:
        words = Message("not verified yet")
        if known.sent_back is not None:
            words = returned_words(known.sent_back)
        elif context.data.provisional:
            words = Message("not verified yet: counted provisionally")
        return "unverified", translate(words)
    if known.reversed is not None:
        return "open", translate("counts until its reversal is verified")
    if isinstance(known.entry, Reversal):
        return "counts", translate.term("in_effect")
    return "counts", translate("verified: counts")


def returned_words(returned: Returned) -> Message:
    """Return what a page says of an entry that was sent back."""
    return Message("sent back by {by}: {reason}", by=returned.ref.by, reason=returned.reason)


def _event_row(event: dict[str, Any], context: PageContext) -> EventRow:
    details = [
        _field("", name, value, context, context.data.kinds)
        for name, value in event.items()
        if name not in _NOT_DETAILS and value is not None and value != []
    ]
    return EventRow(
        event["position"],
        context.translate.term(event["event"]),
        office_time(event["at"]),
        event["at"],
        event["by"],
        details,
    )


def _field(kind: str, name: str, value: Any, context: PageContext, kinds: Kinds) -> Field:
    declared = kinds.fields(kind).get(name) if kind in kinds else None
    label = context.translate.field(kinds, kind, name)
    values = value if isinstance(value, list) else [value]
    return Field(
        label, [link for one in values for link in _links(kind, name, one, declared, context)]
    )


def _links(
    kind: str, name: str, value: Any, declared: Declared | None, context: PageContext
) -> Iterator[Link]:
    """Yield a value, or one of a list, as text or as a link; a unit with its name.

    Args:
        kind: the kind of the entry; empty for a particular of an event.
        name: the field, or the particular.
        value: as JSON has it.
        declared: the field of the kind; None for a particular.
        context: of the page.
    """
    refers_to = None if declared is None else declared.refers_to
    if refers_to == "unit" or name == "unit":
        yield from _unit(value, context)
    elif (
        refers_to is not None
        or name in _ENTRY_FIELDS
        or (name == "to" and value in context.data.state.entries)
    ):
        yield context.entry_link(value)
    elif name == "to":
        yield Link(posting_name(value, context.data.measures, context.translate), None)
    elif name == "evidence":
        yield Link(f"{value['name']} (SHA-256 {value['sha256']})", None)
    elif isinstance(value, dict):
        for key, points in value.items():
            yield Link(f"{context.words.term(key)} {points}", None)
    else:
        yield Link(
            _text(kind, name, value, declared, context), None, chinese=name in {"name", "title"}
        )


def _text(kind: str, name: str, value: Any, declared: Declared | None, context: PageContext) -> str:
    """Return a value in words: times as the office writes them, codes by their words."""
    translate, form = context.translate, "" if declared is None else declared.form
    if kind == "unit" and name == "type":
        return context.words.unit_type(value)
    if name == "group" and form != "choice":
        return context.words.group(value)
    if declared is not None and form == "choice":
        return translate.choice(declared, value)
    if form == "moment" or name.endswith("_at"):
        return office_minute(value)
    if isinstance(value, bool) or name == "outcome":
        return translate.term(value)
    return str(value)


def _unit(unit_id: str, context: PageContext) -> Iterator[Link]:
    """Yield a unit's id with the link to its page, its name, and whether it is outside."""
    yield context.unit_link(unit_id)
    unit = context.data.unit_entry(unit_id)
    if unit is not None:
        yield Link(unit.name, None, chinese=True)
        if unit.type == OUTSIDE:
            yield Link(f"({context.words.unit_type(OUTSIDE)})", None)
