"""An entry or objection as a page shows it: content, status, events and links."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cli.pages.formatting import office_minute, office_time
from cli.pages.views.page import Link, PageContext
from ledger.entries import Reversal
from ledger.message import Message
from projections.effective import Effective
from projections.history import history

if TYPE_CHECKING:
    from collections.abc import Iterator

_NOT_DETAILS = {"position", "event", "at", "by", "content", "figures"}
"""Particulars of an event that have columns of their own or are shown elsewhere."""
_ENTRY_FIELDS = {
    *("replaces", "of", "by_entry", "replaced_by", "objection", "entry", "batch", "case"),
}
_UNIT_FIELDS = {"unit", "host_unit"}
_CODED_FIELDS = {"level", "type", "arrival", "issuer", "urgency", "outcome"}


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
    """Return the history of an entry or objection; None if there is none in this state."""
    found = history(subject, context.data.state_of(subject))
    if found is None or found["kind"] == "publication":
        return None
    kind = found["kind"]
    content = found["events"][0].get("content", {})
    status, status_text = _status(subject, context)
    return EntryHistory(
        subject,
        context.translate.term(kind),
        context.entry_link(subject),
        status,
        status_text,
        [
            _field(kind, name, value, context)
            for name, value in content.items()
            if name not in {"kind", "id", "replaces"}
        ],
        [_event_row(event, context) for event in found["events"]],
        context.entry_link(found["replaces"]) if found.get("replaces") else None,
        [context.entry_link(other) for other in found.get("replaced_by", [])],
        [context.entry_link(other) for other in found.get("followed_by", [])],
    )


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
        provisional = Message("not verified yet: counted provisionally")
        counts = context.data.provisional
        return "unverified", translate(provisional if counts else Message("not verified yet"))
    if known.reversed is not None:
        return "open", translate("counts until its reversal is verified")
    if isinstance(known.entry, Reversal):
        return "counts", translate.term("in_effect")
    return "counts", translate("verified: counts")


def _event_row(event: dict[str, Any], context: PageContext) -> EventRow:
    details = [
        _field("", name, value, context)
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


def _field(kind: str, name: str, value: Any, context: PageContext) -> Field:
    return Field(context.translate.field(kind, name), list(_values(name, value, context)))


def _values(name: str, value: Any, context: PageContext) -> Iterator[Link]:
    if isinstance(value, list):
        for one in value:
            yield context.unit_link(one) if name == "units" else next(_values(name, one, context))
    elif name in _UNIT_FIELDS:
        score = context.data.by_unit.get(context.data.scored_unit_id(value) or "")
        yield context.unit_link(value)
        if score is not None:
            yield Link(score.name, None, chinese=True)
    elif name in _ENTRY_FIELDS or (
        name in {"notice", "to"} and value in context.data.state.entries
    ):
        yield context.entry_link(value)
    elif name.endswith("_at"):
        yield Link(office_minute(value), None)
    elif name in _CODED_FIELDS or isinstance(value, bool):
        yield Link(context.translate.term(value), None)
    else:
        yield Link(str(value), None, chinese=name in {"name", "title"})
